/** Tests against an endpoint in Node, start-up apart, beside a bare client that sends the same records. */
import { benchFolder, type Program, runProgram, startServer, tally } from "./kit/processes.ts";
import type { Options, Section, Target } from "./kit/report.ts";
import { digits, interleaved, shown, type Spread } from "./kit/statistics.ts";

const cwd = `${benchFolder}endpoint`;
const few = 1_000;
const many = 10_000;
const listed = 100_000;

export async function run({ quick }: Options): Promise<readonly Section[]> {
  const server = await startServer((port) => ({
    command: process.execPath,
    args: [`${benchFolder}peers/node-endpoint.ts`, String(port)],
  }));
  try {
    const test = (file: string): Program => ({
      command: process.execPath,
      args: [tally, "test", "--endpoint", server.url, `${file}.test.ts`],
      cwd,
    });
    const tallied = (file: string) => async (): Promise<number> => (await runProgram(test(file))).ms;
    const client = (count: number) => async (): Promise<number> => {
      const args = [`${benchFolder}peers/undici-client.ts`, server.url, String(count)];
      return Number((await runProgram({ command: process.execPath, args })).stdout);
    };
    const spreads = await interleaved(quick ? 3 : 9, {
      one: tallied("tests-1"),
      few: tallied(`tests-${few}`),
      many: tallied(`tests-${many}`),
      listed: tallied(`lists-${listed}`),
      bareFew: client(few),
      bareMany: client(many),
      bareListed: client(listed),
    });
    return [section(spreads)];
  } finally {
    await server.stop();
  }
}

function section(spreads: Readonly<Record<string, Spread>>): Section {
  const of = (name: string): Spread => spreads[name] ?? { median: Number.NaN, min: Number.NaN, max: Number.NaN };
  const cases = [
    { name: "few", bare: "bareFew", what: `${few.toLocaleString("en-US")} tests of one record` },
    { name: "many", bare: "bareMany", what: `${many.toLocaleString("en-US")} tests of one record` },
    { name: "listed", bare: "bareListed", what: `${listed.toLocaleString("en-US")} records in lists, one test` },
  ];
  const ratio = (name: string, bare: string): number => (of(name).median - of("one").median) / of(bare).median;
  return {
    title: "Against a Node endpoint",
    method: `In ms, median (min–max). Start-up is apart: what \`tally test\` of one test takes, ${shown(of("one"))}, is taken from every run; the bare client measures from its first request to its last answer.`,
    columns: ["records", "tally test, total", "without start-up", "bare undici client, 256 a request", "ratio"],
    rows: cases.map(({ name, bare, what }) => [
      what,
      shown(of(name)),
      digits(of(name).median - of("one").median),
      shown(of(bare)),
      digits(ratio(name, bare)),
    ]),
    targets: cases.map(({ name, bare, what }): Target => ({
      what: `${what}: tally / bare client`,
      measured: ratio(name, bare),
      target: 2,
      bound: "most",
    })),
  };
}
