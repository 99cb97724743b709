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
  return isList(value) ? listText(value, isSorted, depth + 1) : objectText(value, isSorted, depth + 1);
}

function listText(list: readonly WritableJson[], isSorted: boolean, depth: number): string {
  let text = "[";
  for (let index = 0; index < list.length; index++) {
    const value = list[index];
    if (value === undefined) throw absent(`element ${index} of a list`);
    text += index === 0 ? written(value, isSorted, depth) : `,${written(value, isSorted, depth)}`;
  }
  return `${text}]`;
}

function objectText(object: { readonly [key: string]: WritableJson }, isSorted: boolean, depth: number): string {
  const keys = Object.keys(object);
  if (keys.length === 0) checkPlain(object);
  if (isSorted) keys.sort();
  let text = "{";
  for (const key of keys) {
    const value = object[key];
    if (value === undefined) throw absent(`the key ${JSON.stringify(key)}`);
    text += `${text.length === 1 ? "" : ","}${quoted(key)}:${written(value, isSorted, depth)}`;
  }
  return `${text}}`;
}

/** Types forbid what gets here; a value left out in silence would be worse than a failure. */
function absent(place: string): TallyError {
  return tallyError("internal", { what: `writeJson: no JSON value for ${place}` });
}

/** A Map, Date or RegExp has no keys either and would become `{}` without a word. */
function checkPlain(object: object): void {
  const prototype: unknown = Object.getPrototypeOf(object);
  const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
  if (!isPlain) throw absent("an instance of a class");
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
