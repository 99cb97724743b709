import type { Fields, FieldType } from "../contract/contract.ts";
import { typeText } from "../contract/type-grammar.ts";
import type { Json } from "../kernel/json-value.ts";
import { recordField } from "./compare-record.ts";
import { type Comparison, fail, itemType, joinPath, type Place, placeAt, startComparison } from "./comparison.ts";
import { readError } from "./error-record.ts";
import { overflows } from "./float.ts";
import { missingHint } from "./missing-hint.ts";
import type { Mismatch } from "./mismatch.ts";
import { readFloat } from "./read-number.ts";
import { whyNot } from "./type-check.ts";
import { isList, isObject, maxDepth, valueOf } from "./value-text.ts";

/**
 * Checks a record against the types of its fields alone: what is missing, null where null is not allowed, or not of
 * its type. `$error` is no record. Undeclared fields are no mismatch.
 */
export function conforms(fields: Fields | undefined, value: Json): Mismatch[] {
  const comparison = startComparison({});
  const place = placeAt(comparison, "", recordField(fields));
  if (readError(value)) fail(comparison, place, "error-versus-value", { candidate: value });
  else check(place, value, comparison);
  return comparison.mismatches;
}

function check(place: Place, value: Json, comparison: Comparison): void {
  const { type } = place;
  if (value === null) {
    if (type.nullable || type.kind === "json") return;
    const hint = `null is not allowed here: the field is declared ${typeText(type)}`;
    return fail(comparison, place, "null", { candidate: value }, { hint });
  }
  const hint = whyNot(type, value) ?? whyTooLarge(type, value);
  if (hint !== undefined) return fail(comparison, place, "type", { candidate: value }, { hint });
  if (comparison.depth >= maxDepth) return;
  comparison.depth++;
  if (type.kind === "list" && isList(value)) checkElements(place, value, comparison);
  if (type.kind === "struct" && isObject(value)) checkFields(place, value, comparison);
  comparison.depth--;
}

function checkElements(place: Place, values: readonly Json[], comparison: Comparison): void {
  const around = { type: itemType(place.type), given: undefined };
  values.forEach((value, i) => {
    check(placeAt(comparison, `${place.path}[${i}]`, place.field, around), value, comparison);
  });
}

function checkFields(place: Place, value: Readonly<Record<string, Json>>, comparison: Comparison): void {
  for (const [name, field] of Object.entries(place.type.fields ?? {})) {
    const member = valueOf(value, name);
    const at = placeAt(comparison, joinPath(place.path, name), field);
    if (member !== undefined) check(at, member, comparison);
    else fail(comparison, at, "missing", {}, { hint: missingHint(name, place.type.fields ?? {}, value) });
  }
}

function whyTooLarge({ kind }: FieldType, value: Json): string | undefined {
  if (kind !== "float32" && kind !== "float64") return undefined;
  const number = readFloat(value);
  return number !== undefined && overflows(kind, number) ? `beyond the largest ${kind}` : undefined;
}
