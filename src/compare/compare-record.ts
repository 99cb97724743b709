/**
 * Two records of one operation → what differs. Comes in: the fields of the contract (or none), the reference's or
 * expected record, the candidate's. Goes out: mismatches, near-ties, undeclared fields, texts that agree only
 * normalised. Never throws, whatever the records are; knows no endpoint, no test and no report.
 */
import type { Field, Fields } from "../contract/contract.ts";
import type { Json } from "../kernel/json-value.ts";
import { compareValue } from "./compare-field.ts";
import {
  type CompareOptions,
  type Comparison,
  fail,
  type Place,
  placeAt,
  type RecordComparison,
  startComparison,
  undeclared,
} from "./comparison.ts";
import { type ErrorRecord, errorsAgree, readError } from "./error-record.ts";

export type { CompareOptions, RecordComparison } from "./comparison.ts";

/** Compares a candidate's record with the reference; `fields` undefined means that nothing is declared. */
export function compareRecord(
  fields: Fields | undefined,
  reference: Json,
  candidate: Json,
  options: CompareOptions = {},
): RecordComparison {
  const comparison = startComparison(options);
  const place = placeAt(comparison, "", recordField(fields));
  const [expected, got] = [readError(reference), readError(candidate)];
  if (expected || got) compareErrors(place, { reference, candidate, expected, got }, comparison);
  else compareValue(place, reference, candidate, comparison);
  return comparison;
}

const recordFields = new WeakMap<Fields, Field>();

/** A record as a field: a struct of its fields. */
export function recordField(fields: Fields | undefined): Field {
  if (fields === undefined) return undeclared;
  let field = recordFields.get(fields);
  if (field === undefined) {
    field = { ...undeclared, type: { kind: "struct", nullable: false, fields } };
    recordFields.set(fields, field);
  }
  return field;
}

function compareErrors(
  place: Place,
  values: {
    readonly reference: Json;
    readonly candidate: Json;
    readonly expected: ErrorRecord | undefined;
    readonly got: ErrorRecord | undefined;
  },
  comparison: Comparison,
): void {
  const { reference, candidate, expected, got } = values;
  if (!expected || !got) return fail(comparison, place, "error-versus-value", { reference, candidate });
  if (errorsAgree(expected, got)) return;
  const at = { ...place, path: "$error" };
  fail(comparison, at, "value", { reference, candidate }, { hint: "both failed, with errors of different types" });
}
