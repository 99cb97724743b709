/**
 * A program Tally starts and must see end: a connector's worker, or a model on stdin and stdout. It gets its own
 * process group, so that whatever it starts ends with it, and a watchdog that ends the group when Tally itself is
 * killed in a way nothing can be done about (kill -9). Knows no protocol.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { Socket } from "node:net";
import { type LogLine, ProgramLog } from "./program-log.ts";

/** How to start a program. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Which file descriptors are pipes besides 1 and 2 (the log). */
  readonly pipes: readonly number[];
  /** Standard output carries answers, not the log. */
  readonly answersOnStdout?: boolean;
  readonly onLog?: ((line: LogLine) => void) | undefined;
  /** It serves on its own, and would go on without us: it is watched from its first moment. */
  readonly outlivesUs?: boolean;
}

/** How a program ended, in words that follow "the connector". */
export interface Ending {
  readonly how: string;
  /** It could not even be started. */
  readonly neverStarted: boolean;
}

/** A started program. */
export interface Program {
  readonly child: ChildProcess;
  readonly log: ProgramLog;
  /** Resolves when it has ended and its output has been read. Never rejects. */
  readonly ended: Promise<Ending>;
  readonly hasEnded: boolean;
  /** Whether Tally's own process waits for it: yes while it owes an answer. */
  hold(held: boolean): void;
  /** SIGTERM to the group, and SIGKILL two seconds later to whatever is left. */
  end(): Promise<Ending>;
  /** SIGKILL to the group. */
  kill(): void;
}

/** What a program gets between SIGTERM and SIGKILL. */
const graceMs = 2_000;
/** Grandchildren may hold the output pipes open after the program has ended; its ending does not wait longer for them. */
const drainMs = 200;

/** Starts a program. A command that cannot be started is an `ended` with `neverStarted`. */
export function startProgram(launch: Launch): Program {
  const last = Math.max(2, ...launch.pipes);
  // The token is for the origin of an endpoint over HTTP, and for nobody else.
  const { TALLY_TOKEN: _, ...env } = launch.env;
  const child = spawn(launch.command, launch.args, {
    cwd: launch.cwd,
    env,
    detached: process.platform !== "win32",
    windowsHide: true,
    stdio: Array.from({ length: last + 1 }, (_, fd) =>
      fd === 1 || fd === 2 || launch.pipes.includes(fd) ? "pipe" : "ignore",
    ),
  });
  const log = new ProgramLog(launch.onLog);
  if (!launch.answersOnStdout) readLog(child, "stdout", log);
  readLog(child, "stderr", log);
  // A pipe to a program that has ended says EPIPE; `ended` says it better.
  for (const stream of child.stdio) stream?.on("error", () => {});
  return new StartedProgram(child, log, launch.outlivesUs === true ? 0 : watchAfterMs);
}

function holdHandle(handle: { ref(): unknown; unref(): unknown }, held: boolean): void {
  if (held) handle.ref();
  else handle.unref();
}

function readLog(child: ChildProcess, name: LogLine["stream"], log: ProgramLog): void {
  const stream = child[name];
  stream?.setEncoding("utf8");
  stream?.on("data", (chunk: string) => log.push(name, chunk));
}

class StartedProgram implements Program {
  readonly child: ChildProcess;
  readonly log: ProgramLog;
  readonly ended: Promise<Ending>;
  hasEnded = false;
  readonly #watchdog: Watchdog | undefined;

  constructor(child: ChildProcess, log: ProgramLog, watchMs: number) {
    this.child = child;
    this.log = log;
    this.ended = this.#ending();
    this.#watchdog = child.pid === undefined ? undefined : startWatchdog(child.pid, watchMs);
    this.hold(false);
  }

  hold(held: boolean): void {
    holdHandle(this.child, held);
    // One that is closed would wait for a connection, once for every call.
    for (const stream of this.child.stdio) if (stream instanceof Socket && !stream.destroyed) holdHandle(stream, held);
  }

  kill(): void {
    signalGroup(this.child, "SIGKILL");
  }

  async end(): Promise<Ending> {
    if (this.hasEnded) return this.ended;
    this.hold(true);
    signalGroup(this.child, "SIGTERM");
    const timer = setTimeout(() => this.kill(), graceMs);
    const ending = await this.ended;
    clearTimeout(timer);
    return ending;
  }

  async #ending(): Promise<Ending> {
    const ending = await new Promise<Ending>((resolve) => {
      this.child.once("error", (error) =>
        resolve({ how: reasonOf(error), neverStarted: this.child.pid === undefined }),
      );
      this.child.once("exit", (code, signal) => {
        const settle = (): void => resolve({ how: describeExit(code, signal), neverStarted: false });
        const drained = setTimeout(settle, drainMs);
        this.child.once("close", () => {
          clearTimeout(drained);
          settle();
        });
      });
    });
    this.hasEnded = true;
    // Whatever the program started and left behind.
    if (!ending.neverStarted) signalGroup(this.child, "SIGKILL");
    this.#watchdog?.end();
    this.log.end();
    return ending;
  }
}

/** A watchdog that may be called off. */
export interface Watchdog {
  end(): void;
}

/** A program that ends within this time needs no watchdog: starting one takes a short run longer than all its calls. */
const watchAfterMs = 150;

/** Ends the process group `pid` when Tally ends, whatever ended Tally: from then on, by a shell whose stdin ends with us. */
export function startWatchdog(pid: number, afterMs: number = watchAfterMs): Watchdog {
  let watchdog: ChildProcess | undefined;
  const start = (): void => {
    watchdog = process.platform === "win32" ? undefined : spawnWatchdog(pid);
  };
  const timer = afterMs === 0 ? undefined : setTimeout(start, afterMs);
  if (timer === undefined) start();
  else timer.unref();
  return {
    end() {
      clearTimeout(timer);
      watchdog?.kill("SIGKILL");
    },
  };
}

function spawnWatchdog(pid: number): ChildProcess {
  const script = 'read -r _; kill -s KILL -- "-$1"';
  const watchdog = spawn("/bin/sh", ["-c", script, "tally-watchdog", String(pid)], {
    detached: true,
    env: {},
    stdio: ["pipe", "ignore", "ignore"],
  });
  // Without a shell the end of the worker's own pipes has to do.
  watchdog.once("error", () => {});
  watchdog.stdin?.on("error", () => {});
  watchdog.unref();
  if (watchdog.stdin instanceof Socket) watchdog.stdin.unref();
  return watchdog;
}

/** Sends a signal to a process that was started as the head of its group, and to what it has started. */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // Already gone.
  }
}

function describeExit(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `ended with status ${code ?? 0}` : `was ended by ${signal}`;
}

function reasonOf(error: Error): string {
  const code = "code" in error ? String(error.code) : "";
  if (code === "ENOENT") return "not found";
  if (code === "EACCES") return "not executable";
  return error.message;
}
