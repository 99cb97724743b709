/** Programs that are measured, and servers that are measured against. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { fileURLToPath } from "node:url";

export const benchFolder: string = fileURLToPath(new URL("..", import.meta.url));
/** The real command line, as it is published. */
export const tally: string = fileURLToPath(new URL("../../bin/tally.js", import.meta.url));

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Ended {
  /** From the start to the end of the process. */
  readonly ms: number;
  readonly stdout: string;
  /** Highest resident memory of the process and of its children, by command, in MB. */
  readonly peakMb: ReadonlyMap<string, number>;
}

/** Runs a program to its end. Throws when it fails: a benchmark of something that did not work says nothing. */
export async function runProgram(program: Program, watchMemory = false): Promise<Ended> {
  const began = performance.now();
  const child = start(program);
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const peakMb = new Map<string, number>();
  const watch = watchMemory ? setInterval(() => notePeaks(child.pid, peakMb), 50) : undefined;
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
  let ms = 0;
  child.once("error", reject);
  child.once("exit", () => (ms = performance.now() - began));
  child.once("close", () => resolve());
  await ended;
  clearInterval(watch);
  if (child.exitCode !== 0)
    throw new Error(
      `${[program.command, ...program.args].join(" ")} ended with ${child.exitCode ?? child.signalCode}\n${stdout}${stderr}`,
    );
  return { ms, stdout, peakMb };
}

function start({ command, args, cwd = benchFolder, env = {} }: Program): ChildProcess {
  return spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
}

/** VmHWM of a process and of all below it; what a process is called is the last part of its script, or its program. */
function notePeaks(pid: number | undefined, peaks: Map<string, number>): void {
  if (pid === undefined) return;
  try {
    const kibibytes = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1];
    const words = readFileSync(`/proc/${pid}/cmdline`, "latin1").split("\0");
    const script = words.slice(1).find((word) => /\.(m?[jt]s)$/.test(word)) ?? words[0] ?? "";
    const name = script.split("/").at(-1) ?? "";
    if (kibibytes !== undefined) peaks.set(name, Math.max(peaks.get(name) ?? 0, Number(kibibytes) / 1024));
    for (const task of readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1").split(" "))
      if (task !== "") notePeaks(Number(task), peaks);
  } catch {
    // It has ended meanwhile, or this is not Linux.
  }
}

export interface Server {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Starts a server that listens on the port it is told, and waits until it does. */
export async function startServer(make: (port: number) => Program): Promise<Server> {
  const port = await freePort();
  const program = make(port);
  const child = start(program);
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4000)));
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  for (let waited = 0; !(await listens(port)); waited += 50) {
    if (child.exitCode !== null || waited > 60_000)
      throw new Error(`${[program.command, ...program.args].join(" ")} does not listen\n${said}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 3_000);
      await ended;
      clearTimeout(timer);
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
