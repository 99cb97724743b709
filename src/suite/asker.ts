/**
 * The one place of a suite run that touches the endpoint under test. Comes in: records of the tests' calls. Goes out: an
 * answer for each. It counts calls, gives up after three faults in a row, and shows every answer to whoever watches.
 */
import { askRecords, type RecordAnswer } from "../endpoint/ask-records.ts";
import { BatchSize } from "../endpoint/batch-size.ts";
import type { Endpoint, RecordText } from "../endpoint/endpoint.ts";
import { EndpointNotes } from "../endpoint/endpoint-notes.ts";
import type { ErrorCode, Problem } from "../kernel/errors.ts";
import { CallTimings } from "./call-timings.ts";
import type { CallAnswer, RoundCall } from "./messages.ts";

export interface AskerOptions {
  readonly batch: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Records that are about to be sent. */
  readonly asking?: (operation: string, records: readonly RecordText[]) => void;
  /** Every record that was answered, with the number of records in its call. */
  readonly answered: (operation: string, input: RecordText, answer: RecordText, batch: number) => void;
  readonly notImplemented: (operation: string) => void;
}

/** After so many calls in a row that nothing answered, the endpoint is gone. */
const maxFaultsInARow = 3;

/** Faults of the connection rather than of a record. */
const transport: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "endpoint-unreachable",
  "endpoint-timeout",
  "endpoint-reset",
  "endpoint-incomplete",
  "endpoint-connection",
]);

export class Asker {
  readonly endpoint: Endpoint;
  readonly #options: AskerOptions;
  readonly #batch: BatchSize;
  readonly notes = new EndpointNotes();
  readonly timings = new CallTimings();
  #faultsInARow = 0;
  calls = 0;
  records = 0;
  /** Why the run stopped asking, if it did. */
  gaveUp: Problem | undefined;

  constructor(endpoint: Endpoint, options: AskerOptions) {
    this.endpoint = endpoint;
    this.#options = options;
    this.#batch = new BatchSize(options.batch);
  }

  /** What the endpoint says it takes at a time. */
  limitBatch(maxBatch: number | undefined): void {
    if (maxBatch !== undefined) this.#batch.lowerTo(maxBatch);
  }

  /** Answers one round: calls of the same operation travel together unless they must stay apart. */
  async askRound(calls: readonly RoundCall[]): Promise<CallAnswer[][]> {
    const answers: CallAnswer[][] = calls.map(() => []);
    const together = Map.groupBy(calls.entries(), ([i, call]) => (call.apart ? String(i) : call.operation));
    await Promise.all(
      [...together.values()].map(async (group) => {
        const records = group.flatMap(([, call]) => call.records);
        const [first] = group;
        const asked = first ? await this.ask(first[1].operation, records, first[1].single) : [];
        let from = 0;
        for (const [i, call] of group) {
          answers[i] = asked.slice(from, from + call.records.length);
          from += call.records.length;
        }
      }),
    );
    return answers;
  }

  /** Asks records of one operation; `single` sends each by itself. */
  async ask(operation: string, records: readonly RecordText[], single: boolean): Promise<CallAnswer[]> {
    const { timeoutMs, signal, answered, notImplemented } = this.#options;
    if (this.gaveUp) return records.map(() => this.#givenUp());
    this.#options.asking?.(operation, records);
    const asked = await askRecords(this.endpoint, operation, records, {
      batch: single ? new BatchSize(1) : this.#batch,
      timeoutMs,
      signal,
      notes: this.notes,
      onOutcome: (outcome, count) => {
        if (outcome.kind === "answered") this.timings.add(operation, outcome.ms, count);
        this.calls += 1;
        this.records += count;
      },
    });
    this.#watchFaults(asked);
    return asked.map((answer, i): CallAnswer => {
      if (answer.kind === "answered") answered(operation, records[i] ?? "{}", answer.text, answer.batch);
      else if (answer.kind === "not-implemented") notImplemented(operation);
      return answer.kind === "fault" ? { kind: "fault", fault: answer.fault, ms: 0 } : answer;
    });
  }

  /** One call that came back without any answer is one fault, however many records it carried. */
  #watchFaults(asked: readonly RecordAnswer[]): void {
    const faults = asked.filter((answer) => answer.kind === "fault");
    const gone = faults.find((answer) => answer.stop);
    const silent = faults.length === asked.length && faults.every((answer) => transport.has(answer.fault.code));
    this.#faultsInARow = silent ? this.#faultsInARow + 1 : 0;
    if (gone) this.gaveUp ??= gone.fault;
    else if (this.#faultsInARow >= maxFaultsInARow) this.gaveUp ??= faults[0]?.fault;
  }

  #givenUp(): CallAnswer {
    return this.gaveUp ? { kind: "fault", fault: this.gaveUp, ms: 0 } : { kind: "not-implemented" };
  }
}
