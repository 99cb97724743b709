/** A record as an author would write it in a test: the JSON of the wire with the values that a declared type means. */
import type { Fields, FieldType } from "../contract/contract.ts";
import { type Json, JsonNumber } from "../kernel/json-value.ts";
import { readJson } from "../kernel/read-json.ts";
import { isJsonObject } from "../record/json-kind.ts";

/** An object literal of TypeScript. */
export function sourceRecord(fields: Fields, text: string): string {
  return sourceObject(fields, readJson(text, { numbers: "text" }));
}

function sourceObject(fields: Fields | undefined, value: Json): string {
  if (!isJsonObject(value)) return "{}";
  const members = Object.entries(value).map(([name, member]) => {
    const type = fields && Object.hasOwn(fields, name) ? fields[name]?.type : undefined;
    const key = /^[A-Za-z_$][\w$]*$/.test(name) && name !== "__proto__" ? name : JSON.stringify(name);
    return `${name === "__proto__" ? `[${key}]` : key}: ${sourceValue(type, member)}`;
  });
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

function sourceValue(type: FieldType | undefined, value: Json): string {
  if (value instanceof JsonNumber) return sourceNumber(type, value.text);
  if (Array.isArray(value)) return `[${value.map((item: Json) => sourceValue(type?.items, item)).join(", ")}]`;
  if (isJsonObject(value)) return sourceObject(type?.fields, value);
  const isFloat = type?.kind === "float64" || type?.kind === "float32";
  if (isFloat && (value === "NaN" || value === "Infinity" || value === "-Infinity"))
    return value.replace(/(NaN|Infinity)/, value === "NaN" ? "Number.NaN" : "Number.POSITIVE_INFINITY");
  return JSON.stringify(value);
}

function sourceNumber(type: FieldType | undefined, text: string): string {
  const isBig = type?.kind === "int64" || type?.kind === "uint64";
  return isBig && /^-?\d+$/.test(text) ? `${text}n` : text;
}
