/** An endpoint that tells what it was asked and what it answered. It answers exactly as the one behind it does. */
import type { CallOptions, CallOutcome, Description, Endpoint, RecordText } from "../../endpoint/endpoint.ts";

/** Who listens. */
export interface ExchangeListener {
  /** A record and its answer. */
  answered(operation: string, input: RecordText, answer: RecordText): void;
  /** A question that came to nothing, and why. */
  unanswered(operation: string, why: string): void;
}

export class RecordingEndpoint implements Endpoint {
  readonly #inner: Endpoint;
  readonly #listener: Pick<ExchangeListener, "answered">;

  constructor(inner: Endpoint, listener: Pick<ExchangeListener, "answered">) {
    this.#inner = inner;
    this.#listener = listener;
  }

  get url(): string {
    return this.#inner.url;
  }

  get retries(): number {
    return this.#inner.retries;
  }

  get concurrency(): number {
    return this.#inner.concurrency;
  }

  start(): Promise<void> {
    return this.#inner.start();
  }

  describe(): Promise<Description | undefined> {
    return this.#inner.describe();
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  async call(operation: string, records: readonly RecordText[], options: CallOptions): Promise<CallOutcome> {
    const outcome = await this.#inner.call(operation, records, options);
    if (outcome.kind === "answered") {
      for (const [i, input] of records.entries()) {
        const answer = outcome.answers[i];
        if (answer !== undefined) this.#listener.answered(operation, input, answer);
      }
    }
    return outcome;
  }
}
