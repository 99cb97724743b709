/**
 * npm as the fetcher of tarballs: in a folder of its own, which is gone when it has ended, with all that npm is told of registries and
 * tokens, and with nothing that would make another thing of it. A deadline and a signal end it with what it has started.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { signalGroup, startWatchdog } from "../../connector/child-program.ts";
import { npmFault, type NpmFault } from "./npm-fault.ts";

export interface NpmOptions {
  /** The project's own `.npmrc`: which registry has which scope. */
  readonly settings?: Uint8Array | undefined;
  readonly deadlineMs?: number | undefined;
}

export type NpmAnswer =
  | { readonly ok: true; readonly tarballs: readonly Uint8Array[] }
  | ({ readonly ok: false; readonly cause?: unknown } & NpmFault);

const defaultDeadlineMs = 300_000;
const maxOutput = 32 * 1024 * 1024;
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** What an .npmrc or the environment may say about other things that npm does, and not about this one. */
const words =
  "pack --json --prefer-offline --prefer-online=false --ignore-scripts --dry-run=false --global=false --location=project --workspaces=false --include-workspace-root=false --pack-destination=. --before= --min-release-age= --loglevel=error --color=false --usage=false".split(
    " ",
  );

/** Tarballs of `name@version`, in any order; nobody has held them against anything yet. */
export async function npmTarballs(specs: readonly string[], options: NpmOptions): Promise<NpmAnswer> {
  const place = tmpdir();
  let ended: Ended | undefined;
  try {
    using folder = new PrivateFolder(place);
    writeFileSync(join(folder.path, "package.json"), `{"name":"suite","version":"0.0.0"}`);
    if (options.settings !== undefined) writeFileSync(join(folder.path, ".npmrc"), options.settings, { mode: 0o600 });
    ended = await runToEnd(folder, [...words, "--", ...specs], options.deadlineMs ?? defaultDeadlineMs);
    if (ended.how === "status" && ended.status === 0) return { ok: true, tarballs: folder.tarballs() };
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    return {
      ok: false,
      fault: "room",
      reason: `${place} takes no files (${code === "ENOENT" ? "there is no such folder" : code})`,
      cause,
    };
  }
  return failed(ended);
}

type Ended =
  | { readonly how: "status"; readonly status: number | null; readonly stdout: string; readonly stderr: string }
  | { readonly how: "not started"; readonly cause: Error }
  | { readonly how: "deadline"; readonly ms: number }
  | { readonly how: "signal"; readonly signal: NodeJS.Signals };

function failed(ended: Ended): NpmAnswer {
  switch (ended.how) {
    case "status":
      return { ok: false, ...npmFault(ended.stdout, ended.stderr) };
    case "not started":
      return { ok: false, fault: "npm", reason: "there is no npm in PATH", cause: ended.cause };
    case "deadline":
      return { ok: false, fault: "network", reason: `npm was not done after ${ended.ms / 1000} s` };
    case "signal":
      // Nothing is left behind by now. Whoever listens besides us has been told already.
      if (process.listenerCount(ended.signal) === 0) process.kill(process.pid, ended.signal);
      return { ok: false, fault: "other", reason: `it was ended by ${ended.signal}` };
  }
}

function runToEnd(folder: PrivateFolder, args: readonly string[], ms: number): Promise<Ended> {
  const child = spawn("npm", args, {
    cwd: folder.path,
    env: npmEnvironment(process.env),
    detached: process.platform !== "win32",
    shell: process.platform === "win32",
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
  });
  folder.child = child;
  const watchdog = child.pid === undefined ? undefined : startWatchdog(child.pid);
  return new Promise((resolve) => {
    let early: Ended | undefined;
    const end = (why: Ended): void => {
      early ??= why;
      signalGroup(child, "SIGKILL");
    };
    const onSignal = (signal: NodeJS.Signals): void => end({ how: "signal", signal });
    for (const signal of signals) process.on(signal, onSignal);
    const deadline = setTimeout(() => end({ how: "deadline", ms }), ms);
    const settle = (ended: Ended): void => {
      clearTimeout(deadline);
      watchdog?.end();
      for (const signal of signals) process.off(signal, onSignal);
      resolve(early ?? ended);
    };
    const stdout = gather(child, "stdout");
    const stderr = gather(child, "stderr");
    child.once("error", (cause) => settle({ how: "not started", cause }));
    // What it started may hold its output open longer than it lives.
    child.once("exit", () => early && settle(early));
    child.once("close", (status) => settle({ how: "status", status, stdout: stdout(), stderr: stderr() }));
  });
}

function gather(child: ChildProcess, name: "stdout" | "stderr"): () => string {
  let text = "";
  child[name]?.setEncoding("utf8").on("data", (chunk: string) => {
    if (text.length < maxOutput) text += chunk;
  });
  return () => text;
}

/** Without what an npm that started us says of our own project, and without what would make `npm pack` take another folder. */
export function npmEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const foreign =
    /^npm_(?:(?:package|lifecycle)_.*|command|execpath|node_execpath|config_(?:local_prefix|workspaces?|node_gyp|npm_version|user_agent))$/i;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !foreign.test(name)));
}

/** It may hold a token: it is gone when Tally ends, however that comes about. */
class PrivateFolder implements Disposable {
  readonly path: string;
  child: ChildProcess | undefined;
  readonly #remove = (): void => this[Symbol.dispose]();

  constructor(place: string) {
    this.path = mkdtempSync(join(place, "tally-packages-"));
    process.on("exit", this.#remove);
  }

  tarballs(): Uint8Array[] {
    const names = readdirSync(this.path).filter((name) => name.endsWith(".tgz"));
    return names.map((name) => readFileSync(join(this.path, name)));
  }

  [Symbol.dispose](): void {
    process.off("exit", this.#remove);
    if (this.child && this.child.exitCode === null) signalGroup(this.child, "SIGKILL");
    rmSync(this.path, { recursive: true, force: true, maxRetries: 5 });
  }
}
