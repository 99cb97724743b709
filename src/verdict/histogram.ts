/**
 * How many values lie where: exact counts in logarithmic classes. Comes in: positive numbers, any number of them. Goes
 * out: classes that are the same in whatever order the values came, and that add up. Memory is bounded by the classes.
 */

/** A distribution. Class `at` holds the values from 10^(at/10) up to, but not including, 10^((at+1)/10). */
export interface Histogram {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  /** In ascending order, without empty ones. */
  readonly classes: readonly HistogramClass[];
}

export interface HistogramClass {
  readonly at: number;
  readonly count: number;
}

/** Classes between a number and ten times that number. */
export const classesPerDecade = 10;

/** The classes of what is smaller or larger than any double, zero and infinity included. */
const [lowest, highest] = [-3240, 3089];

export class HistogramCounter {
  readonly #classes = new Map<number, number>();
  #count = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = 0;

  /** Counts a value that is not negative. */
  add(value: number): void {
    const at = classOf(value);
    this.#classes.set(at, (this.#classes.get(at) ?? 0) + 1);
    this.#count += 1;
    this.#min = Math.min(this.#min, value);
    this.#max = Math.max(this.#max, value);
  }

  /** Undefined as long as nothing was counted. */
  histogram(): Histogram | undefined {
    if (this.#count === 0) return undefined;
    const finite = (value: number): number => Math.min(value, Number.MAX_VALUE);
    return { count: this.#count, min: finite(this.#min), max: finite(this.#max), classes: ascending(this.#classes) };
  }
}

/** The class of a value: rounding at a bound may put it beside its own, but equal values are always in one class. */
function classOf(value: number): number {
  if (!(value > 0)) return lowest;
  return Math.max(lowest, Math.min(highest, Math.floor(Math.log10(value) * classesPerDecade)));
}

/** Where a class begins; the class before ends there. */
export function classStart(at: number): number {
  return 10 ** (at / classesPerDecade);
}

/** Two distributions as one. */
export function addHistograms(one: Histogram, other: Histogram): Histogram {
  const classes = new Map(one.classes.map(({ at, count }) => [at, count]));
  for (const { at, count } of other.classes) classes.set(at, (classes.get(at) ?? 0) + count);
  return {
    count: one.count + other.count,
    min: Math.min(one.min, other.min),
    max: Math.max(one.max, other.max),
    classes: ascending(classes),
  };
}

function ascending(classes: ReadonlyMap<number, number>): HistogramClass[] {
  return [...classes].map(([at, count]) => ({ at, count })).toSorted((a, b) => a.at - b.at);
}

/** A value that so large a share of all does not exceed: the middle of its class, which is at most an eighth off. */
export function quantile({ classes, count, max, min }: Histogram, share: number): number {
  let left = Math.ceil(share * count);
  for (const each of classes) {
    left -= each.count;
    if (left <= 0) return Math.max(min, Math.min(max, classStart(each.at + 0.5)));
  }
  return max;
}
