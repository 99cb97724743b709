/**
 * From the digits of a JSON number to a double, and the decision whether a double is enough.
 */
import { JsonNumber } from "./json-value.ts";

/** 10^0 … 10^22: the powers of ten that are doubles without rounding. */
export const exactPower: readonly number[] = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/** 2^27 + 1: splits a double into two halves of 26 bits, whose products are exact. */
const splitter = 134217729;

/**
 * The double nearest to (high · 10^lowDigits + low) / 10^scale, or NaN when two doubles are about equally near.
 * A quotient and its remainder in twice the precision of a double: a fifth of the time of cutting the text out for
 * `Number`. The result is only given when it is the same for every remainder within 1e-14 (relative) of the computed one,
 * and that one is within 4e-16. Limits: high < 10^9, lowDigits <= 9, high · 5^lowDigits < 2^53, scale <= 22.
 */
export function nearestDouble(high: number, low: number, lowDigits: number, scale: number): number {
  // Exact: 10^n is 2^n · 5^n, and the product with 5^n fits. Then sum + rest is the whole number of up to 18 digits.
  const head = high * (exactPower[lowDigits] ?? 1);
  const sum = head + low;
  const rest = low - (sum - head);
  const divisor = exactPower[scale] ?? 1;
  const quotient = sum / divisor;

  // quotient · divisor exactly, as product + error.
  let split = splitter * quotient;
  const quotientHigh = split - (split - quotient);
  const quotientLow = quotient - quotientHigh;
  split = splitter * divisor;
  const divisorHigh = split - (split - divisor);
  const divisorLow = divisor - divisorHigh;
  const product = quotient * divisor;
  const error =
    quotientLow * divisorLow -
    (product - quotientHigh * divisorHigh - quotientLow * divisorHigh - quotientHigh * divisorLow);

  const remainder = (sum - product - error + rest) / divisor;
  const least = quotient + remainder * (1 - 1e-14);
  const most = quotient + remainder * (1 + 1e-14);
  return least === most ? least : Number.NaN;
}

/** Digits of a double that always survive text → double → text is 15, but every double needs at most this many. */
const maxDigits = 17;
const smallestNormal = 2.2250738585072014e-308;

/**
 * A number's text as a plain number if that says everything: a safe integer in any spelling, or a non-integer of at most 17
 * significant digits that a double holds. What overflows, vanishes or becomes an integer on the way keeps its text.
 */
export function numberOf(text: string): number | JsonNumber {
  const value = Number(text);
  const { digits, exponent } = decimalOf(text);
  if (digits === "") return value;
  if (exponent >= 0) return Number.isSafeInteger(value) ? value : new JsonNumber(text);
  if (digits.length > maxDigits || !Number.isFinite(value) || Number.isInteger(value)) return new JsonNumber(text);
  // Below the normal range a double has fewer digits than it was given.
  if (Math.abs(value) < smallestNormal && decimalOf(String(value)).digits !== digits) return new JsonNumber(text);
  return value;
}

/** A number's digits without zeros at either end, and the power of ten of the last one. No digits: zero. */
function decimalOf(text: string): { digits: string; exponent: number } {
  const mark = text.search(/[eE]/);
  const mantissa = mark < 0 ? text : text.slice(0, mark);
  const power = mark < 0 ? 0 : Number(text.slice(mark + 1));
  const point = mantissa.indexOf(".");
  const all = mantissa.replace(/[-.]/g, "");
  let first = 0;
  while (all[first] === "0") first++;
  let end = all.length;
  while (end > first && all[end - 1] === "0") end--;
  const decimals = point < 0 ? 0 : mantissa.length - point - 1;
  return { digits: all.slice(first, end), exponent: power - decimals + (all.length - end) };
}
