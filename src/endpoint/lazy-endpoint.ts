/**
 * An endpoint whose code is loaded when it is first needed: whoever calls an HTTP endpoint does not wait for the
 * machinery of child processes.
 */
import type { CallOptions, CallOutcome, Description, Endpoint, RecordText } from "./endpoint.ts";

export class LazyEndpoint implements Endpoint {
  readonly url: string;
  readonly concurrency: number;
  readonly #load: () => Promise<Endpoint>;
  #loading: Promise<Endpoint> | undefined;
  #loaded: Endpoint | undefined;

  constructor(outline: { readonly url: string; readonly concurrency: number }, load: () => Promise<Endpoint>) {
    this.url = outline.url;
    this.concurrency = outline.concurrency;
    this.#load = load;
  }

  get retries(): number {
    return this.#loaded?.retries ?? 0;
  }

  async start(): Promise<void> {
    const endpoint = await this.#endpoint();
    await endpoint.start();
  }

  async describe(): Promise<Description | undefined> {
    const endpoint = await this.#endpoint();
    return endpoint.describe();
  }

  async call(operation: string, records: readonly RecordText[], options: CallOptions): Promise<CallOutcome> {
    const endpoint = this.#loaded ?? (await this.#endpoint());
    return endpoint.call(operation, records, options);
  }

  tracebackOf(operation: string, record: RecordText): string | undefined {
    return this.#loaded?.tracebackOf?.(operation, record);
  }

  async close(): Promise<void> {
    const endpoint = await this.#loading?.catch(() => undefined);
    await endpoint?.close();
  }

  async #endpoint(): Promise<Endpoint> {
    this.#loading ??= this.#load();
    this.#loaded = await this.#loading;
    return this.#loaded;
  }
}
