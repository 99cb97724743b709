/** The same test files under Vitest: the real one, with `tallyml/vitest`. */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../..", import.meta.url));
/** The command. */
export const vitestProgram = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");

export interface UnderVitest {
  readonly exit: number | null;
  readonly output: string;
  /** `pass`, `fail` or `skip` by `file > describe > name`, in order; a name that comes twice has ` #2`. */
  readonly verdicts: ReadonlyMap<string, string>;
  /** What each failed test says. */
  readonly messages: ReadonlyMap<string, string>;
}

interface JsonReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[];
      readonly title: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

export const vitestConfig = `import { defineConfig } from "vitest/config";
import { tally } from "tallyml/vitest/config";
export default defineConfig({ plugins: [tally()] });
`;

/** Makes `tallyml` and `vitest` importable in a project. */
export function linkPackages(root: string): void {
  mkdirSync(join(root, "node_modules"), { recursive: true });
  symlinkSync(repository, join(root, "node_modules/tallyml"));
  symlinkSync(dirname(vitestProgram), join(root, "node_modules/vitest"));
}

const words: Readonly<Record<string, string>> = {
  passed: "pass",
  failed: "fail",
  pending: "skip",
  skipped: "skip",
  todo: "skip",
};

/** This process' environment without what the Vitest around this test put there. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(?:VITEST|VITE_|TEST$|NODE_ENV$|ENDPOINT$|TALLY_(?!PYTHON))/.test(name),
  );
  return { ...Object.fromEntries(inherited), NO_COLOR: "1" };
}

/** Runs Vitest once in a folder. */
export async function runVitest(
  root: string,
  { args = [], env = {} }: { readonly args?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<UnderVitest> {
  const report = join(root, "node_modules/.vitest-report.json");
  const child = spawn(
    process.execPath,
    [vitestProgram, "run", "--reporter=default", "--reporter=json", `--outputFile=${report}`, ...args],
    {
      cwd: root,
      env: { ...cleanEnvironment(), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  const exit = await new Promise<number | null>((resolve) => child.on("close", resolve));
  const { testResults }: JsonReport = JSON.parse(readFileSync(report, "utf8"));
  const verdicts = new Map<string, string>();
  const messages = new Map<string, string>();
  for (const { assertionResults, name } of testResults) {
    const file = relative(root, name).replaceAll(sep, "/");
    for (const { ancestorTitles, failureMessages, status, title } of assertionResults) {
      const id = freeId([file, ...ancestorTitles, title].join(" > "), verdicts);
      verdicts.set(id, words[status] ?? status);
      if (failureMessages.length > 0) messages.set(id, failureMessages.join("\\n"));
    }
  }
  return { exit, output, verdicts, messages };
}

function freeId(id: string, taken: ReadonlyMap<string, string>): string {
  for (let n = 1; ; n += 1) {
    const free = n === 1 ? id : `${id} #${n}`;
    if (!taken.has(free)) return free;
  }
}

/** Starts Vitest as an editor does: it runs again at every change, until the test ends. */
export function watchVitest(root: string): { readonly output: () => string; readonly stop: () => void } {
  const child = spawn(process.execPath, [vitestProgram, "watch"], {
    cwd: root,
    env: cleanEnvironment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  return { output: () => output, stop: () => void child.kill("SIGTERM") };
}
