import type { CallOptions, CallOutcome, Description, Endpoint, RecordText } from "../endpoint/endpoint.ts";
import { isTallyError } from "../kernel/errors.ts";

/**
 * An endpoint that can be replaced while it is served. Calls made during a change wait for the new one; calls under way
 * are answered by the old one before it is closed. A new one that does not start answers with its error until the next.
 */
export class ReloadingEndpoint implements Endpoint {
  readonly #open: () => Endpoint;
  readonly #underWay = new Map<Endpoint, Set<Promise<CallOutcome>>>();
  #current: Endpoint;
  #ready: Promise<void>;

  constructor(first: Endpoint, open: () => Endpoint) {
    this.#open = open;
    this.#current = first;
    this.#ready = Promise.resolve();
  }

  get url(): string {
    return this.#current.url;
  }

  get retries(): number {
    return this.#current.retries;
  }

  get concurrency(): number {
    return this.#current.concurrency;
  }

  start(): Promise<void> {
    return this.#current.start();
  }

  async describe(): Promise<Description | undefined> {
    await this.#ready;
    return this.#current.describe();
  }

  async call(operation: string, records: readonly RecordText[], options: CallOptions): Promise<CallOutcome> {
    await this.#ready;
    const endpoint = this.#current;
    const calling = endpoint.call(operation, records, options);
    const calls = this.#underWay.get(endpoint) ?? new Set<Promise<CallOutcome>>();
    this.#underWay.set(endpoint, calls.add(calling));
    try {
      return await calling;
    } finally {
      calls.delete(calling);
    }
  }

  close(): Promise<void> {
    return this.#current.close();
  }

  /** Replaces the endpoint; resolves to what keeps the new one from starting, if anything does. */
  async reload(): Promise<Error | undefined> {
    const old = this.#current;
    this.#current = this.#open();
    const starting = this.#current.start();
    this.#ready = starting.catch(() => {});
    void this.#retire(old);
    try {
      await starting;
      return undefined;
    } catch (error) {
      if (isTallyError(error)) return error;
      throw error;
    }
  }

  async #retire(old: Endpoint): Promise<void> {
    const calls = this.#underWay.get(old);
    if (calls !== undefined) await Promise.allSettled(calls);
    this.#underWay.delete(old);
    await old.close();
  }
}
