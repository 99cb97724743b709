import type { Tolerance } from "../contract/contract.ts";
import { JsonNumber } from "../kernel/json-value.ts";
import { equalDecimals, type Numeric, toDecimal } from "./decimal.ts";
import { isWithin, isWithinDecimals } from "./tolerance.ts";
import { ulpsApart32, ulpsApart64 } from "./ulp.ts";

/** How two floats are compared. */
export interface FloatRule {
  readonly kind: "float32" | "float64";
  readonly tolerance: Tolerance;
  readonly signedZero: boolean;
}

/**
 * Whether two floats agree: both NaN, the same infinity, equal in the declared width, within abs + rel·|reference|, or
 * at most `ulp` apart. A number that no double can hold (1e400) is never taken for an infinity: it is compared as the
 * decimal that was written.
 */
export function floatsAgree(rule: FloatRule, reference: Numeric, candidate: Numeric): boolean {
  const r = typeof reference === "number" ? reference : Number(reference.text);
  const c = typeof candidate === "number" ? candidate : Number(candidate.text);
  if (isOverflow(reference, r) || isOverflow(candidate, c)) return decimalsAgree(rule.tolerance, reference, candidate);
  if (r === c) return r !== 0 || !rule.signedZero || Object.is(r, c);
  if (Number.isNaN(r) || Number.isNaN(c)) return Number.isNaN(r) && Number.isNaN(c);
  if (!Number.isFinite(r) || !Number.isFinite(c)) return false;
  const ulp = rule.tolerance.ulp ?? 0;
  if (rule.kind === "float32" && ulpsApart32(r, c) <= ulp) return true;
  if (rule.kind === "float64" && ulp > 0 && ulpsApart64(r, c) <= ulp) return true;
  return isWithin(rule.tolerance, reference, candidate);
}

/** What may help a person who sees two floats that do not agree. */
export function floatHint(
  rule: FloatRule,
  values: { readonly reference: Numeric; readonly candidate: Numeric },
  written: boolean,
): string | undefined {
  const { reference, candidate } = values;
  const r = typeof reference === "number" ? reference : Number(reference.text);
  const c = typeof candidate === "number" ? candidate : Number(candidate.text);
  if (isOverflow(candidate, c)) return overflowHint("the candidate's number", rule.kind);
  if (isOverflow(reference, r))
    return overflowHint(written ? "the expected number" : "the reference's number", rule.kind);
  if (r === 0 && c === 0) return "−0 and 0 differ here: signed_zero = true";
  if (Number.isNaN(r) !== Number.isNaN(c)) return "NaN agrees only with NaN";
  if (!Number.isFinite(r) || !Number.isFinite(c)) return undefined;
  if (rule.kind === "float32" && !Number.isFinite(Math.fround(c)))
    return overflowHint("the candidate's number", "float32");
  return (written ? writtenDigitsHint(reference, candidate) : undefined) ?? roundingHint(r, c);
}

/** Whether a number is beyond the largest value of its type. */
export function overflows(kind: "float32" | "float64", value: Numeric): boolean {
  const number = typeof value === "number" ? value : Number(value.text);
  if (isOverflow(value, number)) return true;
  return kind === "float32" && Number.isFinite(number) && !Number.isFinite(Math.fround(number));
}

/**
 * The hint for a value that is right as far as the author wrote it: expected 2.32, got 2.3219280948873623. Only where
 * the written digits say something: not for 3 against 3.4.
 */
export function writtenDigitsHint(reference: Numeric, candidate: Numeric): string | undefined {
  const r = toDecimal(reference);
  const c = toDecimal(candidate);
  if (!r || !c || r.digits === "" || c.digits === "") return undefined;
  const text = reference instanceof JsonNumber ? reference.text : String(reference);
  const places = placesWritten(text);
  if (places === undefined) return undefined;
  const half = Number(`5e${-places - 1}`);
  if (isWithinDecimals({ abs: half }, r, c) !== true) return undefined;
  if (r.digits.length < 2 && isWithinDecimals({ rel: 0.05 }, r, c) !== true) return undefined;
  const digits =
    places === 1 ? "one decimal that was" : places > 1 ? `${places} decimals that were` : "digits that were";
  return `agrees at the ${digits} written: approx(${text}, { abs: ${half} })`;
}

/** Digits after the point as written (of 2.320 three), fewer than none for 2e3; undefined for absurd exponents. */
function placesWritten(text: string): number | undefined {
  const [mantissa = "", exponent = "0"] = text.toLowerCase().split("e");
  const places = (mantissa.split(".")[1] ?? "").length - Number(exponent);
  return Math.abs(places) <= 300 ? places : undefined;
}

/** Fewest significant digits that a deliberate rounding leaves; doubles have up to 17 anyway. */
const roundedDigits = { least: 3, most: 12 };

function roundingHint(r: number, c: number): string | undefined {
  if (r === -c) return "the same size with the other sign";
  if (Math.fround(r) === c) return "the candidate is the reference rounded to float32";
  if (Math.fround(c) === r) return "the reference is the candidate rounded to float32";
  return printedHint("the candidate is the reference", r, c) ?? printedHint("the reference is the candidate", c, r);
}

function printedHint(subject: string, full: number, rounded: number): string | undefined {
  const digits = toDecimal(rounded)?.digits.length ?? 0;
  if (digits < roundedDigits.least || digits > roundedDigits.most) return undefined;
  if (Number(full.toPrecision(digits)) === rounded) return `${subject} rounded to ${digits} significant digits`;
  return String(full).startsWith(String(rounded)) ? `${subject} cut off after ${digits} significant digits` : undefined;
}

function decimalsAgree(tolerance: Tolerance, reference: Numeric, candidate: Numeric): boolean {
  const r = toDecimal(reference);
  const c = toDecimal(candidate);
  if (!r || !c) return false;
  return equalDecimals(r, c) || isWithinDecimals(tolerance, r, c) === true;
}

function isOverflow(value: Numeric, double: number): boolean {
  return typeof value !== "number" && !Number.isFinite(double) && !Number.isNaN(double);
}

function overflowHint(subject: string, kind: "float32" | "float64"): string {
  const largest = kind === "float32" ? "3.4e38" : "1.8e308";
  return `${subject} is beyond the largest ${kind} (about ${largest}); it is not taken for Infinity`;
}
