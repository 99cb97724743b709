/** Holds the record of a case against declared fields. Whether a single value is of a type is asked from outside. */
import type { Fields, FieldType } from "../contract/contract.ts";
import { typeText } from "../contract/type-grammar.ts";
import { nearest } from "../kernel/nearest.ts";
import { type Json, JsonNumber, type JsonObject } from "../kernel/json-value.ts";
import { describeJson, isJsonObject } from "./json-kind.ts";

/**
 * Why a value other than null is not of a type, undefined when it is: `whyNot` of compare/type-check.ts, handed in
 * because comparing lies further down the flow.
 */
export type WhyNot = (type: FieldType, value: Json) => string | undefined;

/** One field that does not fit. */
export type FieldFault =
  | {
      readonly kind: "unknown";
      readonly path: string;
      readonly near: string | undefined;
      readonly fields: readonly string[];
    }
  | { readonly kind: "missing"; readonly path: string; readonly type: string }
  | {
      readonly kind: "value";
      readonly path: string;
      readonly type: string;
      readonly why: string;
      readonly found: string | undefined;
    };

/** What a check needs to know besides fields and record. */
export interface RecordCheck {
  readonly whyNot: WhyNot;
  /** `input` or `expect`: paths begin with it. */
  readonly prefix: string;
  /** Whether every declared field must be there: of an input, not of what is expected. */
  readonly complete: boolean;
}

/** Every field of `record` that does not fit the declared ones. */
export function checkRecord(fields: Fields, record: JsonObject, check: RecordCheck): FieldFault[] {
  const faults: FieldFault[] = [];
  checkObject(fields, record, { ...check, sensitive: false, faults });
  return faults;
}

interface Walk extends RecordCheck {
  readonly sensitive: boolean;
  readonly faults: FieldFault[];
}

function checkObject(fields: Fields, record: JsonObject, walk: Walk): void {
  const declared = Object.keys(fields);
  // A misspelt field is not also a missing one.
  const meant = new Set<string>();
  for (const name of Object.keys(record)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const path = `${walk.prefix}.${name}`;
    if (field === undefined) {
      const absent = declared.filter((other) => !Object.hasOwn(record, other));
      const near = nearest(name, absent);
      if (near !== undefined) meant.add(near);
      walk.faults.push({ kind: "unknown", path, near: near && `${walk.prefix}.${near}`, fields: declared });
    } else {
      const sensitive = walk.sensitive || field.sensitive;
      checkValue(field.type, record[name] ?? null, { ...walk, prefix: path, sensitive });
    }
  }
  if (!walk.complete) return;
  for (const name of declared) {
    const field = fields[name];
    if (field === undefined || Object.hasOwn(record, name) || meant.has(name)) continue;
    walk.faults.push({ kind: "missing", path: `${walk.prefix}.${name}`, type: typeText(field.type) });
  }
}

function checkValue(type: FieldType, value: Json, walk: Walk): void {
  const { prefix: path } = walk;
  if (value === null) {
    if (type.nullable || type.kind === "json") return;
    walk.faults.push({ kind: "value", path, type: declaredText(type), why: "null", found: undefined });
    return;
  }
  const why = walk.whyNot(type, value);
  if (why !== undefined) {
    // Objects and lists say nothing in few words; numbers as they are written are objects too.
    const isShown = !walk.sensitive && (typeof value !== "object" || value instanceof JsonNumber);
    const found = isShown ? describeJson(value) : undefined;
    walk.faults.push({ kind: "value", path, type: declaredText(type), why, found });
  } else if (type.kind === "list" && type.items !== undefined && Array.isArray(value)) {
    const { items } = type;
    value.forEach((item: Json, index) => checkValue(items, item, { ...walk, prefix: `${path}[${index}]` }));
  } else if (type.kind === "struct" && isJsonObject(value)) {
    checkObject(type.fields ?? {}, value, walk);
  }
}

/** The type with what it allows: `category: low, high`. */
function declaredText(type: FieldType): string {
  return type.values === undefined ? typeText(type) : `${typeText(type)}: ${type.values.join(", ")}`;
}
