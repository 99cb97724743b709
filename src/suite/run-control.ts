/** When a run ends early, and why: Ctrl-C, --max-time, -x. */
import type { ExitCode } from "../kernel/errors.ts";

export class RunControl {
  readonly #controller = new AbortController();
  readonly #outside: AbortSignal;
  readonly #deadline: NodeJS.Timeout;
  readonly #onSignal: () => void;
  /** Why the run stopped, if it did. */
  stopped: string | undefined;
  /** Exit codes of the reasons that have one. */
  readonly exits: ExitCode[] = [];

  constructor(outside: AbortSignal, maxTimeMs: number) {
    this.#outside = outside;
    this.#onSignal = () => this.stop("interrupted", outside.reason === 143 ? 143 : 130);
    outside.addEventListener("abort", this.#onSignal, { once: true });
    this.#deadline = setTimeout(() => this.stop(`--max-time of ${maxTimeMs} ms reached`, 6), maxTimeMs);
    if (outside.aborted) this.#onSignal();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Ends the run; the first reason counts. */
  stop(why: string, exit?: ExitCode): void {
    this.stopped ??= why;
    if (exit !== undefined) this.exits.push(exit);
    this.#controller.abort();
  }

  close(): void {
    clearTimeout(this.#deadline);
    this.#outside.removeEventListener("abort", this.#onSignal);
  }
}
