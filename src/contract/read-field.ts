/** A field of `tally.toml`, already checked key by key → a `Field`; here is what keys and types say about each other. */
import { nearest } from "../kernel/nearest.ts";
import { isTable, type Toml } from "./check-keys.ts";
import type { Field, Fields, FieldType, Normalization, Tolerance, TypeKind } from "./contract.ts";
import { parseDuration } from "./duration.ts";
import type { Faults, KeyPath } from "./faults.ts";
import { isFloat, isInteger, parseType, typeText } from "./type-grammar.ts";

/** The text at a key of a checked table. */
export function text(table: Toml, key: string): string | undefined {
  const value = table[key];
  return typeof value === "string" ? value : undefined;
}

/** The number at a key of a checked table. */
export function number(table: Toml, key: string): number | undefined {
  const value = table[key];
  return typeof value === "number" ? value : undefined;
}

/** The texts at a key of a checked table. */
export function texts(table: Toml, key: string): readonly string[] | undefined {
  const value = table[key];
  return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : undefined;
}

/** The table at a key of a checked table; an empty one where there is none. */
export function tableAt(table: Toml, key: string): Toml {
  const value = table[key];
  return isTable(value) ? value : {};
}

/** The fields of an input, an output or a struct. */
export function readFields(table: Toml, path: KeyPath, faults: Faults): Fields {
  const fields: Record<string, Field> = Object.create(null);
  for (const [name, value] of Object.entries(table)) fields[name] = readField(value, [...path, name], faults);
  return fields;
}

function readField(value: unknown, path: KeyPath, faults: Faults): Field {
  const table = isTable(value) ? value : { type: value };
  const type = readType(table, path, faults);
  const unsuited = (key: string, why: string): void =>
    faults.add("contract-field", [...path, key], { reason: `${key} ${why}`, fix: suited[key] ?? "Remove the key." });
  checkSuited(table, type, unsuited);
  const doc = text(table, "doc");
  const unit = text(table, "unit");
  const threshold = number(table, "threshold");
  const decides = text(table, "decides");
  const nearTie = number(table, "near_tie");
  return {
    type,
    tolerance: readTolerance(table),
    signedZero: table["signed_zero"] === true,
    ...(threshold !== undefined && { threshold }),
    ...(decides !== undefined && { decides }),
    ...(nearTie !== undefined && { nearTie }),
    normalize: normalizations.filter((word) => texts(table, "normalize")?.includes(word)),
    order: orders.find((word) => word === table["order"]) ?? "list",
    ...(doc !== undefined && { doc }),
    ...(unit !== undefined && { unit }),
    sensitive: table["sensitive"] === true,
  };
}

/** In the order in which they are applied. */
const normalizations: readonly Normalization[] = ["nfc", "trim", "case"];
const orders: readonly Field["order"][] = ["list", "set", "multiset"];

function readTolerance(table: Toml): Tolerance {
  const given = table["abs"];
  const abs = typeof given === "string" ? parseDuration(given) : number(table, "abs");
  const rel = number(table, "rel");
  const ulp = number(table, "ulp");
  return {
    ...(abs !== undefined && { abs }),
    ...(rel !== undefined && { rel }),
    ...(ulp !== undefined && { ulp }),
    ...(table["exact"] === true && { exact: true }),
  };
}

/** The type with its contents; `type` has been checked to be one. */
function readType(table: Toml, path: KeyPath, faults: Faults): FieldType {
  const parsed = parseType(text(table, "type") ?? "json");
  const type: FieldType = "type" in parsed ? parsed.type : { kind: "json", nullable: false };
  const own = { fields: "struct", items: "list", values: "category", scale: "decimal" };
  for (const [key, kind] of Object.entries(own)) {
    if (Object.hasOwn(table, key) && type.kind !== kind) {
      const reason = `${key} belongs to type = "${kind}", and this is ${typeText(type)}`;
      faults.add("contract-field", [...path, key], { reason, fix: `Remove ${key}, or make the type a ${kind}.` });
    }
  }
  const values = texts(table, "values");
  const scale = number(table, "scale");
  if (values && new Set(values).size < values.length) {
    const twice = values.find((value, index) => values.indexOf(value) !== index);
    const reason = `the value ${JSON.stringify(twice)} stands there twice`;
    faults.add("contract-field", [...path, "values"], { reason, fix: "Name each value once." });
  }
  if (type.kind === "struct") return { ...type, fields: readStruct(table, path, faults) };
  if (type.kind === "list") return { ...type, items: readItems(table, type, path, faults) };
  if (type.kind === "category" && values) return { ...type, values };
  return type.kind === "decimal" && scale !== undefined ? { ...type, scale } : type;
}

function readStruct(table: Toml, path: KeyPath, faults: Faults): Fields {
  if (!Object.hasOwn(table, "fields")) {
    const fix = 'Write { type = "struct", fields = { … } }, or use json for an object of any shape.';
    faults.add("contract-field", path, { reason: "a struct needs fields", fix });
  }
  return readFields(tableAt(table, "fields"), [...path, "fields"], faults);
}

function readItems(table: Toml, list: FieldType, path: KeyPath, faults: Faults): FieldType {
  const items = table["items"];
  const bare = list.items;
  if ((bare === undefined) === (items === undefined)) {
    const reason = bare === undefined ? "a list needs the type of its elements" : "the element type is given twice";
    faults.add("contract-field", path, { reason, fix: 'Write list<float64>, or type = "list" with items = { … }.' });
  }
  // list<struct> cannot say which fields the struct has: reported by readType for the element.
  if (items === undefined) return bare === undefined ? { kind: "json", nullable: false } : inner(bare, path, faults);
  const element = isTable(items) ? items : { type: items };
  return readType(element, [...path, "items"], faults);
}

function inner(type: FieldType, path: KeyPath, faults: Faults): FieldType {
  if (type.kind === "list" && type.items) return { ...type, items: inner(type.items, path, faults) };
  if (type.kind === "struct" || type.kind === "list") {
    const fix = `Write type = "list" with items = { type = "${type.kind}", … }.`;
    faults.add("contract-field", path, { reason: `list<${type.kind}> does not say what the ${type.kind} holds`, fix });
  }
  return type.kind === "struct" ? { ...type, fields: {} } : type;
}

/** The type that tolerances speak of: a list's are those of its elements. */
function leaf(type: FieldType): TypeKind {
  return type.kind === "list" && type.items ? leaf(type.items) : type.kind;
}

const suited: Readonly<Record<string, string>> = {
  abs: 'Numbers take a number (abs = 1e-6), timestamps a duration (abs = "1ms"), everything else is compared exactly.',
  rel: "Remove it: only numbers have a relative tolerance.",
  ulp: "Use abs or rel: only float32 and float64 have representable neighbours.",
  exact: "Remove either exact or the tolerance.",
  signed_zero: "Remove it: only floats have two zeros.",
  threshold: 'Give both: threshold = 0.5, decides = "is_positive".',
  decides: 'Give both: threshold = 0.5, decides = "is_positive".',
  near_tie: "Give threshold and decides too, or remove near_tie.",
  normalize: "Remove it: only strings can be normalised.",
  order: "Remove it: only lists have an order.",
};

function checkSuited(table: Toml, type: FieldType, unsuited: (key: string, why: string) => void): void {
  const kind = leaf(type);
  const has = (key: string): boolean => Object.hasOwn(table, key);
  const numeric = isFloat(kind) || isInteger(kind) || kind === "decimal" || kind === "json";
  const foreign = `does not fit ${typeText(type)}`;
  const isDuration = typeof table["abs"] === "string";
  if (has("abs") && kind !== "timestamp" && !numeric) unsuited("abs", foreign);
  else if (has("abs") && isDuration !== (kind === "timestamp")) {
    unsuited("abs", isDuration ? "is a duration, which only timestamps take" : "of a timestamp is a duration");
  }
  if (has("rel") && !numeric) unsuited("rel", foreign);
  if (has("ulp") && !isFloat(kind)) unsuited("ulp", foreign);
  if (has("signed_zero") && !isFloat(kind) && kind !== "json") unsuited("signed_zero", foreign);
  if (table["exact"] === true && (has("abs") || has("rel") || has("ulp")))
    unsuited("exact", "contradicts the tolerance beside it");
  if (has("normalize") && kind !== "string" && kind !== "category") unsuited("normalize", foreign);
  if (has("order") && type.kind !== "list") unsuited("order", foreign);
  if (has("threshold") !== has("decides")) {
    unsuited(
      has("threshold") ? "threshold" : "decides",
      `has no effect without ${has("threshold") ? "decides" : "threshold"}`,
    );
  }
  if (has("threshold") && (!numeric || type.kind === "list" || kind === "json")) unsuited("threshold", foreign);
  if (has("near_tie") && !has("threshold")) unsuited("near_tie", "has no effect without threshold");
}

/** Thresholds decide labels of the same record: the field must exist, be a label, and be of the output itself. */
export function checkDecides(fields: Fields, path: KeyPath, faults: Faults): void {
  for (const [name, field] of Object.entries(fields)) {
    const decides = field.decides;
    if (decides === undefined) continue;
    const label = Object.hasOwn(fields, decides) ? fields[decides] : undefined;
    const labels = Object.keys(fields).filter((other) => other !== name && isLabel(fields[other]));
    if (label !== undefined && isLabel(label) && decides !== name) continue;
    const near = label === undefined ? nearest(decides, labels) : undefined;
    const what = label === undefined ? "is no field of this output" : `is ${typeText(label.type)}`;
    faults.add("contract-field", [...path, name, "decides"], {
      reason: `decides names ${JSON.stringify(decides)}, which ${what}`,
      near,
      fix:
        labels.length === 0
          ? "A label is a boolean, category or integer field of the same output."
          : `Labels here: ${labels.join(", ")}.`,
    });
  }
}

function isLabel(field: Field | undefined): boolean {
  const kind = field?.type.kind;
  return kind !== undefined && (kind === "boolean" || kind === "category" || isInteger(kind));
}

/** Inputs and fields of structs have no threshold: nothing there is decided. */
export function refuseDecides(fields: Fields, path: KeyPath, faults: Faults): void {
  for (const [name, field] of Object.entries(fields)) {
    if (field.threshold === undefined) continue;
    const fix = "Move threshold and decides to a field of an output.";
    faults.add("contract-field", [...path, name, "threshold"], {
      reason: "only an output's own fields decide a label",
      fix,
    });
  }
}
