/** How far apart two numbers are, against what is allowed. Comes in: a place and its two values. Goes out: a note of it. */
import type { Tolerance } from "../contract/contract.ts";
import type { Json } from "../kernel/json-value.ts";
import type { Comparison, Place } from "./comparison.ts";
import { numericDelta } from "./delta.ts";
import type { Delta } from "./mismatch.ts";

/** Notes the distance where it was asked for, and is a number other than 0. */
export function noteDistance(
  { path, type }: Place,
  [reference, candidate]: readonly [Json, Json],
  tolerance: Tolerance,
  { distances, options }: Comparison,
): void {
  if (options.distances !== true) return;
  const delta = plainDelta(reference, candidate, tolerance) ?? numericDelta(type, reference, candidate);
  if (delta === undefined || delta.abs === 0) return;
  distances.push({ path, abs: delta.abs, share: shareOfAllowed(tolerance, delta), tolerance });
}

/** Of two doubles the difference of doubles will do: most numbers are such, and there may be millions of them. */
function plainDelta(reference: Json, candidate: Json, { ulp }: Tolerance): Delta | undefined {
  if (typeof reference !== "number" || typeof candidate !== "number" || ulp !== undefined) return undefined;
  const abs = Math.abs(candidate - reference);
  const rel = abs / Math.abs(reference);
  if (abs === 0 || !Number.isFinite(abs)) return undefined;
  return Number.isFinite(rel) ? { abs, rel } : { abs };
}

/** 1 where the distance is just allowed. Of two kinds of tolerance the one that allows more counts, as in judging. */
function shareOfAllowed(tolerance: Tolerance, { abs, rel, ulp }: Delta): number | undefined {
  const size = rel === undefined || rel === 0 ? 0 : abs / rel;
  const bound = (tolerance.abs ?? 0) + (tolerance.rel ?? 0) * size;
  const shares = [
    ...(bound > 0 ? [abs / bound] : []),
    ...(tolerance.ulp !== undefined && tolerance.ulp > 0 && ulp !== undefined ? [ulp / tolerance.ulp] : []),
  ];
  return shares.length === 0 ? undefined : Math.min(...shares);
}
