import { type Json, JsonNumber, type JsonObject } from "../kernel/json-value.ts";

/** Deeper parts are shown as an ellipsis: the reader refuses such text, only a program can make such a value. */
export const maxDepth = 256;

/**
 * The JSON text of a value, numbers as they were written. NaN and the infinities of a program are written bare, so
 * that they are never mistaken for the texts "NaN" and "Infinity". Never throws.
 */
export function valueText(value: Json): string {
  return textOf(value, 0);
}

function textOf(value: Json, depth: number): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (typeof value !== "object" || value === null) return String(value);
  if (value instanceof JsonNumber) return value.text;
  if (depth >= maxDepth) return '"…"';
  if (isList(value)) return `[${value.map((item) => textOf(item, depth + 1)).join(",")}]`;
  const members: string[] = [];
  for (const key of Object.keys(value)) {
    const member = value[key];
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${textOf(member, depth + 1)}`);
  }
  return `{${members.join(",")}}`;
}

/** Whether a value is an array. */
export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** Whether a value is an object with keys: not null, not a list, not a number. */
export function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber);
}

/** An object's own value; undefined where the key is absent. */
export function valueOf(object: JsonObject, key: string): Json | undefined {
  const value: unknown = object[key];
  // One lookup instead of two: what a plain object inherits is functions, and `__proto__`.
  if (typeof value === "function" || key === "__proto__") return Object.hasOwn(object, key) ? object[key] : undefined;
  return object[key];
}

/** What kind of JSON a value is, for people. */
export function jsonKind(value: Json): string {
  if (value === null) return "null";
  if (typeof value === "string") return "text";
  if (typeof value === "boolean") return "a boolean";
  if (isObject(value)) return "an object";
  return isList(value) ? "a list" : "a number";
}
