/** How long calls take, operation by operation. Comes in: every answered call. Goes out: a distribution for each. */
import { HistogramCounter } from "../verdict/histogram.ts";
import type { OperationTiming } from "../verdict/run-event.ts";

interface Calls {
  readonly ms: HistogramCounter;
  calls: number;
  records: number;
}

export class CallTimings {
  readonly #operations = new Map<string, Calls>();

  /** Takes note of one call and the records in it. */
  add(operation: string, ms: number, records: number): void {
    const known = this.#operations.get(operation) ?? { ms: new HistogramCounter(), calls: 0, records: 0 };
    this.#operations.set(operation, known);
    known.ms.add(ms);
    known.calls += 1;
    known.records += records;
  }

  /** In the order in which the operations were asked first. */
  list(): OperationTiming[] {
    return [...this.#operations].flatMap(([operation, { calls, ms, records }]) => {
      const histogram = ms.histogram();
      return histogram === undefined ? [] : [{ operation, calls, records, ms: histogram }];
    });
  }
}
