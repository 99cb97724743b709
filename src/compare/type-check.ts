import type { FieldType } from "../contract/contract.ts";
import { isInteger, typeText } from "../contract/type-grammar.ts";
import { nearest } from "../kernel/nearest.ts";
import { type Json, JsonNumber } from "../kernel/json-value.ts";
import { isBase64, whyNotBase64 } from "./bytes.ts";
import { parseDecimal } from "./decimal.ts";
import { readDecimal, readFloat, readInteger, whyNotInteger } from "./read-number.ts";
import { isDate, parseTimestamp, whyNotTimestamp } from "./timestamp.ts";
import { isList, isObject, jsonKind } from "./value-text.ts";

/**
 * Why a value other than null is not of a type, for people, without repeating the value; undefined when it is. Looks
 * at the value alone: not into lists and structs, whose parts are checked one by one.
 */
export function whyNot(type: FieldType, value: Json): string | undefined {
  switch (type.kind) {
    case "json":
      return undefined;
    case "boolean":
      return typeof value === "boolean" ? undefined : otherThan(type, value);
    case "float32":
    case "float64":
      return readFloat(value) === undefined ? whyNotFloat(type, value) : undefined;
    case "decimal":
      return readDecimal(value, type.scale) ? undefined : whyNotDecimal(type, value);
    case "list":
      return isList(value) ? undefined : otherThan(type, value);
    case "struct":
      return isObject(value) ? undefined : otherThan(type, value);
    default:
      return isInteger(type.kind) ? whyNotWhole(type, value) : whyNotTextual(type, value);
  }
}

/** Whether a plain value is of a type at the first look; false says nothing. */
export function isSurelyOf({ kind }: FieldType, value: Json): boolean {
  if (typeof value === "number") return value !== 0 && (kind === "float64" || kind === "float32" || kind === "json");
  if (typeof value === "string") return kind === "string" || kind === "json";
  return typeof value === "boolean" && (kind === "boolean" || kind === "json");
}

function whyNotWhole(type: FieldType, value: Json): string | undefined {
  if (readInteger(type.kind, value) !== undefined) return undefined;
  if (typeof value === "number" || value instanceof JsonNumber) return whyNotInteger(type.kind, value);
  return otherThan(type, value);
}

/** Types that travel as text: string, category, bytes, timestamp, date. */
function whyNotTextual(type: FieldType, value: Json): string | undefined {
  if (typeof value !== "string") {
    return type.kind === "timestamp" && typeof value === "number" ? whyNotTimestamp(value) : otherThan(type, value);
  }
  switch (type.kind) {
    case "category":
      return type.values === undefined || type.values.includes(value) ? undefined : whyNotCategory(type.values, value);
    case "bytes":
      return isBase64(value) ? undefined : whyNotBase64(value);
    case "timestamp":
      return parseTimestamp(value) ? undefined : whyNotTimestamp(value);
    case "date":
      if (isDate(value)) return undefined;
      return parseTimestamp(value) ? "a timestamp, not a date (YYYY-MM-DD)" : "no date of the calendar (YYYY-MM-DD)";
    default:
      return undefined;
  }
}

function whyNotCategory(values: readonly string[], value: string): string {
  const near = nearest(value, values);
  const count = values.length === 1 ? "the one value" : `the ${values.length} values`;
  return `not among ${count} of the category${near === undefined ? "" : ` (did you mean ${JSON.stringify(near)}?)`}`;
}

function whyNotFloat(type: FieldType, value: Json): string {
  const special = typeof value === "string" ? specialSpelling(value) : undefined;
  if (special === undefined) return otherThan(type, value);
  return `not a number: on the wire it is spelt ${JSON.stringify(special)}`;
}

/** The wire's spelling of NaN and the infinities, when a text is another one. */
function specialSpelling(text: string): string | undefined {
  const match = /^([+-]?)(nan|inf|infinity|∞)$/iu.exec(text.trim());
  if (!match) return undefined;
  return match[2]?.toLowerCase() === "nan" ? "NaN" : `${match[1] === "-" ? "-" : ""}Infinity`;
}

function whyNotDecimal(type: FieldType, value: Json): string {
  if (type.scale === undefined || !readDecimal(value)) return otherThan(type, value);
  return `more than ${type.scale} digit${type.scale === 1 ? "" : "s"} after the point`;
}

function otherThan(type: FieldType, value: Json): string {
  const wanted = article(typeText({ ...type, nullable: false }));
  if (typeof value === "string" && type.kind !== "list" && type.kind !== "struct") {
    if (type.kind === "boolean") return `text, not ${wanted}`;
    return parseDecimal(value) ? `a number written as text, not ${wanted}` : `text, not ${wanted}`;
  }
  return `${jsonKind(value)}, not ${wanted}`;
}

function article(name: string): string {
  return `${/^[aeio]/u.test(name) ? "an" : "a"} ${name}`;
}
