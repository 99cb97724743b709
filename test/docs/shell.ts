/** A real shell in a real folder, given the commands of a page one by one. */
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { linkPackages, vitestProgram } from "../kit/vitest.ts";

const repository = resolve(import.meta.dirname, "../..");

/** What pages call the port, and where readers keep their project. */
const shownPort = "8080";
const shownFolder = "/home/you/project";

/** Cargo and Maven fetch and build, perhaps on a busy machine. */
const commandTimeoutMs = 150_000;
/** A server that listens has still to say so. */
const settle = "sleep 0.3";

export interface Shell {
  readonly folder: string;
  readonly write: (path: string, text: string) => void;
  /** Runs a command to its end, or starts one that ends with `&`; gives what it wrote. */
  readonly run: (command: string) => Promise<string>;
  readonly close: () => void;
}

/** Opens a shell in a new folder, with `tally`, `npx`, `node` and `python3` at hand and nothing of this machine's settings. */
export async function openShell(python: string | undefined, copyOf?: string): Promise<Shell> {
  const home = realpathSync(mkdtempSync(join(tmpdir(), "tally-docs-")));
  const folder = join(home, "project");
  const bin = join(home, "bin");
  if (copyOf === undefined) mkdirSync(folder);
  else
    cpSync(join(repository, copyOf), folder, {
      recursive: true,
      filter: (path) => !/node_modules|\.tally$/.test(path),
    });
  mkdirSync(bin);
  const port = await freePort();
  writeProgram(join(bin, "tally"), `exec "${process.execPath}" "${repository}/bin/tally.js" "$@"`);
  writeProgram(join(bin, "vitest"), `exec "${process.execPath}" "${vitestProgram}" "$@"`);
  // `npx --no tally` is the tally above; anything else, such as a bundle, is for the real one.
  writeProgram(join(bin, "npx"), `[ "$1" = --no ] && shift && exec "$@"\nPATH=\${PATH#*:} exec npx "$@"`);
  if (python !== undefined) writeProgram(join(bin, "python3"), `exec "${python}" "$@"`);
  const shell = spawn("bash", ["--norc", "--noprofile"], {
    cwd: folder,
    env: {
      PATH: [bin, dirname(process.execPath), process.env["PATH"]].join(delimiter),
      HOME: process.env["HOME"],
      LANG: "C.UTF-8",
      ...(python === undefined ? {} : { TALLY_PYTHON: python }),
    },
    stdio: ["pipe", "pipe", "ignore"],
    detached: true,
  });
  const listen = outputOf(shell);
  return {
    folder,
    write: (path, text) => {
      if (path === "vitest.config.ts") linkPackages(folder);
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text.replaceAll(shownPort, port));
    },
    run: async (command) => {
      let output = await listen(command.replaceAll(shownPort, port));
      if (command.endsWith("&")) {
        await listens(Number(port));
        output += await listen(settle);
      }
      return shownOutput(output, [
        [port, shownPort],
        [folder, shownFolder],
        [home, dirname(shownFolder)],
        [python, ".venv/bin/python"],
      ]);
    },
    close: () => {
      if (shell.pid !== undefined) process.kill(-shell.pid, "SIGKILL");
      rmSync(home, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Output as a reader has it. */
function shownOutput(output: string, places: readonly (readonly [string | undefined, string])[]): string {
  // Maven resets colours even where there are none.
  let text = output.replaceAll(/\u001b\[[\d;]*m/g, "");
  for (const [here, shown] of places) if (here !== undefined) text = text.replaceAll(here, shown);
  return text;
}

function writeProgram(path: string, body: string): void {
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
}

/** Ends each command with a mark that carries its exit status, which is also handed on to the next one. */
function outputOf(shell: ChildProcess): (command: string) => Promise<string> {
  let text = "";
  let look = (): void => {};
  shell.stdout?.setEncoding("utf8").on("data", (more: string) => {
    text += more;
    look();
  });
  // One stream, as a terminal shows it.
  shell.stdin?.write("exec 2>&1\n");
  const mark = /\u001e(\d+)\u001e/;
  return (command) =>
    new Promise((done, fail) => {
      const late = setTimeout(() => fail(new Error(`no end of: ${command}\n${text}`)), commandTimeoutMs);
      look = () => {
        if (!mark.test(text)) return;
        clearTimeout(late);
        done(text.replace(mark, ""));
        text = "";
      };
      shell.stdin?.write(`{ ${command}\n} </dev/null\n__s=$?; printf '\\036%s\\036' $__s; (exit $__s)\n`);
    });
}

/** A port with as many digits as the one that is shown, so that columns stay where they are. */
async function freePort(): Promise<string> {
  for (;;) {
    const port = 2000 + Math.floor(Math.random() * 7900);
    const server = createServer();
    const isFree = await new Promise<boolean>((done) => {
      server.once("error", () => done(false)).listen(port, "127.0.0.1", () => done(true));
    });
    await new Promise((done) => server.close(done));
    if (isFree) return String(port);
  }
}

/** Resolves when something answers at the port. */
async function listens(port: number): Promise<void> {
  for (let i = 0; i < 300; i += 1) {
    const answered = await fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await new Promise((done) => setTimeout(done, 50));
  }
}
