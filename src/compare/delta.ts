import type { FieldType } from "../contract/contract.ts";
import { isInteger } from "../contract/type-grammar.ts";
import { type Json, JsonNumber } from "../kernel/json-value.ts";
import { type Decimal, distanceAsNumber, parseDecimal, toDecimal } from "./decimal.ts";
import { readFloat } from "./read-number.ts";
import type { Delta } from "./mismatch.ts";
import { millisecondsApart, parseTimestamp } from "./timestamp.ts";
import { ulpsApart32, ulpsApart64 } from "./ulp.ts";

export { ulpsApart32, ulpsApart64 } from "./ulp.ts";

/**
 * How far apart two values of a type are; undefined where that is no number (NaN, infinities, overflow, other types).
 * Of numbers as they were written, so 2.5 and 2.32 are 0.18 apart.
 */
export function numericDelta(type: Pick<FieldType, "kind">, reference: Json, candidate: Json): Delta | undefined {
  if (type.kind === "timestamp") return timeDelta(reference, candidate);
  const withUlp = !isInteger(type.kind) && type.kind !== "decimal";
  const [r, c] = withUlp ? [floatParts(reference), floatParts(candidate)] : [parts(reference), parts(candidate)];
  if (!r || !c || !Number.isFinite(r.double) || !Number.isFinite(c.double)) return undefined;
  const abs = distanceAsNumber(r.decimal, c.decimal) ?? Math.abs(c.double - r.double);
  if (!Number.isFinite(abs)) return undefined;
  const rel = abs / Math.abs(r.double);
  const ulp = type.kind === "float32" ? ulpsApart32(r.double, c.double) : ulpsApart64(r.double, c.double);
  return {
    abs,
    ...(r.double !== 0 && Number.isFinite(rel) ? { rel } : {}),
    ...(withUlp && Number.isFinite(ulp) ? { ulp } : {}),
  };
}

interface Parts {
  readonly double: number;
  readonly decimal: Decimal;
}

function floatParts(value: Json): Parts | undefined {
  const number = readFloat(value);
  return number === undefined ? undefined : parts(number);
}

function parts(value: Json): Parts | undefined {
  const text = value instanceof JsonNumber ? value.text : value;
  if (typeof text !== "string" && typeof text !== "number") return undefined;
  const decimal = typeof text === "number" ? toDecimal(text) : parseDecimal(text);
  return decimal && { double: Number(text), decimal };
}

function timeDelta(reference: Json, candidate: Json): Delta | undefined {
  const r = typeof reference === "string" ? parseTimestamp(reference) : undefined;
  const c = typeof candidate === "string" ? parseTimestamp(candidate) : undefined;
  if (!r || !c || r.aware !== c.aware) return undefined;
  return { abs: millisecondsApart(r, c) };
}
