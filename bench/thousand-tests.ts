/** 1,000 tests of one record each against the Python connector, and the same tests in pytest against the same operations. */
import { benchFolder, type Program, runProgram, startServer, tally } from "./kit/processes.ts";
import { benchPython } from "./kit/python.ts";
import type { Options, Section, Target } from "./kit/report.ts";
import { digits, interleaved, shown, type Spread } from "./kit/statistics.ts";

const models = ["standard", "pandas", "sklearn"] as const;
const titles = { standard: "standard library", pandas: "pandas", sklearn: "scikit-learn" };
const cwd = `${benchFolder}thousand`;

export async function run({ quick }: Options): Promise<readonly Section[]> {
  const python = benchPython();
  const rows: string[][] = [];
  const targets: Target[] = [];
  for (const model of models) {
    const env = { MODEL: `${model}_model`, PYTHONPATH: `${benchFolder}models` };
    const rounds = quick ? (model === "sklearn" ? 1 : 2) : 5;
    const server = await startServer((port) => flask(python, port, env));
    try {
      const measured = await measure(python, model, { ...env, SERVER: server.url }, rounds);
      for (const [name, total, own] of measured.rows) rows.push([titles[model], name, shown(total), digits(own)]);
      targets.push(...measured.targets);
    } finally {
      await server.stop();
    }
  }
  return [
    {
      title: "1,000 tests of one record",
      method:
        "Whole processes, in ms. The second column leaves out what the interpreter needs to import the libraries: for Tally `import` of the model, for pytest that and pytest, Flask or requests. Flask over HTTP was started beforehand.",
      columns: ["model", "how", "total, median (min–max)", "beyond imports"],
      rows,
      targets,
    },
  ];
}

interface Measured {
  readonly rows: readonly (readonly [string, Spread, number])[];
  readonly targets: readonly Target[];
}

async function measure(
  python: string,
  model: (typeof models)[number],
  env: Readonly<Record<string, string>>,
  rounds: number,
): Promise<Measured> {
  const ms = (program: Program) => async (): Promise<number> => (await runProgram(program)).ms;
  const imports = (what: string): Program => ({ command: python, args: ["-c", `import ${what}`], env });
  const test: Program = { command: process.execPath, args: [tally, "test", "--config", `${model}.toml`], cwd };
  const pytest: Program = { command: python, args: ["-m", "pytest", "-q", "-p", "no:cacheprovider"], cwd, env };
  const { SERVER: url = "" } = env;
  const spreads = await interleaved(rounds, {
    tally: ms(test),
    alone: ms({ ...test, args: [...test.args, "--no-gather"] }),
    client: ms(pytest),
    http: ms({ ...pytest, env: { ...env, ENDPOINT: url } }),
    importModel: ms(imports(`${model}_model`)),
    importClient: ms(imports(`pytest, flask, ${model}_model`)),
    importHttp: ms(imports("pytest, requests")),
  });
  const of = (name: string): Spread => spreads[name] ?? { median: Number.NaN, min: Number.NaN, max: Number.NaN };
  const own = (name: string, imported: string): number => of(name).median - of(imported).median;
  const ours = own("tally", "importModel");
  const alone = own("alone", "importModel");
  const client = own("client", "importClient");
  const http = own("http", "importHttp");
  const title = titles[model];
  return {
    rows: [
      ["`tally test`", of("tally"), ours],
      ["`tally test --no-gather`", of("alone"), alone],
      ["pytest, Flask test client", of("client"), client],
      ["pytest, Flask over HTTP", of("http"), http],
    ],
    targets: [
      {
        what: `${title}: pytest with Flask's test client / tally test, beyond imports`,
        measured: client / ours,
        target: 20,
        bound: "least",
      },
      {
        what: `${title}: pytest with Flask over HTTP / tally test, beyond imports`,
        measured: http / ours,
        target: 20,
        bound: "least",
      },
      {
        what: `${title}: pytest with Flask's test client / tally test --no-gather`,
        measured: client / alone,
        target: 2,
        bound: "least",
      },
      {
        what: `${title}: pytest with Flask over HTTP / tally test --no-gather`,
        measured: http / alone,
        target: 2,
        bound: "least",
      },
    ],
  };
}

export function flask(python: string, port: number, env: Readonly<Record<string, string>>): Program {
  const args = ["-m", "flask", "--app", "flask_app", "run", "--port", String(port)];
  return { command: python, args, cwd: `${benchFolder}models`, env };
}
