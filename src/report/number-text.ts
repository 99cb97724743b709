/** Numbers for people: values so that no difference hides, deltas in three digits. */
import type { Delta } from "../compare/mismatch.ts";
import type { Tolerance } from "../contract/contract.ts";

/** Three significant digits, without trailing zeros: `1.2e-7`, `0.5`, `3`, `5.4e15`. */
export function threeDigits(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const rounded = Number(value.toPrecision(3));
  const size = Math.abs(rounded);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return rounded.toExponential().replace("e+", "e");
  return String(rounded);
}

/** How far apart two numbers are: `abs 1 · rel 0.5 · ulp 4`. */
export function deltaText(delta: Delta): string {
  const parts = [`abs ${threeDigits(delta.abs)}`];
  if (delta.rel !== undefined) parts.push(`rel ${threeDigits(delta.rel)}`);
  if (delta.ulp !== undefined) parts.push(`ulp ${threeDigits(delta.ulp)}`);
  return parts.join(" · ");
}

/** A tolerance: `abs 1e-6, rel 1e-9`; `exact` where nothing is allowed. */
export function toleranceText(tolerance: Tolerance): string {
  const parts: string[] = [];
  if (tolerance.abs !== undefined) parts.push(`abs ${threeDigits(tolerance.abs)}`);
  if (tolerance.rel !== undefined) parts.push(`rel ${threeDigits(tolerance.rel)}`);
  if (tolerance.ulp !== undefined) parts.push(`ulp ${threeDigits(tolerance.ulp)}`);
  return parts.length === 0 ? "exact" : parts.join(", ");
}

const jsonNumber = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Whether a JSON text is a number. */
export function isNumberText(text: string): boolean {
  return jsonNumber.test(text);
}

/** Whether a JSON text is an integer, written as one. */
export function isIntegerText(text: string): boolean {
  return /^-?\d+$/.test(text);
}

/** Digits that say more than a double can: longer texts are shown as the shortest that reads back to the same double. */
const digitsOfDouble = 17;

/** A JSON number for people: as it was written, unless its digits go beyond what a double holds. Integers stay. */
export function numberText(text: string): string {
  if (isIntegerText(text) || !isNumberText(text)) return text;
  const digits = text
    .replace(/[eE].*$/, "")
    .replace(/^-?[0.]*/, "")
    .replace(".", "")
    .replace(/0+$/, "");
  const value = Number(text);
  if (digits.length > digitsOfDouble && Number.isFinite(value)) return Object.is(value, -0) ? "-0" : String(value);
  return text;
}

/** How far apart two JSON numbers are, where no judgement came with them. */
export function deltaOf(reference: string, candidate: string): Delta | undefined {
  if (!isNumberText(reference) || !isNumberText(candidate)) return undefined;
  const [from, to] = [Number(reference), Number(candidate)];
  const abs = Math.abs(to - from);
  if (!Number.isFinite(abs)) return undefined;
  return from === 0 ? { abs } : { abs, rel: abs / Math.abs(from) };
}

/** A share as a bar of cells that is full only at 100 % and empty only at 0. */
export function barCells(part: number, whole: number, cells: number): number {
  if (whole <= 0 || part <= 0) return 0;
  if (part >= whole) return cells;
  return Math.min(cells - 1, Math.max(1, Math.round((part / whole) * cells)));
}

/** A share in percent that says 100 only at 100 % and 0 only at 0. */
export function percent(part: number, whole: number): number {
  return barCells(part, whole, 100);
}
