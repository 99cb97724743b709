/**
 * Values as authors write them → the JSON text of a record. Comes in: what a test passes to an operation or what a
 * TypeScript connector returns. Goes out: wire text (spec: values). The way back is decode-record.ts.
 */
import type { Field, Fields, FieldType } from "../contract/contract.ts";
import { JsonNumber } from "../kernel/json-value.ts";
import { quote } from "./json-text.ts";

/** A value that is not of its field's type, or has no form on the wire at all. */
export interface EncodingIssue {
  readonly path: string;
  readonly expected: string;
  readonly found: string;
  /** Nothing could be written for it: a function, a symbol, an object of a class. */
  readonly fatal: boolean;
}

type Report = (issue: EncodingIssue) => void;

/** Where the encoder is. */
interface Walk {
  readonly report: Report;
  /** Lists and objects around the value. */
  depth: number;
  /** The field that is read. */
  at: string;
}

/** The reader's limit is 128, the list of the call's records and the frame around it included. */
const maxDepth = 126;

/** Ends the walk: through a circle with two ways there would be more of them than anyone can follow. */
class TooDeep extends Error {}

const ignore: Report = () => {};
const numberText = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** The JSON text of `record`; what does not fit its declared type is reported and written as the plain value it is. */
export function encodeRecord(fields: Fields | undefined, record: unknown, report: Report = ignore): string {
  const walk: Walk = { report, depth: 0, at: "" };
  try {
    if (typeof record === "object" && record !== null && !Array.isArray(record))
      return encodeObject(fields, record, "", walk);
    report({ path: "", expected: "a record (an object)", found: describeValue(record), fatal: true });
  } catch (thrown) {
    report(unreadable(walk.at, thrown));
  }
  return "{}";
}

/** What authors return may be circular, or run code that throws when it is read. */
function unreadable(path: string, thrown: unknown): EncodingIssue {
  if (thrown instanceof TooDeep) {
    const found = "circular, or more than 126 lists and objects within each other";
    return { path: /^[^.[]*/.exec(path)?.[0] ?? path, expected: "a value that JSON can carry", found, fatal: true };
  }
  const why = thrown instanceof Error ? thrown.message : typeof thrown;
  return { path, expected: "a value that JSON can carry", found: `unreadable (${why})`, fatal: true };
}

function deeper(walk: Walk): void {
  walk.depth += 1;
  if (walk.depth > maxDepth) throw new TooDeep();
}

/** Writes an object's own enumerable properties; `undefined` is absence. */
function encodeObject(fields: Fields | undefined, value: object, path: string, walk: Walk): string {
  deeper(walk);
  let text = "{";
  for (const key of Object.keys(value)) {
    const at = path === "" ? key : `${path}.${key}`;
    walk.at = at;
    const member: unknown = Reflect.get(value, key);
    if (member === undefined) continue;
    const field = fields && Object.hasOwn(fields, key) ? fields[key] : undefined;
    text += `${text.length > 1 ? "," : ""}${quote(key)}:${encodeField(field, member, at, walk)}`;
  }
  walk.depth -= 1;
  return `${text}}`;
}

function encodeField(field: Field | undefined, value: unknown, path: string, walk: Walk): string {
  return encodeValue(field?.type, value, path, walk);
}

function encodeValue(type: FieldType | undefined, value: unknown, path: string, walk: Walk): string {
  if (value === null || value === undefined) {
    if (type && !type.nullable && type.kind !== "json") walk.report(mistyped(type, value, path));
    return "null";
  }
  const written = type === undefined ? undefined : encodeDeclared(type, value, path, walk);
  if (written !== undefined) return written;
  if (type !== undefined && type.kind !== "json") walk.report(mistyped(type, value, path));
  return encodePlain(value, path, walk);
}

/** The text of a value that is what its type says, undefined when it is not. */
function encodeDeclared(type: FieldType, value: unknown, path: string, walk: Walk): string | undefined {
  switch (type.kind) {
    case "boolean":
      return typeof value === "boolean" ? String(value) : undefined;
    case "float32":
    case "float64":
      return typeof value === "number" ? encodeNumber(value) : typeof value === "bigint" ? String(value) : undefined;
    case "decimal":
      return encodeDecimal(value);
    case "string":
    case "category":
      return typeof value === "string" ? quote(value) : undefined;
    case "bytes":
      return value instanceof Uint8Array ? `"${Buffer.from(value).toString("base64")}"` : undefined;
    case "timestamp":
      return value instanceof Date ? `"${value.toISOString()}"` : typeof value === "string" ? quote(value) : undefined;
    case "date":
      return typeof value === "string" ? quote(value) : undefined;
    case "list":
      return encodeList(type.items, value, path, walk);
    case "struct":
      return isPlainObject(value) ? encodeObject(type.fields, value, path, walk) : undefined;
    case "json":
      return encodePlain(value, path, walk);
    case "int":
    case "int8":
    case "int16":
    case "int32":
    case "int64":
    case "uint8":
    case "uint16":
    case "uint32":
    case "uint64":
      if (typeof value === "bigint") return String(value);
      return typeof value === "number" && Number.isInteger(value) ? encodeNumber(value) : undefined;
  }
}

/** Shortest text that reads back as the same double; −0 keeps its sign, what JSON lacks travels as a string. */
function encodeNumber(value: number): string {
  if (Object.is(value, -0)) return "-0";
  return Number.isFinite(value) ? String(value) : `"${value}"`;
}

function encodeDecimal(value: unknown): string | undefined {
  if (typeof value === "string") return numberText.test(value) ? value : undefined;
  if (typeof value === "number") return Number.isFinite(value) ? encodeNumber(value) : undefined;
  if (typeof value === "bigint") return String(value);
  return value instanceof JsonNumber ? value.text : undefined;
}

function encodeList(items: FieldType | undefined, value: unknown, path: string, walk: Walk): string | undefined {
  const elements = Array.isArray(value) ? value : isTypedArray(value) ? Array.from(value) : undefined;
  if (elements === undefined) return undefined;
  deeper(walk);
  const text = `[${elements.map((element, i) => encodeValue(items, element, `${path}[${i}]`, walk)).join(",")}]`;
  walk.depth -= 1;
  return text;
}

/** A value nothing is declared about. */
function encodePlain(value: unknown, path: string, walk: Walk): string {
  switch (typeof value) {
    case "boolean":
    case "bigint":
      return String(value);
    case "number":
      return encodeNumber(value);
    case "string":
      return quote(value);
    case "object":
      return encodePlainObject(value, path, walk);
    default:
      walk.report({ path, expected: "a value that JSON can carry", found: describeValue(value), fatal: true });
      return "null";
  }
}

function encodePlainObject(value: object | null, path: string, walk: Walk): string {
  if (value === null) return "null";
  if (value instanceof JsonNumber) return value.text;
  if (value instanceof Uint8Array) return `"${Buffer.from(value).toString("base64")}"`;
  if (value instanceof Date) return `"${value.toISOString()}"`;
  const list = encodeList(undefined, value, path, walk);
  if (list !== undefined) return list;
  if (isPlainObject(value)) return encodeObject(undefined, value, path, walk);
  walk.report({ path, expected: "a value that JSON can carry", found: describeValue(value), fatal: true });
  return "null";
}

function isTypedArray(value: unknown): value is ArrayLike<number | bigint> {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/** Objects of classes have behaviour that the wire would drop silently; records read from answers are plain. */
function isPlainObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

function mistyped(type: FieldType, value: unknown, path: string): EncodingIssue {
  return { path, expected: `${type.kind}${type.nullable ? "?" : ""}`, found: describeValue(value), fatal: false };
}

/** A value in a few words, for an error text. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "string") return `the string ${quote(value.length > 40 ? `${value.slice(0, 39)}…` : value)}`;
  if (typeof value === "object") return `an object${value.constructor?.name ? ` (${value.constructor.name})` : ""}`;
  if (typeof value === "function") return "a function";
  return `the ${typeof value} ${String(value)}`;
}
