import type { Json } from "../kernel/json-value.ts";
import { failType } from "./compare-scalar.ts";
import { compareUnordered } from "./compare-unordered.ts";
import { fail, itemType, type Place, placeAt, type Recursion, startComparison } from "./comparison.ts";
import { isSurelyOf } from "./type-check.ts";
import { isList } from "./value-text.ts";

/** Compares two lists: in order, or as the field's `order` says. */
export function compareList(place: Place, reference: Json, candidate: Json, recursion: Recursion): void {
  const { comparison, compare } = recursion;
  if (!isList(reference) || !isList(candidate)) return failType(place, reference, candidate, comparison);
  if (place.field.order !== "list") return compareUnordered(place, [reference, candidate], recursion);
  if (reference.length !== candidate.length) {
    const hint = lengthHint(place, [reference, candidate], recursion);
    return fail(comparison, place, "length", { reference, candidate }, { hint });
  }
  const around = { type: itemType(place.type), given: place.given };
  for (let i = 0; i < reference.length; i++) {
    const [r, c] = [reference[i] ?? null, candidate[i] ?? null];
    // Spares the path of an element that cannot differ: embeddings are long.
    if (r === c && isSurelyOf(around.type, r)) continue;
    compare(placeAt(comparison, `${place.path}[${i}]`, place.field, around), r, c, comparison);
  }
}

function lengthHint(
  place: Place,
  [reference, candidate]: readonly [readonly Json[], readonly Json[]],
  { comparison, compare }: Recursion,
): string {
  const lengths = `${reference.length} and ${candidate.length} elements`;
  const around = { type: itemType(place.type), given: place.given };
  const shorter = Math.min(reference.length, candidate.length);
  for (let i = 0; i < shorter; i++) {
    const probe = startComparison(comparison.options, comparison.depth);
    compare(
      placeAt(probe, `${place.path}[${i}]`, place.field, around),
      reference[i] ?? null,
      candidate[i] ?? null,
      probe,
    );
    if (probe.mismatches.length > 0) return `${lengths}; the first that differs is [${i}]`;
  }
  return `${lengths}; the first ${shorter} agree`;
}
