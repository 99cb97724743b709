/**
 * Asks an endpoint any number of records, batch by batch. Comes in: the texts of records. Goes out: for each one, in the
 * same order, its answer or why there is none. A batch that fails is split down to the single record, so that one
 * poison record never hides others.
 */
import { type ErrorCode, type Problem, problem } from "../kernel/errors.ts";
import type { BatchSize } from "./batch-size.ts";
import type { CallOutcome, Endpoint, RecordText } from "./endpoint.ts";
import type { EndpointNotes } from "./endpoint-notes.ts";

/** What became of one record. */
export type RecordAnswer =
  /** `ms` of the call and `batch`, the number of records in it. */
  | { readonly kind: "answered"; readonly text: RecordText; readonly ms: number; readonly batch: number }
  /** `stop`: nothing more was or should be asked. */
  | { readonly kind: "fault"; readonly fault: Problem; readonly stop: boolean }
  | { readonly kind: "not-implemented" };

export interface AskOptions {
  readonly batch: BatchSize;
  /** Total deadline of one call. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Gathers what was odd, once for all calls of an endpoint. */
  readonly notes?: EndpointNotes | undefined;
  /** Told of every call and how many records it asked. */
  readonly onOutcome?: ((outcome: CallOutcome, asked: number) => void) | undefined;
}

/** Asks all records, `endpoint.concurrency` calls at a time. Rejects only when the endpoint cannot be started. */
export async function askRecords(
  endpoint: Endpoint,
  operation: string,
  records: readonly RecordText[],
  options: AskOptions,
): Promise<RecordAnswer[]> {
  const asking = new Asking(endpoint, operation, records, options);
  await asking.askAll();
  return asking.answers();
}

/** Faults without a complete answer: three in a row say that the endpoint, not a record, is the cause. */
const silent: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "endpoint-timeout",
  "endpoint-reset",
  "endpoint-incomplete",
  "endpoint-answer-too-large",
  "endpoint-connection",
  "connector-timeout",
  "stdio-timeout",
]);

/** Records from one index up to, but not including, another. */
interface Span {
  readonly from: number;
  readonly to: number;
}

class Asking {
  readonly #endpoint: Endpoint;
  readonly #operation: string;
  readonly #records: readonly RecordText[];
  readonly #options: AskOptions;
  readonly #answers: (RecordAnswer | undefined)[];
  #next = 0;
  /** Set once nothing more is to be asked: the answer of all records that have none. */
  #ended: RecordAnswer | undefined;

  constructor(endpoint: Endpoint, operation: string, records: readonly RecordText[], options: AskOptions) {
    this.#endpoint = endpoint;
    this.#operation = operation;
    this.#records = records;
    this.#options = options;
    this.#answers = new Array<RecordAnswer | undefined>(records.length);
  }

  async askAll(): Promise<void> {
    const lanes = Math.min(this.#endpoint.concurrency, this.#records.length);
    await Promise.all(Array.from({ length: lanes }, () => this.#askLane()));
  }

  answers(): RecordAnswer[] {
    const missing = this.#ended ?? this.#cancelled();
    return Array.from(this.#answers, (answer) => answer ?? missing);
  }

  async #askLane(): Promise<void> {
    try {
      while (this.#next < this.#records.length && !this.#hasEnded()) {
        const from = this.#next;
        this.#next = Math.min(this.#records.length, from + this.#options.batch.current);
        await this.#ask({ from, to: this.#next });
      }
    } catch (error) {
      // The other lanes end too: whoever called hears of it once.
      this.#next = this.#records.length;
      throw error;
    }
  }

  async #ask(span: Span): Promise<void> {
    if (this.#hasEnded()) return;
    const outcome = await this.#call(span);
    if (outcome === undefined) return;
    const size = span.to - span.from;
    if (outcome.kind === "too-large") {
      this.#options.batch.lowerTo(size / 2);
      await this.#askHalves(span);
      return;
    }
    if (silent.has(outcome.fault.code) && (await this.#isSilentAlone(span))) return;
    await this.#askHalves(span);
    // Every record is answered in smaller batches: it was the size.
    const isClean = this.#answers.slice(span.from, span.to).every((answer) => answer?.kind === "answered");
    if (isClean) this.#options.batch.lowerTo(size / 2);
  }

  async #askHalves({ from, to }: Span): Promise<void> {
    const middle = from + Math.ceil((to - from) / 2);
    await this.#ask(this.#unanswered({ from, to: middle }));
    await this.#ask(this.#unanswered({ from: middle, to }));
  }

  /** After a batch without an answer: asks its first and its last record alone. When both are silent too, all ends. */
  async #isSilentAlone({ from, to }: Span): Promise<boolean> {
    for (const index of [from, to - 1]) {
      if (this.#hasEnded()) return true;
      await this.#call({ from: index, to: index + 1 });
      const answer = this.#answers[index];
      if (answer?.kind !== "fault" || !silent.has(answer.fault.code)) return false;
      if (index !== from) this.#end({ ...answer, stop: true });
    }
    return true;
  }

  /** Makes one call and keeps what it decided; gives back what has to be split. */
  async #call(span: Span): Promise<Extract<CallOutcome, { readonly fault: Problem }> | undefined> {
    const { from, to } = span;
    const asked = to - from;
    if (asked === 0) return undefined;
    const { timeoutMs, signal, notes, onOutcome } = this.#options;
    const outcome = await this.#endpoint.call(this.#operation, this.#records.slice(from, to), {
      timeoutMs,
      ...(signal === undefined ? {} : { signal }),
    });
    onOutcome?.(outcome, asked);
    switch (outcome.kind) {
      case "answered": {
        notes?.add(outcome.notes);
        const { answers, ms } = outcome;
        for (const [index, text] of answers.entries()) {
          this.#answers[from + index] = { kind: "answered", text, ms, batch: asked };
        }
        return undefined;
      }
      case "not-implemented":
        this.#end({ kind: "not-implemented" });
        return undefined;
      case "fault":
        if (outcome.splitting && !outcome.stop && asked > 1) return outcome;
        this.#fail(span, { kind: "fault", fault: outcome.fault, stop: outcome.stop });
        return undefined;
      case "too-large":
        if (asked > 1) return outcome;
        this.#fail(span, { kind: "fault", fault: outcome.fault, stop: false });
        return undefined;
    }
  }

  #fail({ from, to }: Span, answer: Extract<RecordAnswer, { readonly kind: "fault" }>): void {
    this.#answers.fill(answer, from, to);
    if (answer.stop) this.#end(answer);
  }

  #end(answer: RecordAnswer): void {
    this.#ended ??= answer;
  }

  #hasEnded(): boolean {
    return this.#ended !== undefined || this.#options.signal?.aborted === true;
  }

  /** Without the records at either end that were asked alone. */
  #unanswered({ from, to }: Span): Span {
    let first = from;
    let last = to;
    while (first < last && this.#answers[first] !== undefined) first++;
    while (last > first && this.#answers[last - 1] !== undefined) last--;
    return { from: first, to: last };
  }

  #cancelled(): RecordAnswer {
    return { kind: "fault", fault: problem("endpoint-cancelled", { url: this.#endpoint.url }), stop: true };
  }
}
