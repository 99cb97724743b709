/**
 * A program that answers one line on stdout for each line on stdin. Comes in: how to start it. Goes out: what became of
 * each line that was sent. Knows nothing of what the lines say.
 */
import { Socket } from "node:net";
import { type Launch, type Program, startProgram } from "./child-program.ts";
import { LineReader } from "./line-reader.ts";

/** What became of one line that was sent. */
export type LineReply =
  | { readonly kind: "line"; readonly line: Buffer }
  | {
      readonly kind: "ended";
      readonly how: string;
      readonly neverStarted: boolean;
      readonly partial: Buffer | undefined;
    }
  | { readonly kind: "timeout" }
  | { readonly kind: "cancelled" }
  | { readonly kind: "too-long" };

/** A started program, one line at a time. */
export class LineProcess {
  readonly #program: Program;
  readonly #lines = new LineReader();
  /** Lines nobody asked for: a banner, a second answer. The next call gets them, and they are wrong there. */
  readonly #unread: Buffer[] = [];
  #settle: ((reply: LineReply) => void) | undefined;
  #isSpent = false;

  constructor(launch: Omit<Launch, "pipes" | "answersOnStdout">) {
    this.#program = startProgram({ ...launch, pipes: [0, 1], answersOnStdout: true });
    this.#program.child.stdout?.on("data", (chunk: Buffer) => this.#receive(chunk));
    void this.#program.ended.then(({ how, neverStarted }) =>
      this.#settle?.({ kind: "ended", how, neverStarted, partial: this.#lines.partial }),
    );
  }

  /** False once it has ended, or owes an answer that nobody waits for any more. */
  get isUsable(): boolean {
    return !this.#isSpent && !this.#program.hasEnded;
  }

  /** Why it could not even be started, if that is so. */
  async neverStarted(): Promise<string | undefined> {
    return this.#program.child.pid === undefined ? (await this.#program.ended).how : undefined;
  }

  lastLines(count: number): string {
    return this.#program.log.lastLines(count);
  }

  /** Sends one line and waits for one. After anything but a line the program is ended and of no more use. */
  async ask(line: string, timeoutMs: number, signal?: AbortSignal): Promise<LineReply> {
    if (this.#program.hasEnded) return { kind: "ended", ...(await this.#program.ended), partial: this.#lines.partial };
    const { promise, resolve } = Promise.withResolvers<LineReply>();
    const timer = setTimeout(() => resolve({ kind: "timeout" }), timeoutMs);
    const onAbort = (): void => resolve({ kind: "cancelled" });
    signal?.addEventListener("abort", onAbort, { once: true });
    if (signal?.aborted) onAbort();
    this.#settle = resolve;
    this.#program.hold(true);
    const unread = this.#unread.shift();
    if (unread) resolve({ kind: "line", line: unread });
    else this.#program.child.stdin?.write(`${line}\n`);
    const reply = await promise;
    this.#settle = undefined;
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
    this.#program.hold(false);
    if (reply.kind !== "line") this.spend();
    return reply;
  }

  /** Ends it without waiting: what it says from now on cannot be told from answers to others. */
  spend(): void {
    this.#isSpent = true;
    void this.#program.end();
  }

  /** The end of stdin is the program's sign to end; after half a second it is made to. */
  async end(): Promise<void> {
    this.#isSpent = true;
    const { stdin } = this.#program.child;
    if (stdin instanceof Socket) stdin.end();
    const timer = setTimeout(() => void this.#program.end(), 500);
    this.#program.hold(true);
    await this.#program.ended;
    clearTimeout(timer);
  }

  #receive(chunk: Buffer): void {
    const lines = this.#lines.push(chunk);
    if (lines === undefined) {
      this.#settle?.({ kind: "too-long" });
      this.spend();
      return;
    }
    for (const line of lines) {
      const settle = this.#settle;
      this.#settle = undefined;
      if (settle) settle({ kind: "line", line });
      else if (this.#unread.length < 8) this.#unread.push(line);
    }
  }
}
