import type { Fields } from "../contract/contract.ts";
import type { Json, JsonObject } from "../kernel/json-value.ts";
import { compareJson } from "./compare-json.ts";
import { failType } from "./compare-scalar.ts";
import { type Comparison, fail, joinPath, type Place, placeAt, type Recursion, undeclared } from "./comparison.ts";
import { missingHint } from "./missing-hint.ts";
import { excuseNearTies } from "./near-tie.ts";
import { isObject, valueOf } from "./value-text.ts";

/** Compares two structs, or two records, field by field in the order of the contract. */
export function compareStruct(place: Place, reference: Json, candidate: Json, recursion: Recursion): void {
  const { fields } = place.type;
  if (fields === undefined) return compareJson(place, reference, candidate, recursion);
  if (!isObject(reference) || !isObject(candidate)) return failType(place, reference, candidate, recursion.comparison);
  const before = recursion.comparison.mismatches.length;
  for (const name of Object.keys(fields)) compareMember(place, name, [reference, candidate], recursion);
  compareNamedByAuthor(place, reference, candidate, recursion);
  noteExtras(place, reference, candidate, recursion.comparison);
  if (recursion.comparison.mismatches.length > before) {
    excuseNearTies(place, [reference, candidate], recursion.comparison, before);
  }
}

function compareMember(
  place: Place,
  name: string,
  [reference, candidate]: readonly [JsonObject, JsonObject],
  { comparison, compare }: Recursion,
): void {
  const field = place.type.fields?.[name] ?? undeclared;
  const r = valueOf(reference, name);
  const c = valueOf(candidate, name);
  if (r === undefined && (c === undefined || comparison.options.partial === true)) return;
  const at = placeAt(comparison, joinPath(place.path, name), field, { type: field.type, given: place.given });
  if (r === undefined)
    return fail(comparison, at, "extra", { candidate: c }, { hint: "the reference lacks this field" });
  if (c !== undefined) return compare(at, r, c, comparison);
  fail(comparison, at, "missing", { reference: r }, { hint: missingHint(name, reference, candidate) });
}

/** What an author writes into an expectation counts, declared or not. */
function compareNamedByAuthor(place: Place, reference: JsonObject, candidate: JsonObject, recursion: Recursion): void {
  const { comparison } = recursion;
  if (!namesCount(comparison)) return;
  for (const name of Object.keys(reference)) {
    if (!isDeclared(place.type.fields, name)) compareMember(place, name, [reference, candidate], recursion);
  }
}

function noteExtras(place: Place, reference: JsonObject, candidate: JsonObject, comparison: Comparison): void {
  for (const name of Object.keys(candidate)) {
    if (isDeclared(place.type.fields, name) || candidate[name] === undefined) continue;
    const r = valueOf(reference, name);
    if (r !== undefined && namesCount(comparison)) continue;
    const path = joinPath(place.path, name);
    if (comparison.options.extra === "error") {
      const at = placeAt(comparison, path, undeclared);
      fail(
        comparison,
        at,
        "extra",
        { reference: r, candidate: candidate[name] },
        { hint: "nobody declared this field" },
      );
    } else comparison.extras.push(path);
  }
}

function namesCount(comparison: Comparison): boolean {
  return comparison.options.context === "expected" || comparison.options.partial === true;
}

function isDeclared(fields: Fields | undefined, name: string): boolean {
  return fields !== undefined && Object.hasOwn(fields, name);
}
