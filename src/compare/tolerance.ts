import type { Tolerance, TypeKind } from "../contract/contract.ts";
import type { Comparison, Place } from "./comparison.ts";
import { type Decimal, isWithinExactly, type Numeric, parseDecimal, toDecimal } from "./decimal.ts";

const none: Tolerance = {};
const closeDoubles: Tolerance = { rel: 1e-9 };
const closeFloats: Tolerance = { ulp: 4 };

/** The tolerance at a place: the author's for the path, the author's for all, the contract's, the type's own. */
export function toleranceAt(place: Place, comparison: Comparison): Tolerance {
  return explicitTolerance(place, comparison) ?? defaultTolerance(place.type.kind);
}

/** The tolerance that somebody wrote down for a place; `exact` is one. */
export function explicitTolerance(place: Place, comparison: Comparison): Tolerance | undefined {
  if (place.given !== undefined && says(place.given)) return place.given;
  const { tolerance } = comparison.options;
  if (tolerance !== undefined && says(tolerance)) return tolerance;
  return says(place.field.tolerance) ? place.field.tolerance : undefined;
}

/** What holds where nobody wrote a tolerance: floats are never compared bit by bit unless they are declared `exact`. */
export function defaultTolerance(kind: TypeKind): Tolerance {
  if (kind === "float64" || kind === "json") return closeDoubles;
  return kind === "float32" ? closeFloats : none;
}

/**
 * Whether |candidate − reference| ≤ abs + rel·|reference|. Meant for the numbers as they are written: 2.33 is within
 * 0.01 of 2.32, although the doubles are a little more apart. Doubles decide wherever they can; near the bound, and
 * beyond their range, exact decimals do.
 */
export function isWithin(tolerance: Tolerance, reference: Numeric, candidate: Numeric): boolean {
  const abs = tolerance.abs ?? 0;
  const rel = tolerance.rel ?? 0;
  if (abs === 0 && rel === 0) return false;
  const r = typeof reference === "number" ? reference : Number(reference.text);
  const c = typeof candidate === "number" ? candidate : Number(candidate.text);
  const bound = abs + rel * Math.abs(r);
  const distance = Math.abs(c - r);
  // Above every rounding in these five operations, and of reading the texts as doubles.
  const slack = (Math.abs(r) + Math.abs(c) + bound) * 2 ** -50 + 2 ** -1070;
  if (distance < bound - slack) return true;
  if (distance > bound + slack) return false;
  return isWithinDecimals(tolerance, toDecimal(reference), toDecimal(candidate)) ?? distance <= bound;
}

/** The same for decimals; undefined where one of the four is not a finite number. */
export function isWithinDecimals(
  tolerance: Tolerance,
  reference: Decimal | undefined,
  candidate: Decimal | undefined,
): boolean | undefined {
  const abs = parseDecimal(String(tolerance.abs ?? 0));
  const rel = parseDecimal(String(tolerance.rel ?? 0));
  if (!abs || !rel || !reference || !candidate) return undefined;
  return isWithinExactly(reference, candidate, { abs, rel });
}

function says(tolerance: Tolerance): boolean {
  return (
    tolerance.abs !== undefined ||
    tolerance.rel !== undefined ||
    tolerance.ulp !== undefined ||
    tolerance.exact !== undefined
  );
}
