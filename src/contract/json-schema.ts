/** The JSON Schema (2020-12) of every operation's records and batches, as they are on the wire. */
import type { Contract, Field, Fields, FieldType, Operation } from "./contract.ts";
import { integerRanges, isInteger } from "./type-grammar.ts";

/** A schema as plain data. */
export type Schema = { readonly [key: string]: unknown };

/** RFC 3339, or the same without an offset: a naive timestamp is a value of its own. */
const timestampPattern = "^\\d{4}-\\d{2}-\\d{2}[Tt ]\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?([Zz]|[+-]\\d{2}:\\d{2})?$";

/** What a record answers that fails alone, in its place. */
const errorSchema: Schema = {
  type: "object",
  description: "This record failed; the others of the batch did not.",
  required: ["$error"],
  properties: {
    $error: {
      type: "object",
      required: ["type", "message"],
      properties: { type: { type: "string" }, message: { type: "string" } },
    },
  },
};

/**
 * One document with `#/$defs/<operation>.input`, `.output` (a record each), `.request` and `.response` (the batches).
 * A record of a response may be `#/$defs/error` instead.
 */
export function jsonSchema(contract: Contract): Schema {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: contract.model.name,
    description: `Records and batches of the operations of ${contract.model.name}.`,
    $defs: recordSchemas(contract, "#/$defs/"),
  };
}

/** The schemas by name; `at` is where references to them begin. */
export function recordSchemas(contract: Contract, at: string): Readonly<Record<string, Schema>> {
  const schemas: Record<string, Schema> = { error: errorSchema };
  const reference = (name: string): Schema => ({ $ref: at + name });
  const operations = Object.values(contract.operations ?? {});
  if (operations.length === 0) {
    schemas["record"] = { type: "object" };
    schemas["request"] = { type: "array", items: reference("record") };
    schemas["response"] = { type: "array", items: answer(reference("record"), reference("error")) };
  }
  for (const operation of operations) {
    const { name } = operation;
    schemas[`${name}.input`] = inputSchema(operation, reference);
    schemas[`${name}.output`] = recordSchema(operation.output, operation.extra === "warn", operation.doc);
    schemas[`${name}.request`] = { type: "array", items: reference(`${name}.input`) };
    schemas[`${name}.response`] = {
      type: "array",
      description: "As many records as were asked, in the same order.",
      items: answer(reference(`${name}.output`), reference("error")),
    };
  }
  return schemas;
}

function answer(record: Schema, error: Schema): Schema {
  return { anyOf: [error, record] };
}

function inputSchema(operation: Operation, reference: (name: string) => Schema): Schema {
  const { input } = operation;
  return input.kind === "stage" ? reference(`${input.stage}.output`) : recordSchema(input.fields, true);
}

function recordSchema(fields: Fields, open: boolean, doc?: string): Schema {
  const names = Object.keys(fields);
  return {
    type: "object",
    ...(doc !== undefined && { description: doc }),
    ...(names.length > 0 && { required: names }),
    properties: Object.fromEntries(names.map((name) => [name, fieldSchema(fields[name])])),
    ...(!open && { additionalProperties: false }),
  };
}

function fieldSchema(field: Field | undefined): Schema {
  if (field === undefined) return {};
  const unit = field.unit === undefined ? "" : `Unit: ${field.unit}.`;
  const description = [field.doc, unit].filter((part) => part !== undefined && part !== "").join(" ");
  const schema = typeSchema(field.type);
  return description === "" ? schema : { ...schema, description };
}

/** The schema of one value. */
function typeSchema(type: FieldType): Schema {
  const schema = bareSchema(type);
  if (!type.nullable || type.kind === "json") return schema;
  if ("enum" in schema) return { ...schema, type: ["string", "null"], enum: [...(type.values ?? []), null] };
  return "anyOf" in schema && Array.isArray(schema["anyOf"])
    ? { ...schema, anyOf: [...schema["anyOf"], { type: "null" }] }
    : { ...schema, type: [schema["type"], "null"] };
}

function bareSchema(type: FieldType): Schema {
  if (isInteger(type.kind)) return integerSchema(type);
  switch (type.kind) {
    case "boolean":
      return { type: "boolean" };
    case "float32":
    case "float64":
      return {
        anyOf: [
          { type: "number", format: type.kind === "float32" ? "float" : "double" },
          { type: "string", enum: ["NaN", "Infinity", "-Infinity"] },
        ],
      };
    case "decimal":
      return { anyOf: [{ type: "number" }, { type: "string", pattern: "^-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?$" }] };
    case "bytes":
      return { type: "string", contentEncoding: "base64" };
    case "timestamp":
      return { type: "string", pattern: timestampPattern };
    case "date":
      return { type: "string", format: "date" };
    case "category":
      return type.values === undefined ? { type: "string" } : { type: "string", enum: type.values };
    case "list":
      return { type: "array", items: type.items === undefined ? {} : typeSchema(type.items) };
    case "struct":
      return { ...recordSchema(type.fields ?? {}, true) };
    case "json":
      return {};
    default:
      return { type: "string" };
  }
}

/** Bounds that a double cannot hold are left to the format. */
function integerSchema(type: FieldType): Schema {
  const [low, high] = integerRanges[type.kind] ?? [0n, 0n];
  const exact = (bound: bigint): boolean => BigInt(Number(bound)) === bound && Number.isSafeInteger(Number(bound));
  return {
    type: "integer",
    ...(type.kind !== "int" && { format: type.kind }),
    ...(exact(low) && { minimum: Number(low) }),
    ...(exact(high) && { maximum: Number(high) }),
  };
}
