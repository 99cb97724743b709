/** How long it takes to begin: from nothing to a green test, from a suite to a red one, and what Tally adds to pytest. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { benchFolder, type Program, runProgram, startServer, tally } from "./kit/processes.ts";
import { benchPython } from "./kit/python.ts";
import type { Options, Section, Target } from "./kit/report.ts";
import { digits, interleaved, shown, type Spread } from "./kit/statistics.ts";

const ports = `${benchFolder}minutes/ports`;
const example = join(benchFolder, "../examples/sqli");

export async function run({ quick }: Options): Promise<readonly Section[]> {
  const python = benchPython();
  return [await beginnings(python, quick ? 3 : 7), await againstPytest(python, quick ? 3 : 7)];
}

/** One way to begin: commands that are typed, lines that are written by hand, and what is run. */
interface Beginning {
  readonly what: string;
  readonly commands: readonly string[];
  readonly lines: number;
  /** Runs it all in a new folder. */
  readonly run: (folder: string) => Promise<void>;
}

async function beginnings(python: string, rounds: number): Promise<Section> {
  const env = { TALLY_PYTHON: python };
  const ours = (cwd: string, ...args: readonly string[]): Program => ({
    command: process.execPath,
    args: [tally, ...args],
    cwd,
    env,
  });
  const estimator =
    "import pandas as pd\n\ndef score(frame: pd.DataFrame) -> pd.Series:\n    return frame.a / frame.b\n";
  const all: readonly Beginning[] = [
    {
      what: "Python, from nothing, to the first green test",
      commands: ["tally init", "tally test"],
      lines: 0,
      run: async (cwd) => {
        await runProgram(ours(cwd, "init", "--language", "python", "--no-input"));
        await runProgram(ours(cwd, "test"));
      },
    },
    {
      what: "Python, from a function and a sample, to the first green test",
      commands: ["tally init --python model.py:score --sample sample.csv", "tally test"],
      lines: 0,
      run: async (cwd) => {
        writeFileSync(join(cwd, "model.py"), estimator);
        writeFileSync(join(cwd, "sample.csv"), "a,b\n1,2\n3,4\n5,8\n");
        await runProgram(ours(cwd, "init", "--python", "model.py:score", "--sample", "sample.csv", "--no-input"));
        await runProgram(ours(cwd, "test"));
      },
    },
    {
      what: "Java, from a suite of 374 tests, to the first red one against an empty server",
      commands: ["java Empty.java 8080 &", "tally test --endpoint http://127.0.0.1:8080"],
      lines: 13,
      run: async (cwd) => {
        cpSync(join(ports, "Empty.java"), join(cwd, "Empty.java"));
        const server = await startServer((port) => ({ command: "java", args: ["Empty.java", String(port)], cwd }));
        try {
          await red(ours(example, "test", "--endpoint", server.url));
        } finally {
          await server.stop();
        }
      },
    },
    {
      what: "C, from a suite of 374 tests, to the first red one against an empty program",
      commands: ["cc empty.c -o empty", 'tally test --endpoint "cmd:./empty"'],
      lines: 16,
      run: async (cwd) => {
        execFileSync("cc", [join(ports, "empty.c"), "-o", join(cwd, "empty")]);
        await red(ours(example, "test", "--endpoint", `cmd:${join(cwd, "empty")}`));
      },
    },
  ];
  const single = inFolder((cwd) => runProgram(ours(cwd, "init", "--language", "python", "--no-input")));
  const types = async (): Promise<void> => void (await runProgram(ours(example, "types")));
  const spreads = await interleaved(rounds, {
    ...Object.fromEntries(all.map(({ what, run: runAll }) => [what, timed(inFolder(runAll))])),
    init: timed(single),
    types: timed(types),
  });
  const of = spreadOf(spreads);
  return {
    title: "The first minutes",
    method:
      "Seconds of machine time from the first command to the verdict, in a new folder each time; thinking and typing are not in it. Lines by hand are those of the empty port (bench/minutes/ports).",
    columns: ["from … to …", "commands", "lines by hand", "s, median (min–max)"],
    rows: all.map(({ what, commands, lines }) => [what, String(commands.length), String(lines), shown(of(what))]),
    targets: [
      atMost("`tally init`, seconds", of("init").median, 1),
      atMost("`tally types`, seconds", of("types").median, 1),
    ],
  };
}

async function againstPytest(python: string, rounds: number): Promise<Section> {
  const cwd = `${benchFolder}minutes/pytest`;
  const sdk = join(benchFolder, "../python");
  const env = { PYTHONPATH: `${benchFolder}models:${sdk}`, PYTHONDONTWRITEBYTECODE: "1" };
  const whole = (program: Program) => async (): Promise<number> => (await runProgram(program)).ms;
  const underTally = (file: string): Program => ({ command: process.execPath, args: [tally, "test", file], cwd });
  const alone = (file: string): Program => ({
    command: python,
    args: ["-m", "pytest", "-q", "-p", "no:cacheprovider", file],
    cwd,
    env,
  });
  const files = {
    "500 parametrised tests": "test_gathered.py",
    "500 tests that compute their record": "test_single.py",
  };
  const rows: string[][] = [];
  const targets: Target[] = [];
  for (const [what, file] of Object.entries(files)) {
    const of = spreadOf(await interleaved(rounds, { tally: whole(underTally(file)), pytest: whole(alone(file)) }));
    rows.push([what, "`tally test`", shown(of("tally"))], [what, "`pytest`", shown(of("pytest"))]);
    targets.push(atMost(`${what}: tally test / pytest`, of("tally").median / of("pytest").median, 1));
  }
  return {
    title: "pytest under Tally and alone",
    method:
      "The same files of one-record tests, pandas model; `pytest` alone calls the connector in its own process, without HTTP. Whole processes, in ms.",
    columns: ["files", "how", "ms, median (min–max)"],
    rows,
    targets,
  };
}

function atMost(what: string, measured: number, target: number): Target {
  return { what, measured: Number(digits(measured)), target, bound: "most" };
}

function spreadOf(spreads: Readonly<Record<string, Spread>>): (name: string) => Spread {
  return (name) => spreads[name] ?? { median: Number.NaN, min: Number.NaN, max: Number.NaN };
}

/** Seconds that it takes. */
function timed(act: () => Promise<unknown>): () => Promise<number> {
  return async () => {
    const began = performance.now();
    await act();
    return (performance.now() - began) / 1000;
  };
}

function inFolder(act: (folder: string) => Promise<unknown>): () => Promise<void> {
  return async () => {
    const folder = mkdtempSync(join(tmpdir(), "tally-minutes-"));
    try {
      await act(folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

/** Runs what must end with 1: tests that fail. */
async function red({ command, args, ...where }: Program): Promise<void> {
  const script = 'shift; "$@" >/dev/null 2>&1; [ $? -eq 1 ]';
  await runProgram({ command: "sh", args: ["-c", script, "sh", "-", command, ...args], ...where });
}
