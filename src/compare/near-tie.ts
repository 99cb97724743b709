import type { Field } from "../contract/contract.ts";
import type { Json, JsonObject } from "../kernel/json-value.ts";
import { type Comparison, joinPath, type Place, placeAt } from "./comparison.ts";
import { floatRule } from "./compare-scalar.ts";
import type { Numeric } from "./decimal.ts";
import { floatsAgree } from "./float.ts";
import { readFloat } from "./read-number.ts";
import { valueOf, valueText } from "./value-text.ts";

/**
 * Turns label mismatches into near-ties: where the label that a score decides has flipped, the two scores agree, and
 * both lie within the score's tolerance (or `near_tie`) of the threshold. `from` is the first mismatch of this struct.
 */
export function excuseNearTies(
  place: Place,
  [reference, candidate]: readonly [JsonObject, JsonObject],
  comparison: Comparison,
  from: number,
): void {
  for (const [name, field] of Object.entries(place.type.fields ?? {})) {
    if (field.threshold === undefined || field.decides === undefined) continue;
    const label = joinPath(place.path, field.decides);
    const score = joinPath(place.path, name);
    const flipped = indexOfFlip(comparison, label, from);
    if (flipped === -1 || comparison.mismatches.some((each, i) => i >= from && each.path === score)) continue;
    const scores = [valueOf(reference, name), valueOf(candidate, name)] as const;
    const at = placeAt(comparison, score, field, { type: field.type, given: place.given });
    if (!scores.every((value) => isNearThreshold(at, field, value, comparison))) continue;
    const [mismatch] = comparison.mismatches.splice(flipped, 1);
    comparison.nearTies.push({
      path: label,
      score,
      threshold: field.threshold,
      reference: mismatch?.reference ?? "null",
      candidate: mismatch?.candidate ?? "null",
      referenceScore: valueText(scores[0] ?? null),
      candidateScore: valueText(scores[1] ?? null),
      ...(areEqual(scores) ? { hint: "both scores are equal: is it > on one side and >= on the other?" } : {}),
    });
  }
}

function indexOfFlip(comparison: Comparison, label: string, from: number): number {
  return comparison.mismatches.findIndex((each, i) => i >= from && each.path === label && each.kind === "value");
}

function isNearThreshold(at: Place, field: Field, value: Json | undefined, comparison: Comparison): boolean {
  const score = value === undefined ? undefined : readFloat(value);
  if (score === undefined || field.threshold === undefined) return false;
  const rule = floatRule(at, comparison);
  const width = field.nearTie === undefined ? rule.tolerance : { abs: field.nearTie };
  return floatsAgree({ ...rule, tolerance: width, signedZero: false }, field.threshold, score);
}

function areEqual([reference, candidate]: readonly (Json | undefined)[]): boolean {
  const [r, c] = [readFloat(reference ?? null), readFloat(candidate ?? null)];
  return r !== undefined && c !== undefined && asDouble(r) === asDouble(c);
}

function asDouble(value: Numeric): number {
  return typeof value === "number" ? value : Number(value.text);
}
