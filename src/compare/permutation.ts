import type { Json } from "../kernel/json-value.ts";
import { indexes, matchLargest } from "./matching.ts";
import { valueText } from "./value-text.ts";

type Equal = (reference: Json, candidate: Json) => boolean;

/** Larger batches are judged by their first rows. */
const maxRows = 256;

/**
 * Whether the wrong rows of a batch are other rows' answers: moved by the same distance (`shifted`) or in another
 * order (`permuted`). The wire has no row ids, so this is all there is to tell it by. Undefined where the answers are
 * too few or too alike (labels only) for that to mean anything.
 */
export function looksPermuted(
  references: readonly Json[],
  candidates: readonly Json[],
  equal: Equal,
): "shifted" | "permuted" | undefined {
  const count = Math.min(references.length, candidates.length, maxRows);
  const wrong = indexes(count).filter((i) => !equal(references[i] ?? null, candidates[i] ?? null));
  if (wrong.length < 2 || !areTelling(references.slice(0, count))) return undefined;
  const agrees = (r: number, c: number): boolean => equal(references[r] ?? null, candidates[c] ?? null);
  if (isShifted(count, wrong, agrees)) return "shifted";
  // Answers that are simply wrong are found out by the first rows, without comparing each with each.
  if (!wrong.slice(0, 3).every((r) => wrong.some((c) => agrees(r, c)))) return undefined;
  const sizes = { references: wrong.length, candidates: wrong.length };
  const matching = matchLargest(sizes, [], (r, c) => agrees(wrong[r] ?? 0, wrong[c] ?? 0));
  return matching.onlyReference.length === 0 ? "permuted" : undefined;
}

/** Rows that mostly differ from each other: with two labels only, any wrong answer is another row's right one. */
function areTelling(references: readonly Json[]): boolean {
  const distinct = new Set(references.map(valueText)).size;
  return distinct >= 3 && distinct * 2 >= references.length;
}

/** Whether each wrong row holds the answer of the row `by` places on; rows pushed over an end are not judged. */
function isShifted(count: number, wrong: readonly number[], agrees: (r: number, c: number) => boolean): boolean {
  return indexes(2 * count - 1).some((i) => {
    const by = i % 2 === 0 ? i / 2 + 1 : -(i + 1) / 2;
    const judged = wrong.filter((row) => row + by >= 0 && row + by < count);
    return judged.length >= 2 && judged.length * 2 >= wrong.length && judged.every((row) => agrees(row + by, row));
  });
}
