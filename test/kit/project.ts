/** A project in a folder of its own, and the real command line run in it. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const launcher = fileURLToPath(new URL("../../bin/tally.js", import.meta.url));

export interface Ran {
  readonly exit: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ran>;
  /** What it has written so far. */
  readonly output: () => string;
  /** Resolves when the output so far matches. */
  readonly says: (pattern: RegExp) => Promise<void>;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** As the head of a process group of its own, as a shell at a terminal starts it. */
  readonly detached?: boolean;
  /** Path of another Node. */
  readonly node?: string;
  /** Path of another command line than the one of this repository. */
  readonly program?: string;
}

export interface Project {
  readonly root: string;
  readonly write: (files: Readonly<Record<string, string | Uint8Array>>) => void;
  /** Runs `tally …` to its end. */
  readonly tally: (args: readonly string[], options?: RunOptions) => Promise<Ran>;
  /** Starts `tally …`; ended with the test. */
  readonly start: (args: readonly string[], options?: RunOptions) => Running;
}

/** Makes a project of these files; it is removed when the test ends. */
export function project(files: Readonly<Record<string, string | Uint8Array>>): Project {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "tally-project-")));
  const write = (more: Readonly<Record<string, string | Uint8Array>>): void => {
    for (const [path, content] of Object.entries(more)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
  };
  write(files);
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const start = (args: readonly string[], options: RunOptions = {}): Running => {
    const running = startTally(args, { cwd: root, ...options });
    onTestFinished(() => void running.child.kill("SIGKILL"));
    return running;
  };
  return { root, write, start, tally: (args, options) => start(args, options).ended };
}

function startTally(
  args: readonly string[],
  { cwd, detached = false, env = {}, node = process.execPath, program = launcher }: RunOptions,
): Running {
  const child = spawn(node, [program, ...args], {
    cwd,
    detached,
    env: { ...quietEnvironment(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  const listeners = new Set<() => void>();
  const heard = (): void => {
    for (const listener of listeners) listener();
  };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    heard();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    heard();
  });
  const ended = new Promise<Ran>((resolve) => {
    child.on("close", (exit, signal) => {
      resolve({ exit, signal, stdout, stderr });
      heard();
    });
  });
  const output = (): string => stdout + stderr;
  const says = (pattern: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (pattern.test(output())) resolve();
        else if (child.exitCode !== null) reject(new Error(`ended without saying ${pattern}:\n${output()}`));
        else return;
        listeners.delete(look);
      };
      listeners.add(look);
      look();
    });
  return { child, ended, output, says };
}

/** This process' environment without what would change a run. */
function quietEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(TALLY_|ENDPOINT$|CI$|FORCE_COLOR|NO_COLOR|VITEST|NODE_ENV|NODE_OPTIONS|GITHUB_|GITLAB_|VIRTUAL_ENV|CONDA_)/.test(
        name,
      ),
  );
  return Object.fromEntries(kept);
}

/** Output without what differs from run to run: folders, ports, times, ids of runs. */
export function normal(text: string, root: string): string {
  return text
    .replaceAll(root, "<root>")
    .replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:<port>")
    .replaceAll(/sha256:[0-9a-f]{12,64}/g, "sha256:<digest>")
    .replaceAll(/\b\d+(\.\d+)? m?s\b/g, "<time>")
    .replaceAll(/^ seed \d+$/gm, " seed <n>")
    .replaceAll(/node \d+\.\d+\.\d+/g, "node <version>")
    .replaceAll(/\[\?25[lh]/g, "");
}
