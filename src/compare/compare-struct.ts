import type { Field, Fields } from "../contract/contract.ts";
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
  const { comparison } = recursion;
  const before = comparison.mismatches.length;
  const declared = declaredIn(fields);
  let answered = 0;
  for (const [name, field] of declared.list) {
    if (compareMember(place, [name, field], [reference, candidate], recursion)) answered++;
  }
  if (namesCount(comparison)) compareNamedByAuthor(place, declared, [reference, candidate], recursion);
  if (Object.keys(candidate).length > answered) noteExtras(place, declared, [reference, candidate], comparison);
  if (comparison.mismatches.length > before) excuseNearTies(place, [reference, candidate], comparison, before);
}

interface Declared {
  readonly list: readonly (readonly [string, Field])[];
  readonly names: ReadonlySet<string>;
}

const known = new WeakMap<Fields, Declared>();

/** The fields of a struct as a list and a set, made once. */
function declaredIn(fields: Fields): Declared {
  let declared = known.get(fields);
  if (declared === undefined) {
    declared = { list: Object.entries(fields), names: new Set(Object.keys(fields)) };
    known.set(fields, declared);
  }
  return declared;
}

type Pair = readonly [reference: JsonObject, candidate: JsonObject];

/** Compares one field; true when the candidate has it. */
function compareMember(
  place: Place,
  [name, field]: readonly [string, Field],
  [reference, candidate]: Pair,
  { comparison, compare }: Recursion,
): boolean {
  const r = valueOf(reference, name);
  const c = valueOf(candidate, name);
  if (r === undefined && (c === undefined || comparison.options.partial === true)) return c !== undefined;
  const at = placeAt(comparison, joinPath(place.path, name), field, { type: field.type, given: place.given });
  if (r === undefined) fail(comparison, at, "extra", { candidate: c }, { hint: "the reference lacks this field" });
  else if (c !== undefined) compare(at, r, c, comparison);
  else fail(comparison, at, "missing", { reference: r }, { hint: missingHint(name, reference, candidate) });
  return c !== undefined;
}

/** What an author writes into an expectation counts, declared or not. */
function compareNamedByAuthor(
  place: Place,
  { names }: Declared,
  [reference, candidate]: Pair,
  recursion: Recursion,
): void {
  for (const name of Object.keys(reference)) {
    if (!names.has(name)) compareMember(place, [name, undeclared], [reference, candidate], recursion);
  }
}

function noteExtras(place: Place, { names }: Declared, [reference, candidate]: Pair, comparison: Comparison): void {
  for (const name of Object.keys(candidate)) {
    const c = valueOf(candidate, name);
    const r = valueOf(reference, name);
    if (names.has(name) || c === undefined || (r !== undefined && namesCount(comparison))) continue;
    const path = joinPath(place.path, name);
    if (comparison.options.extra !== "error") comparison.extras.push(path);
    else {
      const values = { reference: r, candidate: c };
      fail(comparison, placeAt(comparison, path, undeclared), "extra", values, { hint: "nobody declared this field" });
    }
  }
}

function namesCount(comparison: Comparison): boolean {
  return comparison.options.context === "expected" || comparison.options.partial === true;
}
