/**
 * JSON text from values.
 * Comes in: what the reader made, or what authors and the runner made of it. Goes out: compact, valid JSON that reads back the
 * same. It must not know fields or the wire; how a NaN travels is the one convention it follows (protocol/wire.md).
 */
import { tallyError, type TallyError } from "./errors.ts";
import { JsonFault } from "./json-fault.ts";
import { JsonNumber, type Json } from "./json-value.ts";

/** Valid JSON text, put into what is written as it stands. */
export class RawJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What can be written: JSON, integers of any size, and ready text in between. */
export type WritableJson = Json | bigint | RawJson | readonly WritableJson[] | { readonly [key: string]: WritableJson };

/** Lists and objects within each other; the reader's own limit. */
const maxDepth = 128;

/**
 * Writes a value. Numbers in the shortest form that reads back the same, -0 as `-0`, a `JsonNumber` as its text; NaN and the
 * infinities as the strings "NaN", "Infinity", "-Infinity"; lone surrogates escaped. More than 128 levels are a `JsonFault`.
 */
export function writeJson(value: WritableJson): string {
  return written(value, false, 0);
}

/**
 * The one text of a value: as `writeJson`, with keys sorted by UTF-16 code unit (as RFC 8785 sorts). Ids and digests are
 * made of it. A `JsonNumber` stays as written, so `1e400` and `10e399` differ.
 */
export function canonicalJson(value: Json): string {
  return written(value, true, 0);
}

function written(value: WritableJson, isSorted: boolean, depth: number): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value === "number") return numberText(value);
  if (typeof value === "boolean") return value ? "true" : "false";
  if (typeof value === "bigint") return value.toString();
  if (value === null) return "null";
  if (typeof value !== "object") throw absent(`a ${typeof value}`);
  if (value instanceof JsonNumber || value instanceof RawJson) return value.text;
  if (depth >= maxDepth) throw new JsonFault("depth", `nesting deeper than ${maxDepth} levels`, "", 0);
  if (isList(value)) return listText(value, isSorted, depth + 1);
  // V8's own writer is three times as fast, for the records that need nothing special; looking costs little.
  if (!isSorted && isOrdinary(value, depth)) return JSON.stringify(value);
  return objectText(value, isSorted, depth + 1);
}

function listText(list: readonly WritableJson[], isSorted: boolean, depth: number): string {
  const pieces: string[] = [];
  for (let index = 0; index < list.length; index++) {
    const value = list[index];
    if (value === undefined) throw absent(`element ${index} of a list`);
    pieces.push(written(value, isSorted, depth));
  }
  return `[${pieces.join(",")}]`;
}

function objectText(object: { readonly [key: string]: WritableJson }, isSorted: boolean, depth: number): string {
  const keys = Object.keys(object);
  if (keys.length === 0) checkPlain(object);
  if (isSorted) keys.sort();
  const pieces: string[] = [];
  for (const key of keys) {
    const value = object[key];
    if (value === undefined) throw absent(`the key ${JSON.stringify(key)}`);
    pieces.push(`${quoted(key)}:${written(value, isSorted, depth)}`);
  }
  return `{${pieces.join(",")}}`;
}

/** Whether `JSON.stringify` writes this value as we do: no -0, no NaN, nothing but plain objects, lists and scalars. */
function isOrdinary(value: unknown, depth: number): boolean {
  if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0);
  if (typeof value !== "object" || value === null) {
    return typeof value === "string" || typeof value === "boolean" || value === null;
  }
  if (depth >= maxDepth) return false;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      if (!isOrdinary(value[index], depth + 1)) return false;
    }
    return true;
  }
  if (!isPlain(value)) return false;
  for (const inside of Object.values(value)) {
    if (!isOrdinary(inside, depth + 1)) return false;
  }
  return true;
}

/** Types forbid what gets here; a value left out in silence would be worse than a failure. */
function absent(place: string): TallyError {
  return tallyError("internal", { what: `writeJson: no JSON value for ${place}` });
}

/** A Map, Date or RegExp has no keys either and would become `{}` without a word. */
function checkPlain(object: object): void {
  if (!isPlain(object)) throw absent("an instance of a class");
}

/** Also for objects of another realm, as test runners make them. */
function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function isList(value: object): value is readonly WritableJson[] {
  return Array.isArray(value);
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) return `"${value}"`;
  return Object.is(value, -0) ? "-0" : String(value);
}

/** What JSON must escape, and surrogates, of which `JSON.stringify` finds the lone ones. */
// oxlint-disable-next-line no-control-regex
const special = /["\\\u0000-\u001f\ud800-\udfff]/;

function quoted(text: string): string {
  return special.test(text) ? JSON.stringify(text) : `"${text}"`;
}
