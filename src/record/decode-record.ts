/**
 * The JSON text of a record → values as authors see them (spec: values). Comes in: wire text. Goes out: a plain object.
 * What is not of its declared type is handed over as it came: comparing says so, decoding never throws for it.
 */
import type { Fields, FieldType } from "../contract/contract.ts";
import { type Json, JsonNumber, type JsonObject } from "../kernel/json-value.ts";
import { readJson } from "../kernel/read-json.ts";

/** A record as a test or a TypeScript connector sees it. */
export type DecodedRecord = Record<string, unknown>;

/** The values of one record by the contract; `fields` undefined means that nothing is declared. */
export function decodeRecord(fields: Fields | undefined, text: string): DecodedRecord {
  const value = readJson(text, { numbers: numberMode(fields) });
  return isObject(value) ? decodeObject(fields, value) : {};
}

const modes = new WeakMap<Fields, "lossless" | "text">();

/** Whether numbers must be read as text, which is slower: only decimals are wanted "as written". */
export function numberMode(fields: Fields | undefined): "lossless" | "text" {
  if (fields === undefined) return "lossless";
  let mode = modes.get(fields);
  if (mode === undefined) {
    mode = Object.values(fields).some((field) => holdsDecimal(field.type)) ? "text" : "lossless";
    modes.set(fields, mode);
  }
  return mode;
}

function holdsDecimal(type: FieldType): boolean {
  if (type.kind === "decimal") return true;
  if (type.items) return holdsDecimal(type.items);
  return type.fields !== undefined && Object.values(type.fields).some((field) => holdsDecimal(field.type));
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber);
}

function decodeObject(fields: Fields | undefined, object: JsonObject): DecodedRecord {
  const record: DecodedRecord = {};
  for (const key of Object.keys(object)) {
    const field = fields && Object.hasOwn(fields, key) ? fields[key] : undefined;
    const value = decodeValue(field?.type, object[key] ?? null);
    if (key === "__proto__")
      Object.defineProperty(record, key, { value, enumerable: true, writable: true, configurable: true });
    else record[key] = value;
  }
  return record;
}

/** One value by its declared type; undefined means that nothing is declared. */
export function decodeValue(type: FieldType | undefined, value: Json): unknown {
  switch (type?.kind) {
    case "float32":
    case "float64":
      if (value === "NaN" || value === "Infinity" || value === "-Infinity") return Number(value);
      return value instanceof JsonNumber ? Number(value.text) : decodePlain(value);
    case "int64":
    case "uint64":
      return toBigInt(value) ?? decodePlain(value);
    case "decimal":
      return value instanceof JsonNumber ? value.text : decodePlain(value);
    case "bytes":
      return typeof value === "string" ? fromBase64(value) : decodePlain(value);
    case "list":
      return Array.isArray(value) ? value.map((item: Json) => decodeValue(type.items, item)) : decodePlain(value);
    case "struct":
      return isObject(value) ? decodeObject(type.fields, value) : decodePlain(value);
    default:
      return decodePlain(value);
  }
}

/** Without a declared type: numbers are numbers, integers that a double cannot hold are bigints. */
function decodePlain(value: Json): unknown {
  if (value instanceof JsonNumber) {
    const number = Number(value.text);
    if (Number.isSafeInteger(number) || !Number.isFinite(number))
      return Number.isFinite(number) ? number : (toBigInt(value) ?? value);
    return toBigInt(value) ?? number;
  }
  if (Array.isArray(value)) return value.map((item: Json) => decodePlain(item));
  return isObject(value) ? decodeObject(undefined, value) : value;
}

const integerText = /^-?\d+(\.0+)?$/;

/** The integer a number says, in any spelling short enough to be meant. */
function toBigInt(value: Json): bigint | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  if (!(value instanceof JsonNumber) || value.text.length > 40) return undefined;
  if (integerText.test(value.text)) return BigInt(value.text.replace(/\.0+$/, ""));
  const number = Number(value.text);
  return Number.isSafeInteger(number) ? BigInt(number) : undefined;
}

/** Bytes, or the text itself when it is not base64. */
function fromBase64(text: string): Uint8Array | string {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? new Uint8Array(bytes) : text;
}
