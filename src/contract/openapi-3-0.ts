/**
 * An OpenAPI 3.1 document as 3.0.3, for generators and gateways that know no newer one. Comes in: what `openApi` makes. Goes
 * out: the same with the older words for null, constants and bytes; nothing that 3.0 does not know is left in it.
 */
import type { Schema } from "./json-schema.ts";

/** The same operations and schemas. */
export function asOpenApi30(document: Schema): Schema {
  return { ...object(document), openapi: "3.0.3" };
}

/** Whose keys are names of an author's, not words of a schema. */
const maps: ReadonlySet<string> = new Set(["properties", "schemas"]);

function object(schema: Readonly<Record<string, unknown>>): Schema {
  const entries = Object.entries(schema).map(([key, value]): [string, unknown] => {
    // An example is a value, whatever its keys are called.
    if (key === "example") return [key, value];
    return [key, maps.has(key) && isObject(value) ? eachOf(value) : older(value)];
  });
  return withNull(withOlderWords(Object.fromEntries(entries)));
}

function eachOf(named: Readonly<Record<string, unknown>>): Schema {
  return Object.fromEntries(Object.entries(named).map(([name, value]) => [name, older(value)]));
}

function older(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(older);
  return isObject(value) ? object(value) : value;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `const` is an `enum` of one, base64 a format. */
function withOlderWords(schema: Schema): Schema {
  const { const: only, contentEncoding, ...rest } = schema;
  return {
    ...rest,
    ...(only === undefined ? {} : { enum: [only] }),
    ...(contentEncoding === "base64" ? { format: "byte" } : {}),
  };
}

/** `nullable` stands beside a type, and of several alternatives beside the first that has one. */
function withNull(schema: Schema): Schema {
  const { anyOf, type } = schema;
  if (Array.isArray(type)) {
    return { ...schema, type: type.find((name) => name !== "null"), nullable: true };
  }
  if (!Array.isArray(anyOf)) return schema;
  const rest: readonly Schema[] = anyOf.filter((one: Schema) => one["type"] !== "null");
  if (rest.length === anyOf.length) return schema;
  return { ...schema, anyOf: rest.map((one, i) => (i === 0 ? { ...one, nullable: true } : one)) };
}
