import { JsonNumber } from "../kernel/json-value.ts";

/**
 * A decimal number, exact whatever its exponent: ±digits × 10^exponent, without zeros at either end of `digits`
 * (zero has none). So two decimals are equal when their parts are, and 1e999999999 costs no memory.
 */
export interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  readonly exponent: bigint;
}

/** A number as the wire or an author gives it. */
export type Numeric = number | JsonNumber;

const numberText = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/u;
const zero: Decimal = { negative: false, digits: "", exponent: 0n };

/** The decimal that a text says (`-12.50`, `1E+3`), undefined when it is no number. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = numberText.exec(text);
  const whole = match?.[2] ?? "";
  const fraction = match?.[3] ?? "";
  if (!match || whole.length + fraction.length === 0) return undefined;
  const all = whole + fraction;
  let start = 0;
  while (all[start] === "0") start++;
  if (start === all.length) return zero;
  let end = all.length;
  while (all[end - 1] === "0") end--;
  const exponent = BigInt(match[4] ?? 0) + BigInt(all.length - end - fraction.length);
  return { negative: match[1] === "-", digits: all.slice(start, end), exponent };
}

/** A finite number as a decimal: as it was written, or the shortest text that reads back as the same double. */
export function toDecimal(value: Numeric | bigint): Decimal | undefined {
  return parseDecimal(value instanceof JsonNumber ? value.text : String(value));
}

/** Whether two decimals are the same number. */
export function equalDecimals(a: Decimal, b: Decimal): boolean {
  return a.exponent === b.exponent && a.negative === b.negative && a.digits === b.digits;
}

/** Whether a decimal has no digit after the point. */
export function isWhole(value: Decimal): boolean {
  return value.exponent >= 0n;
}

/** The power of ten just above a decimal: 0.1 × 10^magnitude ≤ |value| < 10^magnitude. */
export function magnitude(value: Decimal): bigint {
  return value.exponent + BigInt(value.digits.length);
}

/** The integer that a decimal is; undefined when it is none or has more than `maxDigits` digits. */
export function toInteger(value: Decimal, maxDigits: number): bigint | undefined {
  if (value.digits === "") return 0n;
  if (!isWhole(value) || magnitude(value) > BigInt(maxDigits)) return undefined;
  const size = BigInt(value.digits) * 10n ** value.exponent;
  return value.negative ? -size : size;
}

/** −1, 0 or 1, as `a` is less than, equal to or more than `b`. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  return signOfSum([term(a), negated(term(b))]);
}

/** Whether |candidate − reference| ≤ abs + rel·|reference|, exactly. */
export function isWithinExactly(
  reference: Decimal,
  candidate: Decimal,
  bound: { readonly abs: Decimal; readonly rel: Decimal },
): boolean {
  const [r, c] = [term(reference), term(candidate)];
  const distance = compareDecimals(candidate, reference) < 0 ? [r, negated(c)] : [c, negated(r)];
  const rel = term(bound.rel);
  const share = { coefficient: rel.coefficient * absolute(r.coefficient), exponent: rel.exponent + r.exponent };
  return signOfSum([term(bound.abs), share, ...distance.map(negated)]) >= 0;
}

/** |a − b| as a double; undefined where their exponents are too far from 0 for that to mean anything. */
export function distanceAsNumber(a: Decimal, b: Decimal): number | undefined {
  const near = (value: Decimal): boolean =>
    value.digits === "" || (value.exponent > -1500n && magnitude(value) < 400n && magnitude(value) > -400n);
  if (!near(a) || !near(b)) return undefined;
  const exponent = a.exponent < b.exponent ? a.exponent : b.exponent;
  const difference = scaled(a, exponent) - scaled(b, exponent);
  return Number(`${absolute(difference)}e${exponent}`);
}

/** coefficient × 10^exponent. */
interface Term {
  readonly coefficient: bigint;
  readonly exponent: bigint;
}

/**
 * The sign of a sum. Adds from the largest term down and stops when what is left cannot turn the sign, so that
 * exponents far apart are never written out; at most 9 terms.
 */
function signOfSum(terms: readonly Term[]): number {
  const sorted = terms
    .filter((each) => each.coefficient !== 0n)
    .map((each) => ({ each, top: each.exponent + BigInt(String(absolute(each.coefficient)).length) }))
    .toSorted((a, b) => (a.top < b.top ? 1 : a.top > b.top ? -1 : 0));
  let sum: Term = { coefficient: 0n, exponent: 0n };
  for (const { each: next, top } of sorted) {
    if (sum.coefficient === 0n) {
      sum = next;
      continue;
    }
    // All that is left is less than 9 × 10^top, and the sum is at least one unit of its own exponent.
    if (sum.exponent > top) break;
    const exponent = sum.exponent < next.exponent ? sum.exponent : next.exponent;
    const coefficient =
      sum.coefficient * 10n ** (sum.exponent - exponent) + next.coefficient * 10n ** (next.exponent - exponent);
    sum = { coefficient, exponent };
  }
  return sum.coefficient < 0n ? -1 : sum.coefficient > 0n ? 1 : 0;
}

function term(value: Decimal): Term {
  const size = BigInt(value.digits);
  return { coefficient: value.negative ? -size : size, exponent: value.exponent };
}

function scaled(value: Decimal, exponent: bigint): bigint {
  const { coefficient, exponent: own } = term(value);
  return coefficient === 0n ? 0n : coefficient * 10n ** (own - exponent);
}

function negated(value: Term): Term {
  return { coefficient: -value.coefficient, exponent: value.exponent };
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}
