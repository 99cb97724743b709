/**
 * Values that were seen → the types of their fields. Comes in: records as read, numbers as written. Goes out: fields that all
 * of them fit; what no declared type fits is `json`. It guesses no meaning: a text is a `string`.
 */
import { defaultField } from "../contract/default-field.ts";
import type { Fields, FieldType, TypeKind } from "../contract/contract.ts";
import { type Json, JsonNumber, type JsonObject } from "../kernel/json-value.ts";
import { isJsonObject } from "./json-kind.ts";

/** The fields of records, in the order in which they first occur. A field that a record lacks may be null. */
export function inferFields(records: readonly JsonObject[]): Fields {
  const names = new Set(records.flatMap((record) => Object.keys(record)));
  return Object.fromEntries(
    [...names].map((name) => [
      name,
      defaultField(inferType(records.map((record) => (Object.hasOwn(record, name) ? record[name] : null)))),
    ]),
  );
}

function inferType(values: readonly (Json | undefined)[]): FieldType {
  const present = values.filter((value) => value !== null && value !== undefined);
  const nullable = present.length < values.length;
  const json: FieldType = { kind: "json", nullable: false };
  if (present.length === 0) return json;
  if (present.every((value) => typeof value === "boolean")) return { kind: "boolean", nullable };
  if (present.every((value) => typeof value === "string")) return { kind: "string", nullable };
  if (present.every(isNumeric)) return { kind: numberKind(present), nullable };
  const lists = present.filter((value) => Array.isArray(value));
  if (lists.length === present.length) {
    const elements = lists.flat();
    return { kind: "list", nullable, items: elements.length === 0 ? json : inferType(elements) };
  }
  const objects = present.filter(isJsonObject);
  if (objects.length < present.length) return json;
  const fields = inferFields(objects);
  return Object.keys(fields).length === 0 ? json : { kind: "struct", nullable, fields };
}

const notFinite: ReadonlySet<unknown> = new Set(["NaN", "Infinity", "-Infinity"]);

function isNumeric(value: Json): boolean {
  return typeof value === "number" || value instanceof JsonNumber || notFinite.has(value);
}

const integerText = /^-?\d+$/;

/** The narrowest of int, int64, uint64 and float64 that holds all; `3.0` is a float's way to write 3. */
function numberKind(values: readonly Json[]): TypeKind {
  const texts = values.map((value) => (value instanceof JsonNumber ? value.text : String(value)));
  if (!texts.every((text) => integerText.test(text))) return "float64";
  const integers = texts.map((text) => BigInt(text));
  const within = (low: bigint, high: bigint): boolean => integers.every((one) => low <= one && one <= high);
  if (within(-(2n ** 53n - 1n), 2n ** 53n - 1n)) return "int";
  if (within(-(2n ** 63n), 2n ** 63n - 1n)) return "int64";
  return within(0n, 2n ** 64n - 1n) ? "uint64" : "float64";
}
