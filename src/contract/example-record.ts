import type { Contract, Fields, FieldType, Operation } from "./contract.ts";
import { type Json, JsonNumber, type JsonObject } from "../kernel/json-value.ts";
import { readJson } from "../kernel/read-json.ts";
import { writeJson } from "../kernel/write-json.ts";
import { isInteger } from "./type-grammar.ts";

/** An example of an operation, usually a row of a case table. */
export interface ContractExample {
  readonly name: string;
  readonly operation: string;
  /** JSON text of the record. */
  readonly input: string;
  /** JSON text of the answer, when the case says it. */
  readonly expect?: string;
}

/** The JSON text of a record with every sensitive value replaced; `fields` are those that the record may have. */
export function withoutSensitive(fields: Fields, text: string): string {
  const value = readJson(text, { numbers: "text" });
  return isObject(value) ? writeJson(masked(fields, value)) : text;
}

function masked(fields: Fields, record: JsonObject): JsonObject {
  const shown: Record<string, Json> = Object.create(null);
  for (const [name, value] of Object.entries(record)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    shown[name] = field?.sensitive === true ? "(sensitive)" : maskedValue(field?.type, value);
  }
  return shown;
}

function maskedValue(type: FieldType | undefined, value: Json): Json {
  if (type?.fields !== undefined && isObject(value)) return masked(type.fields, value);
  return type?.items !== undefined && Array.isArray(value)
    ? value.map((item: Json) => maskedValue(type.items, item))
    : value;
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber);
}

/** The fields that an operation receives: its own, or the output of the stage before. */
export function inputFields(contract: Contract, operation: Operation): Fields {
  return operation.input.kind === "fields"
    ? operation.input.fields
    : (contract.operations?.[operation.input.stage]?.output ?? {});
}

/** A record of the right types, always the same. */
export function exampleRecord(fields: Fields): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, exampleValue(field.type)]));
}

function exampleValue(type: FieldType): unknown {
  if (isInteger(type.kind)) return 1;
  switch (type.kind) {
    case "boolean":
      return true;
    case "float32":
    case "float64":
      return 0.5;
    case "decimal":
      return 1.25;
    case "bytes":
      return "AQID";
    case "timestamp":
      return "2026-01-31T12:00:00Z";
    case "date":
      return "2026-01-31";
    case "category":
      return type.values?.[0] ?? "text";
    case "list":
      return type.items === undefined ? [] : [exampleValue(type.items)];
    case "struct":
      return exampleRecord(type.fields ?? {});
    case "json":
      return null;
    default:
      return "text";
  }
}
