/**
 * One field of two records → agreement, or mismatches at and below its path. Comes in: the field's rules and two JSON
 * values. Goes out: what differs, in a `RecordComparison`. Never throws, whatever the values are; knows no endpoint,
 * no test and no report.
 */
import type { Field } from "../contract/contract.ts";
import { typeText } from "../contract/type-grammar.ts";
import type { Json } from "../kernel/json-value.ts";
import { compareJson } from "./compare-json.ts";
import { compareList } from "./compare-list.ts";
import {
  compareBoolean,
  compareBytes,
  compareCategory,
  compareDate,
  compareDecimal,
  compareFloat,
  compareInteger,
  compareText,
  compareTimestamp,
} from "./compare-scalar.ts";
import { compareStruct } from "./compare-struct.ts";
import {
  type CompareOptions,
  type Comparison,
  fail,
  type Place,
  placeAt,
  type RecordComparison,
  startComparison,
} from "./comparison.ts";
import { isSurelyOf } from "./type-check.ts";
import { maxDepth } from "./value-text.ts";

/** Compares the values of one field by its rules; `path` is where the mismatches are said to be. */
export function compareField(
  field: Field,
  path: string,
  reference: Json,
  candidate: Json,
  options: CompareOptions = {},
): RecordComparison {
  const comparison = startComparison(options);
  compareValue(placeAt(comparison, path, field), reference, candidate, comparison);
  return comparison;
}

/** Compares two values at a place, into a comparison under way. */
export function compareValue(place: Place, reference: Json, candidate: Json, comparison: Comparison): void {
  if (reference === candidate && isSurelyOf(place.type, candidate)) return;
  if (reference === null || candidate === null) return compareNull(place, reference, candidate, comparison);
  switch (place.type.kind) {
    case "float32":
    case "float64":
      return compareFloat(place, reference, candidate, comparison);
    case "decimal":
      return compareDecimal(place, reference, candidate, comparison);
    case "boolean":
      return compareBoolean(place, reference, candidate, comparison);
    case "string":
      return compareText(place, reference, candidate, comparison);
    case "category":
      return compareCategory(place, reference, candidate, comparison);
    case "bytes":
      return compareBytes(place, reference, candidate, comparison);
    case "timestamp":
      return compareTimestamp(place, reference, candidate, comparison);
    case "date":
      return compareDate(place, reference, candidate, comparison);
    case "list":
    case "struct":
    case "json":
      return compareParts(place, reference, candidate, comparison);
    default:
      return compareInteger(place, reference, candidate, comparison);
  }
}

function compareNull(place: Place, reference: Json, candidate: Json, comparison: Comparison): void {
  if (reference === candidate) return;
  const isNaNInstead = (value: Json): boolean => value === "NaN" || Number.isNaN(value);
  let hint: string | undefined;
  if (isNaNInstead(reference) || isNaNInstead(candidate)) hint = "NaN and null are different answers";
  else if (candidate === null && !place.type.nullable) {
    hint = `null is not allowed here: the field is declared ${typeText(place.type)}`;
  }
  fail(comparison, place, "null", { reference, candidate }, { hint });
}

/** Values with parts, down to a depth that no reader lets through. */
function compareParts(place: Place, reference: Json, candidate: Json, comparison: Comparison): void {
  if (comparison.depth >= maxDepth) {
    const hint = `nested deeper than ${maxDepth}: not compared`;
    return fail(comparison, place, "value", { reference, candidate }, { hint });
  }
  const recursion = { comparison, compare: compareValue };
  comparison.depth++;
  if (place.type.kind === "list") compareList(place, reference, candidate, recursion);
  else if (place.type.kind === "struct") compareStruct(place, reference, candidate, recursion);
  else compareJson(place, reference, candidate, recursion);
  comparison.depth--;
}
