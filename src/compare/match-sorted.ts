import type { Numeric } from "./decimal.ts";
import { indexes, type Matching, matchingOf, type Pair } from "./matching.ts";

type Agrees = (reference: number, candidate: number) => boolean;

/** The numbers as doubles, undefined when one is no number or beyond every double: those have no place in the order. */
export function sortable(values: readonly (Numeric | undefined)[]): number[] | undefined {
  const numbers: number[] = [];
  for (const value of values) {
    if (value === undefined) return undefined;
    const number = typeof value === "number" ? value : Number(value.text);
    if (typeof value !== "number" && !Number.isFinite(number)) return undefined;
    numbers.push(number);
  }
  return numbers;
}

/**
 * A largest matching between numbers, each with one partner at most. Both sides in ascending order, each number takes
 * the first that agrees with it: as the intervals in which a reference agrees are in the order of the references, no
 * other pairing finds more.
 */
export function matchSorted(references: readonly number[], candidates: readonly number[], agrees: Agrees): Matching {
  const [left, right] = [ascending(references), ascending(candidates)];
  const pairs: Pair[] = [];
  let [i, j] = [0, 0];
  while (i < left.length && j < right.length) {
    const [r, c] = [left[i] ?? 0, right[j] ?? 0];
    const together = agrees(r, c);
    if (together) pairs.push([r, c]);
    const referenceFirst = inOrder(references[r] ?? 0, candidates[c] ?? 0) <= 0;
    if (together || referenceFirst) i++;
    if (together || !referenceFirst) j++;
  }
  return matchingOf({ references: left.length, candidates: right.length }, pairs);
}

/** For each number a partner on the other side, which several may share: the nearest one agrees if any does. */
export function coverSorted(references: readonly number[], candidates: readonly number[], agrees: Agrees): Matching {
  const [left, right] = [ascending(references), ascending(candidates)];
  const pairs: Pair[] = [];
  references.forEach((value, r) => {
    const c = neighbours(right, candidates, value).find((each) => agrees(r, each));
    if (c !== undefined) pairs.push([r, c]);
  });
  candidates.forEach((value, c) => {
    const r = neighbours(left, references, value).find((each) => agrees(each, c));
    if (r !== undefined) pairs.push([r, c]);
  });
  return matchingOf({ references: left.length, candidates: right.length }, pairs);
}

/** Indexes of the numbers just below, at and just above a value. */
function neighbours(sorted: readonly number[], values: readonly number[], value: number): number[] {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (inOrder(values[sorted[middle] ?? 0] ?? 0, value) < 0) low = middle + 1;
    else high = middle;
  }
  return sorted.slice(Math.max(0, low - 1), low + 2);
}

function ascending(values: readonly number[]): number[] {
  return indexes(values.length).toSorted((a, b) => inOrder(values[a] ?? 0, values[b] ?? 0));
}

/** Ascending, −0 before 0, NaN last. */
function inOrder(a: number, b: number): number {
  if (a === b) return Object.is(a, b) ? 0 : Object.is(a, -0) ? -1 : 1;
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b ? -1 : 1;
}
