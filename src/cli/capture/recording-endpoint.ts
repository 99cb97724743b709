/** An endpoint that tells what it was asked and what it answered. It answers exactly as the one behind it does. */
import type { CallOptions, CallOutcome, Description, Endpoint, RecordText } from "../../endpoint/endpoint.ts";
import { problem } from "../../kernel/errors.ts";

/** Who listens. */
export interface ExchangeListener {
  /** A record and its answer. */
  answered(operation: string, input: RecordText, answer: RecordText): void;
  /** A call of one record that came to nothing, and why; larger ones are asked again in parts. */
  unanswered(operation: string, why: string): void;
}

export class RecordingEndpoint implements Endpoint {
  readonly #inner: Endpoint;
  readonly #listener: ExchangeListener;

  constructor(inner: Endpoint, listener: ExchangeListener) {
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
    } else if (records.length === 1) this.#listener.unanswered(operation, reasonOf(operation, outcome));
    return outcome;
  }
}

function reasonOf(operation: string, outcome: Exclude<CallOutcome, { readonly kind: "answered" }>): string {
  return outcome.kind === "not-implemented"
    ? problem("operation-not-implemented", { operation }).message
    : outcome.fault.message;
}
