/** How far numbers part from the reference's, field by field, whether they agree or not. Memory: one distribution a field. */
import type { Distance } from "../../compare/comparison.ts";
import type { Tolerance } from "../../contract/contract.ts";
import { HistogramCounter } from "../../verdict/histogram.ts";
import type { FieldDeltas } from "../../verdict/run-event.ts";
import { topField } from "./top-field.ts";

interface Gathered {
  readonly operation: string;
  readonly field: string;
  readonly scale: FieldDeltas["scale"];
  readonly tolerance: Tolerance;
  readonly sizes: HistogramCounter;
  within: number;
  beyond: number;
}

export class DeltaBoard {
  readonly #fields = new Map<string, Gathered>();

  /** `off`: paths of the same record that are beyond their tolerance; the judgement is not made twice. */
  add(operation: string, distances: readonly Distance[], off: ReadonlySet<string>): void {
    for (const { abs, path, share, tolerance } of distances) {
      const field = topField(path);
      const scale = share === undefined ? "abs" : "tolerance";
      const key = JSON.stringify([operation, field, scale]);
      const sizes = new HistogramCounter();
      const known = this.#fields.get(key) ?? { operation, field, scale, tolerance, sizes, within: 0, beyond: 0 };
      this.#fields.set(key, known);
      const isOff = off.has(path);
      known.sizes.add(share === undefined ? abs : besideBound(share, isOff));
      if (isOff) known.beyond += 1;
      else known.within += 1;
    }
  }

  /** By the name of operation and field: the same in whatever order the answers came. */
  list(): FieldDeltas[] {
    return [...this.#fields]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .flatMap(([, { sizes, ...rest }]) => {
        const histogram = sizes.histogram();
        return histogram === undefined ? [] : [{ ...rest, sizes: histogram }];
      });
  }
}

/** On the side of the bound on which it was judged, where rounding would put it on the other. */
function besideBound(share: number, isOff: boolean): number {
  return isOff ? Math.max(1, share) : Math.min(share, 1 - Number.EPSILON);
}
