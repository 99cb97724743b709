/** Holds a parsed `tally.toml` against its description in `keys.ts`: every key known, every value of its type. */
import { nearest } from "../kernel/nearest.ts";
import { parseDuration } from "./duration.ts";
import type { Faults, KeyPath } from "./faults.ts";
import { namedShapes } from "./field-keys.ts";
import type { Key, Shape } from "./shape.ts";
import { parseType, typeNames } from "./type-grammar.ts";

/** A table as the TOML parser makes it. */
export type Toml = Readonly<Record<string, unknown>>;

/** Whether a value is a table: neither a list nor a date. */
export function isTable(value: unknown): value is Toml {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** Checks `value` against `shape` and notes every fault with its path. */
export function checkShape(shape: Shape, value: unknown, path: KeyPath, faults: Faults): void {
  switch (shape.is) {
    case "table":
      return checkTable(shape.keys, value, path, faults);
    case "map":
      return checkMap(shape, value, path, faults);
    case "list":
      return checkList(shape, value, path, faults);
    case "either":
      return checkShape(chosen(shape, value), value, path, faults);
    case "ref":
      return checkShape(namedShapes[shape.to], value, path, faults);
    case "type":
      return checkType(value, path, faults);
    default: {
      const wrong = fits(shape, value) ? zeroByAccident(value, path, faults) : describe(value);
      if (wrong !== undefined) faults.add("contract-type", path, { expected: expectation(shape), found: wrong });
    }
  }
}

function checkTable(keys: readonly Key[], value: unknown, path: KeyPath, faults: Faults): void {
  if (!isTable(value)) return faults.add("contract-type", path, { expected: "a table", found: describe(value) });
  const known = keys.map((key) => key.name);
  // A misspelt key is not also a missing one.
  const meant = new Set<string | undefined>();
  for (const name of Object.keys(value)) {
    const key = keys.find((candidate) => candidate.name === name);
    if (key) {
      checkShape(key.shape, value[name], [...path, name], faults);
      continue;
    }
    const absent = known.filter((other) => !Object.hasOwn(value, other));
    const near = nearest(name, absent) ?? absent.find((short) => short.length > 2 && name.startsWith(short));
    meant.add(near);
    faults.add("contract-unknown-key", [...path, name], { near, known });
  }
  for (const key of keys) {
    if (key.required === true && !Object.hasOwn(value, key.name) && !meant.has(key.name)) {
      faults.add("contract-key-missing", [...path, key.name], { doc: key.doc, example: key.example ?? "…" });
    }
  }
}

function checkMap(shape: Shape & { is: "map" }, value: unknown, path: KeyPath, faults: Faults): void {
  if (!isTable(value)) return faults.add("contract-type", path, { expected: "a table", found: describe(value) });
  const allowed = new RegExp(shape.names.pattern, "u");
  for (const [name, entry] of Object.entries(value)) {
    if (allowed.test(name)) checkShape(shape.of, entry, [...path, name], faults);
    else faults.add("contract-name", [...path, name], { name, what: shape.names.what });
  }
}

function checkList(shape: Shape & { is: "list" }, value: unknown, path: KeyPath, faults: Faults): void {
  if (!Array.isArray(value)) {
    return faults.add("contract-type", path, { expected: expectation(shape), found: describe(value) });
  }
  if (value.length < (shape.min ?? 0)) {
    faults.add("contract-type", path, { expected: "a list with at least one element", found: "an empty list" });
  }
  value.forEach((entry: unknown, index) => checkShape(shape.of, entry, [...path, index], faults));
}

function checkType(value: unknown, path: KeyPath, faults: Faults): void {
  if (typeof value !== "string") {
    return faults.add("contract-type", path, { expected: 'a type such as "float64"', found: describe(value) });
  }
  const parsed = parseType(value);
  if ("unknown" in parsed) {
    const near = synonymOf(parsed.unknown) ?? nearest(parsed.unknown, typeNames);
    faults.add("contract-type-name", path, { name: parsed.unknown, near, known: typeNames });
  }
}

function synonymOf(name: string): string | undefined {
  const word = name.toLowerCase();
  return Object.hasOwn(synonyms, word) ? synonyms[word] : undefined;
}

/** What other systems call these types. */
const synonyms: Readonly<Record<string, string>> = {
  bool: "boolean",
  integer: "int",
  long: "int64",
  float: "float64",
  double: "float64",
  number: "float64",
  str: "string",
  text: "string",
  object: "string",
  datetime: "timestamp",
  binary: "bytes",
  enum: "category",
  array: "list",
  dict: "struct",
  map: "struct",
  record: "struct",
  any: "json",
};

function chosen(shape: Shape & { is: "either" }, value: unknown): Shape {
  const other = shape.other.is === "duration" ? typeof value === "string" : typeof value === "object";
  return other ? shape.other : shape.scalar;
}

function fits(shape: Exclude<Shape, { is: "table" | "map" | "list" | "either" | "ref" | "type" }>, value: unknown) {
  switch (shape.is) {
    case "text":
      return typeof value === "string" && new RegExp(shape.pattern ?? "\\S", "u").test(value);
    case "integer":
      return Number.isInteger(value) && Number(value) >= shape.min && Number(value) <= shape.max;
    case "number":
      return typeof value === "number" && Number.isFinite(value) && value >= (shape.min ?? -Infinity);
    case "boolean":
      return typeof value === "boolean";
    case "choice":
      return typeof value === "string" && shape.of.includes(value);
    default:
      return typeof value === "string" && parseDuration(value) !== undefined;
  }
}

/** A number that became 0 only because a double cannot hold it. */
function zeroByAccident(value: unknown, path: KeyPath, faults: Faults): string | undefined {
  if (value !== 0) return undefined;
  const text = faults.numberText(path);
  return /^[^eE]*[1-9]/.test(text) && !/^0[xob]/.test(text) ? `${text}, which is 0 as a double` : undefined;
}

/** What a value should have been, in words. */
export function expectation(shape: Shape): string {
  switch (shape.is) {
    case "text":
    case "number":
      return shape.what;
    case "integer":
      return `an integer from ${shape.min} to ${shape.max}`;
    case "boolean":
      return "true or false";
    case "choice":
      return `one of ${shape.of.map((word) => JSON.stringify(word)).join(", ")}`;
    case "duration":
      return 'a duration such as "250ms", "3s" or "2m"';
    case "type":
      return "a type";
    case "list":
      return `a list, each element ${expectation(shape.of)}`;
    case "table":
    case "map":
      return "a table";
    case "either":
      return `${expectation(shape.scalar)}, or ${expectation(shape.other)}`;
    default:
      return "a type, or a table with a type";
  }
}

/** What stands there, in words. */
function describe(value: unknown): string {
  if (typeof value === "string") return value === "" ? "an empty text" : `the text ${clip(JSON.stringify(value))}`;
  if (typeof value === "bigint") return `the integer ${clip(String(value))}`;
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    if (Number.isFinite(value)) return `the number ${Object.is(value, -0) ? "-0" : value}`;
    return Number.isNaN(value) ? "nan" : "infinity (inf, or a number too large for a double)";
  }
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  return isTable(value) ? "a table" : "a date";
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
