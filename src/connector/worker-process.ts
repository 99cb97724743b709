/**
 * One worker: the child process that holds a connector, spoken to in frames (protocol/worker.md). Comes in: how to
 * start it. Goes out: a worker that is ready, and what became of each frame. Knows the handshake, no pool and no retry.
 */
import { Socket } from "node:net";
import { tallyError, type TallyError } from "../kernel/errors.ts";
import { tallyVersion } from "../kernel/own-package.ts";
import { shownPath } from "../kernel/shown-path.ts";
import { type Ending, type Launch, type Program, startProgram } from "./child-program.ts";
import { residentBytes } from "./resident-memory.ts";
import { FrameReader, frameBytes } from "./worker-frames.ts";
import { type Fatal, type Hello, type Ready, workerProtocol } from "./worker-protocol.ts";

/** How to start a worker. */
export interface WorkerLaunch extends Omit<Launch, "pipes" | "answersOnStdout"> {
  /** Absolute path of the connector. */
  readonly path: string;
  /** What error texts call the interpreter: `/usr/bin/python3`, `node 24.21.0`. */
  readonly interpreter: string;
  readonly model: string | null;
  readonly dtypes: Hello["dtypes"];
  readonly operations: Hello["operations"];
  readonly startTimeoutMs: number;
  /** How much it may grow before it is replaced; 2 GiB. */
  readonly maxGrowthBytes?: number | undefined;
}

/** What became of one frame that was sent. */
export type Reply =
  | { readonly kind: "frame"; readonly text: string }
  | {
      readonly kind: "ended";
      readonly how: string;
      readonly partial?: { readonly wanted: number; readonly got: number };
    }
  | { readonly kind: "timeout" }
  | { readonly kind: "cancelled" }
  | { readonly kind: "garbage"; readonly reason: string };

/** A worker whose connector is loaded. */
export interface WorkerProcess {
  readonly ready: Ready;
  /** False once it has ended or owes an answer that nobody waits for any more. */
  readonly isUsable: boolean;
  /** The last lines of what it printed. */
  lastLines(count: number): string;
  /** Puts something of ours into its log: the traceback of an exception that became an answer. */
  note(text: string): void;
  /** Sends one frame and waits for one. After anything but a frame the worker is ended and of no more use. */
  ask(frame: string, timeoutMs: number, signal?: AbortSignal): Promise<Reply>;
  /** Lets it end by itself, makes it end after two seconds. */
  end(): Promise<void>;
}

const shownLines = 20;
/** A worker that has grown by so much since it was ready is replaced between two calls: it leaks. */
const maxGrowthBytes = 2 * 1024 ** 3;
/** How many calls may pass between two looks at its memory. */
const callsBetweenLooks = 64;

/** Starts a worker and waits until its connector is loaded. Throws a TallyError when that fails. */
export async function startWorker(launch: WorkerLaunch, signal?: AbortSignal): Promise<WorkerProcess> {
  const path = shownPath(launch.path);
  const worker = new Worker(startProgram({ ...launch, pipes: [3, 4, 5] }));
  const hello: Hello = {
    type: "hello",
    protocol: workerProtocol,
    tally: tallyVersion(),
    model: launch.model,
    path: launch.path,
    dtypes: launch.dtypes,
    operations: launch.operations,
  };
  const reply = await worker.ask(JSON.stringify(hello), launch.startTimeoutMs, signal);
  if (reply.kind !== "frame") throw await notStarted(launch, worker, reply);
  const answer = readHandshake(reply.text);
  if (answer?.type === "fatal" && answer.code !== "connector-protocol") {
    await worker.end();
    const reason = answer.message === "" ? answer.error : `${answer.error}: ${answer.message}`;
    throw tallyError(
      "connector-import",
      { path, runtime: launch.interpreter, reason },
      { detail: answer.traceback === "" ? worker.lastLines(shownLines) : answer.traceback.trimEnd() },
    );
  }
  if (answer?.type !== "ready" || answer.protocol !== workerProtocol) {
    await worker.end();
    const speaks = answer?.type === "ready" ? String(answer.protocol) : "another one";
    throw tallyError("connector-protocol", { path, speaks, expected: workerProtocol });
  }
  worker.begin(answer, launch.maxGrowthBytes ?? maxGrowthBytes);
  return worker;
}

async function notStarted(launch: WorkerLaunch, worker: Worker, reply: Reply): Promise<TallyError> {
  const { interpreter } = launch;
  const path = shownPath(launch.path);
  await worker.end();
  const detail = worker.lastLines(shownLines);
  if (reply.kind === "timeout") {
    const seconds = launch.startTimeoutMs / 1000;
    return tallyError("connector-start-timeout", { path, runtime: interpreter, seconds }, { detail });
  }
  const reason = reply.kind === "ended" ? reply.how : reply.kind === "garbage" ? reply.reason : reply.kind;
  const said = /^\s*(\w*(?:Error|Exception)\b.*)$/m.exec(detail.split("\n").toReversed().join("\n"))?.[1];
  return tallyError(
    "connector-import",
    { path, runtime: interpreter, reason: said === undefined ? reason : `${reason}, ${said}` },
    { detail },
  );
}

function readHandshake(text: string): Ready | Fatal | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null || !("type" in value)) return undefined;
  // The SDK that ships with this Tally wrote it; the protocol's version is checked before anything else is read.
  if (value.type === "ready" || value.type === "fatal") return value as Ready | Fatal;
  return undefined;
}

class Worker implements WorkerProcess {
  ready: Ready = { type: "ready", protocol: 0, sdk: "", runtime: "", name: null, version: null, operations: {} };
  readonly #program: Program;
  readonly #frames = new FrameReader();
  readonly #out: Socket | undefined;
  #settle: ((reply: Reply) => void) | undefined;
  #isSpent = false;
  #maxBytes = Number.POSITIVE_INFINITY;
  #calls = 0;

  constructor(program: Program) {
    this.#program = program;
    const [out, answers, lifeline] = [3, 4, 5].map((fd) => program.child.stdio[fd]);
    this.#out = out instanceof Socket ? out : undefined;
    if (answers instanceof Socket) answers.on("data", (chunk: Buffer) => this.#receive(chunk));
    if (lifeline instanceof Socket) lifeline.resume();
    void program.ended.then((ending) => this.#onEnded(ending));
  }

  /** The connector is loaded: from here on it may grow by so much. */
  begin(ready: Ready, growthBytes: number): void {
    this.ready = ready;
    this.#maxBytes = this.#residentBytes() + growthBytes;
  }

  get isUsable(): boolean {
    return !this.#isSpent && !this.#program.hasEnded;
  }

  lastLines(count: number): string {
    return this.#program.log.lastLines(count);
  }

  note(text: string): void {
    this.#program.log.push("stderr", `${text}\n`);
  }

  async ask(frame: string, timeoutMs: number, signal?: AbortSignal): Promise<Reply> {
    if (this.#program.hasEnded) return { kind: "ended", how: (await this.#program.ended).how };
    const { promise, resolve } = Promise.withResolvers<Reply>();
    const timer = setTimeout(() => resolve({ kind: "timeout" }), timeoutMs);
    const onAbort = (): void => resolve({ kind: "cancelled" });
    signal?.addEventListener("abort", onAbort, { once: true });
    if (signal?.aborted) onAbort();
    this.#settle = resolve;
    this.#program.hold(true);
    this.#out?.write(frameBytes(frame));
    const reply = await promise;
    this.#settle = undefined;
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
    this.#program.hold(false);
    if (reply.kind !== "frame") {
      this.#isSpent = true;
      // Nobody waits for this: the deadline has passed, the next call gets another worker.
      void this.#program.end();
    } else this.#lookAtMemory();
    return reply;
  }

  async end(): Promise<void> {
    this.#isSpent = true;
    this.#out?.end();
    const timer = setTimeout(() => void this.#program.end(), 500);
    this.#program.hold(true);
    await this.#program.ended;
    clearTimeout(timer);
  }

  #lookAtMemory(): void {
    this.#calls += 1;
    if (this.#calls % callsBetweenLooks !== 0) return;
    const bytes = this.#residentBytes();
    if (bytes <= this.#maxBytes) return;
    this.note(`the connector holds ${Math.round(bytes / 1024 ** 2)} MiB and is started anew`);
    void this.end();
  }

  #residentBytes(): number {
    const { pid } = this.#program.child;
    return (pid === undefined ? undefined : residentBytes(pid)) ?? 0;
  }

  #receive(chunk: Buffer): void {
    const texts = this.#frames.push(chunk);
    if (texts === undefined) this.#settle?.({ kind: "garbage", reason: "a frame longer than 256 MiB" });
    else if (texts.length > 0 && !this.#settle) this.#isSpent = true;
    else for (const text of texts) this.#settle?.({ kind: "frame", text });
  }

  #onEnded(ending: Ending): void {
    const partial = this.#frames.partial;
    this.#settle?.({ kind: "ended", how: ending.how, ...(partial && { partial }) });
  }
}
