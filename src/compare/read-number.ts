import type { TypeKind } from "../contract/contract.ts";
import { integerRanges } from "../contract/type-grammar.ts";
import { type Json, JsonNumber } from "../kernel/json-value.ts";
import { type Decimal, isWhole, magnitude, type Numeric, parseDecimal, toDecimal, toInteger } from "./decimal.ts";

/** 2^63 and 2^64 have 19 and 20 digits: what has more is out of every range. */
const maxDigits = 20;

/** The number in a declared float field: also the texts "NaN", "Infinity" and "-Infinity". */
export function readFloat(value: Json): Numeric | undefined {
  if (typeof value === "number" || value instanceof JsonNumber) return value;
  if (value === "NaN" || value === "Infinity" || value === "-Infinity") return Number(value);
  return undefined;
}

/** The integer in a declared integer field, in any spelling; undefined when it is none or out of range. */
export function readInteger(kind: TypeKind, value: Json): number | bigint | undefined {
  if (typeof value === "number" && Number.isSafeInteger(value) && kind === "int") return value;
  const [least, most] = integerRanges[kind] ?? [0n, 0n];
  if (typeof value === "number" && Number.isSafeInteger(value)) {
    // Comparing a double with a bigint is exact.
    return value >= least && value <= most ? value : undefined;
  }
  const integer = wholeNumber(value);
  return integer !== undefined && integer >= least && integer <= most ? integer : undefined;
}

/** Why a number is not of an integer type, for people, without repeating it. */
export function whyNotInteger(kind: TypeKind, value: Numeric): string {
  const decimal = toDecimal(value);
  if (!decimal) return `not finite, so no ${kind}`;
  if (!isWhole(decimal)) return `not a whole number, so no ${kind}`;
  if (kind === "int") return `beyond ±(2^53−1), the range of int: declare the field as ${widerThanInt(decimal)}`;
  const [least, most] = integerRanges[kind] ?? [0n, 0n];
  return `out of the range of ${kind} (${least} to ${most})`;
}

/**
 * The decimal in a declared decimal field: a number, or its text, as most decimal libraries write it. Undefined when
 * it is none, or has more digits after the point than `scale`.
 */
export function readDecimal(value: Json, scale?: number): Decimal | undefined {
  const decimal = typeof value === "string" ? parseDecimal(value) : numberOf(value);
  return decimal && (scale === undefined || -decimal.exponent <= BigInt(scale)) ? decimal : undefined;
}

function wholeNumber(value: Json): bigint | undefined {
  const decimal = numberOf(value);
  return decimal && toInteger(decimal, maxDigits);
}

function numberOf(value: Json): Decimal | undefined {
  return typeof value === "number" || value instanceof JsonNumber ? toDecimal(value) : undefined;
}

function widerThanInt(value: Decimal): "int64" | "uint64" | "decimal" {
  if (magnitude(value) > BigInt(maxDigits)) return "decimal";
  const integer = toInteger(value, maxDigits) ?? 0n;
  if (integer >= -(2n ** 63n) && integer < 2n ** 63n) return "int64";
  return integer > 0n && integer < 2n ** 64n ? "uint64" : "decimal";
}
