/**
 * So many processes of one kind, started when they are needed, replaced when they have ended. Comes in: how to start
 * one. Goes out: one process for one call at a time. Knows nothing of what is said to them.
 */

/** A process that can be lent. */
export interface Lendable {
  /** False when it has ended or must not be used again. */
  readonly isUsable: boolean;
  end(): Promise<void>;
}

interface Waiting<Process> {
  readonly resolve: (process: Process | undefined) => void;
  readonly reject: (reason: unknown) => void;
}

/** Lends processes, at most `size` at once. */
export class ProcessPool<Process extends Lendable> {
  readonly #start: (closing: AbortSignal) => Promise<Process>;
  readonly #size: number;
  readonly #idle: Process[] = [];
  readonly #lent = new Set<Process>();
  readonly #waiting: Waiting<Process>[] = [];
  readonly #starts = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  #starting = 0;
  #isClosed = false;

  /** `start` gives up when its signal says that the pool is closed. */
  constructor(size: number, start: (closing: AbortSignal) => Promise<Process>) {
    this.#size = size;
    this.#start = start;
  }

  /**
   * A process for one call; give it back with `release`. Undefined when the pool was closed meanwhile; rejects with what
   * `start` threw when none can be had.
   */
  acquire(): Promise<Process | undefined> {
    if (this.#isClosed) return Promise.resolve(undefined);
    const ready = this.#takeIdle();
    if (ready) return Promise.resolve(this.#lend(ready));
    const { promise, resolve, reject } = Promise.withResolvers<Process | undefined>();
    this.#waiting.push({ resolve, reject });
    this.#grow();
    return promise;
  }

  release(process: Process): void {
    this.#lent.delete(process);
    if (this.#isClosed) return;
    if (process.isUsable) this.#offer(process);
    else this.#grow();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const waiting of this.#waiting.splice(0)) waiting.resolve(undefined);
    this.#closing.abort();
    await Promise.all([...[...this.#idle, ...this.#lent].map((process) => process.end()), ...this.#starts]);
  }

  get #count(): number {
    return this.#idle.length + this.#lent.size + this.#starting;
  }

  #takeIdle(): Process | undefined {
    // The last one used first: what is warm stays warm.
    for (let process = this.#idle.pop(); process !== undefined; process = this.#idle.pop())
      if (process.isUsable) return process;
    return undefined;
  }

  #lend(process: Process): Process {
    this.#lent.add(process);
    return process;
  }

  #offer(process: Process): void {
    const next = this.#waiting.shift();
    if (next) next.resolve(this.#lend(process));
    else this.#idle.push(process);
  }

  /** One more process while somebody waits and there is room. Whoever is free first serves, the new one or an old one. */
  #grow(): void {
    if (this.#waiting.length > this.#starting && this.#count < this.#size) this.#startOne();
  }

  #startOne(): void {
    this.#starting += 1;
    const start = this.#startAndOffer().finally(() => this.#starts.delete(start));
    this.#starts.add(start);
  }

  async #startAndOffer(): Promise<void> {
    try {
      const process = await this.#start(this.#closing.signal);
      this.#starting -= 1;
      if (this.#isClosed) await process.end();
      else this.#offer(process);
    } catch (error) {
      this.#starting -= 1;
      // Others may still serve those who wait; if there are none, waiting is in vain.
      if (this.#lent.size + this.#starting === 0) for (const waiting of this.#waiting.splice(0)) waiting.reject(error);
    }
  }
}
