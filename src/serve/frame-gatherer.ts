/**
 * Requests that arrive while the endpoint is busy become one call. Comes in: the records of one request. Goes out: an
 * answer for each. An idle endpoint is asked at once; what has come while it was busy is asked together. After a call
 * that took its time, those just answered get a moment to come back: sixteen clients would otherwise be asked one and
 * fifteen in turn for ever, which costs a DataFrame connector half its throughput.
 */
import { askRecords, type RecordAnswer } from "../endpoint/ask-records.ts";
import { BatchSize } from "../endpoint/batch-size.ts";
import type { CallOutcome, Endpoint, RecordText } from "../endpoint/endpoint.ts";

/** The most records in one call. */
export const maxFrameRecords = 1_024;

/** What became of a request's records: the texts of all answers, or what keeps it from having them. */
export type Gathered =
  | { readonly kind: "answered"; readonly answers: readonly RecordText[] }
  | { readonly kind: "not-implemented" }
  /** `index` of the record, if it is one record's fault and not the call's. */
  | {
      readonly kind: "fault";
      readonly index: number | undefined;
      readonly answer: Extract<RecordAnswer, { kind: "fault" }>;
    };

/** An endpoint whose calls are shorter than this is not worth waiting for company. */
const lingerFromMs = 0.8;
/** The longest wait, and how much of a call's time it may be. */
const maxLingerMs = 5;
const lingerShare = 0.5;
/** How fast a call is forgotten to have been the fastest: a busy machine makes some calls slow, never one too fast. */
const forgetting = 1.05;

/** A wait for company: it ends when so many requests are there, or at its end. */
interface Linger {
  readonly enough: number;
  readonly until: number;
  isWatched: boolean;
}

interface Pending {
  readonly records: readonly RecordText[];
  readonly resolve: (gathered: Gathered) => void;
  readonly reject: (reason: unknown) => void;
}

/** Gathers the requests of one server. */
export class FrameGatherer {
  readonly #endpoint: Endpoint;
  readonly #timeoutMs: number;
  /** By operation; an operation whose turn comes is taken out and put in again, behind the others. */
  readonly #waiting = new Map<string, Pending[]>();
  #busy = 0;
  #requests = 0;
  #linger: Linger | undefined;
  /** What a call takes at least, for one record or many. */
  #fastestMs = Number.POSITIVE_INFINITY;

  constructor(endpoint: Endpoint, timeoutMs: number) {
    this.#endpoint = endpoint;
    this.#timeoutMs = timeoutMs;
  }

  /** Asks the records of one request. Rejects only when the endpoint cannot be started. */
  async ask(operation: string, records: readonly RecordText[]): Promise<Gathered> {
    if (records.length <= maxFrameRecords) return this.#submit(operation, records);
    const parts: Promise<Gathered>[] = [];
    for (let at = 0; at < records.length; at += maxFrameRecords)
      parts.push(this.#submit(operation, records.slice(at, at + maxFrameRecords)));
    return join(await Promise.all(parts));
  }

  #submit(operation: string, records: readonly RecordText[]): Promise<Gathered> {
    const { promise, resolve, reject } = Promise.withResolvers<Gathered>();
    const waiting = this.#waiting.get(operation);
    if (waiting) waiting.push({ records, resolve, reject });
    else this.#waiting.set(operation, [{ records, resolve, reject }]);
    this.#requests += 1;
    const linger = this.#linger;
    if (linger === undefined || this.#requests >= linger.enough) this.#pump();
    else if (!linger.isWatched) this.#watch(linger);
    return promise;
  }

  /** Those who were just answered are likely to be back soon, and make the next call a fuller one. */
  #lingerAfter(answered: number, tookMs: number): void {
    this.#fastestMs = Math.min(tookMs, this.#fastestMs * forgetting);
    if (this.#fastestMs < lingerFromMs || this.#requests > answered) return;
    const until = performance.now() + Math.min(maxLingerMs, this.#fastestMs * lingerShare);
    this.#linger = { enough: this.#requests + answered, until, isWatched: false };
    if (this.#requests > 0) this.#watch(this.#linger);
  }

  /** Looks from time to time whether the wait is over, as soon as anybody waits. */
  #watch(linger: Linger): void {
    if (this.#linger !== linger) return;
    const leftMs = linger.until - performance.now();
    linger.isWatched = true;
    if (leftMs <= 0) this.#pump();
    // Timers are no finer than a millisecond.
    else if (leftMs < 1) setImmediate(() => this.#watch(linger));
    else setTimeout(() => this.#watch(linger), 1);
  }

  #pump(): void {
    this.#linger = undefined;
    while (this.#busy < this.#endpoint.concurrency) {
      const next = this.#waiting.entries().next();
      if (next.done) return;
      const [operation, waiting] = next.value;
      const taken = takeFrame(waiting);
      this.#requests -= taken.length;
      this.#waiting.delete(operation);
      if (waiting.length > 0) this.#waiting.set(operation, waiting);
      void this.#call(operation, taken);
    }
  }

  async #call(operation: string, pending: readonly Pending[]): Promise<void> {
    const records = pending.length === 1 ? (pending[0]?.records ?? []) : pending.flatMap((each) => each.records);
    const began = performance.now();
    this.#busy += 1;
    let outcome: CallOutcome;
    try {
      outcome = await this.#endpoint.call(operation, records, { timeoutMs: this.#timeoutMs });
    } catch (error) {
      this.#free(pending.length, performance.now() - began);
      for (const each of pending) each.reject(error);
      return;
    }
    this.#free(pending.length, performance.now() - began);
    if (outcome.kind === "answered") shareAnswers(pending, outcome.answers);
    // Nobody but us put these requests together: what is wrong with all of them is asked of each.
    else if (pending.length > 1 && isOfTheBatch(outcome))
      for (const each of pending) void this.#call(operation, [each]);
    else
      this.#isolate(operation, records, outcome).then(
        (outcomes) => shareOutcomes(pending, outcomes),
        (error: unknown) => pending.forEach((each) => each.reject(error)),
      );
  }

  /** What has waited is on its way before the answers of the last call are written. */
  #free(answered: number, tookMs: number): void {
    this.#busy -= 1;
    this.#lingerAfter(answered, tookMs);
    if (this.#linger === undefined) this.#pump();
  }

  /** After a call that failed: every record's own outcome, so that requests do not pay for each other. */
  async #isolate(
    operation: string,
    records: readonly RecordText[],
    outcome: Exclude<CallOutcome, { kind: "answered" }>,
  ): Promise<readonly RecordAnswer[]> {
    if (outcome.kind === "not-implemented") return records.map(() => ({ kind: "not-implemented" }));
    const canSplit = outcome.kind === "too-large" || (outcome.splitting && !outcome.stop);
    const stop = outcome.kind === "fault" && outcome.stop;
    if (!canSplit || records.length === 1) return records.map(() => ({ kind: "fault", fault: outcome.fault, stop }));
    const batch = new BatchSize(Math.ceil(records.length / 2));
    return askRecords(this.#endpoint, operation, records, { batch, timeoutMs: this.#timeoutMs });
  }
}

/** A fault that asking fewer records does not locate: rows that are missing or shuffled. */
function isOfTheBatch(outcome: CallOutcome): boolean {
  return outcome.kind === "fault" && !outcome.splitting && !outcome.stop;
}

/** The requests at the head of the queue that fit into one frame; at least one. */
function takeFrame(waiting: Pending[]): Pending[] {
  let size = 0;
  let count = 0;
  for (const each of waiting) {
    size += each.records.length;
    if (count > 0 && size > maxFrameRecords) break;
    count += 1;
  }
  return waiting.splice(0, count);
}

function shareAnswers(pending: readonly Pending[], answers: readonly RecordText[]): void {
  if (pending.length === 1) {
    pending[0]?.resolve({ kind: "answered", answers });
    return;
  }
  let at = 0;
  for (const { records, resolve } of pending) {
    resolve({ kind: "answered", answers: answers.slice(at, at + records.length) });
    at += records.length;
  }
}

function shareOutcomes(pending: readonly Pending[], outcomes: readonly RecordAnswer[]): void {
  let at = 0;
  for (const { records, resolve } of pending) {
    resolve(gathered(outcomes.slice(at, at + records.length)));
    at += records.length;
  }
}

function gathered(outcomes: readonly RecordAnswer[]): Gathered {
  const answers: RecordText[] = [];
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.kind === "not-implemented") return outcome;
    if (outcome.kind === "fault") {
      const isOfAll = outcomes.every((each) => each.kind === "fault" && each.fault === outcome.fault);
      return { kind: "fault", index: isOfAll ? undefined : index, answer: outcome };
    }
    answers.push(outcome.text);
  }
  return { kind: "answered", answers };
}

function join(parts: readonly Gathered[]): Gathered {
  const answers: RecordText[] = [];
  for (const [part, each] of parts.entries()) {
    if (each.kind === "fault")
      return { ...each, index: each.index === undefined ? undefined : part * maxFrameRecords + each.index };
    if (each.kind !== "answered") return each;
    answers.push(...each.answers);
  }
  return { kind: "answered", answers };
}
