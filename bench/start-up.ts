/** How long the command line takes before and around the work itself. */
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { benchFolder, type Program, runProgram, tally } from "./kit/processes.ts";
import type { Options, Section } from "./kit/report.ts";
import { digits, interleaved, shown } from "./kit/statistics.ts";

const node = process.execPath;
const empty: Program = { command: node, args: [`${benchFolder}peers/empty.mjs`] };
const programs: Readonly<Record<string, Program>> = {
  "empty Node program": empty,
  "tally --version": { command: node, args: [tally, "--version"] },
  "tally --help": { command: node, args: [tally, "--help"] },
  "tally test, one test, TypeScript connector": { command: node, args: [tally, "test"], cwd: `${benchFolder}one` },
};

export async function run({ quick }: Options): Promise<readonly Section[]> {
  const measured = await interleaved(
    quick ? 7 : 21,
    Object.fromEntries(
      Object.entries(programs).map(([name, program]) => [name, async () => (await runProgram(program)).ms]),
    ),
  );
  const base = measured["empty Node program"]?.median ?? Number.NaN;
  const ratio = (name: string): number => (measured[name]?.median ?? Number.NaN) / base;
  return [
    {
      title: "Start-up",
      method: `Whole processes, in ms: median (min–max) of ${quick ? 7 : 21}, interleaved; the compile cache is warm.`,
      columns: ["program", "ms", "× empty"],
      rows: Object.entries(measured).map(([name, spread]) => [name, shown(spread), digits(spread.median / base)]),
      targets: [
        {
          what: "`tally --version` / empty Node program",
          measured: ratio("tally --version"),
          target: 2,
          bound: "most",
        },
        { what: "`tally --help` / empty Node program", measured: ratio("tally --help"), target: 2, bound: "most" },
        {
          what: "`tally test` of one test on a TypeScript connector / empty Node program",
          measured: ratio("tally test, one test, TypeScript connector"),
          target: 5,
          bound: "most",
        },
      ],
    },
    await shares(quick ? 5 : 11),
  ];
}

/** What each file that a process of `tally test` begins with costs over an empty program. */
async function shares(rounds: number): Promise<Section> {
  const imports: Record<string, Program> = {
    nothing: evaluated(""),
    "node:child_process": evaluated('process.getBuiltinModule("node:child_process")'),
    "node:crypto": evaluated('process.getBuiltinModule("node:crypto")'),
    "node:net": evaluated('process.getBuiltinModule("node:net")'),
    "dist/index.js (what test files import)": evaluated(
      `await import(${JSON.stringify(new URL("../dist/index.js", import.meta.url).href)})`,
    ),
    "dist/connector-face.js (what connectors import)": evaluated(
      `await import(${JSON.stringify(new URL("../dist/connector-face.js", import.meta.url).href)})`,
    ),
    "the chunk of `tally test`": evaluated(`await import(${JSON.stringify(chunkOf("test-command"))})`),
    "the chunk of a run (suite, comparison)": evaluated(`await import(${JSON.stringify(chunkOf("run-once"))})`),
    "the chunk of undici's pool": evaluated(`await import(${JSON.stringify(chunkOf("pool"))})`),
  };
  const measured = await interleaved(
    rounds,
    Object.fromEntries(
      Object.entries(imports).map(([name, program]) => [name, async () => (await runProgram(program)).ms]),
    ),
  );
  const base = measured["nothing"]?.median ?? 0;
  return {
    title: "The share of every import",
    method:
      "Whole processes that import one thing, compile cache warm, in ms; the last column is what the import adds.",
    columns: ["import", "ms", "adds"],
    rows: Object.entries(measured).map(([name, spread]) => [name, shown(spread), digits(spread.median - base)]),
    targets: [],
  };
}

function evaluated(code: string): Program {
  const warm = `process.getBuiltinModule("node:module").enableCompileCache(${JSON.stringify(`${benchFolder}.work/compiled`)});`;
  return { command: node, args: ["--input-type=module", "-e", `${warm}${code}`] };
}

function chunkOf(name: string): string {
  const folder = fileURLToPath(new URL("../dist/chunks", import.meta.url));
  const found = readdirSync(folder).find((file) => file.startsWith(`${name}-`));
  return `file://${folder}/${found ?? `${name}.js`}`;
}
