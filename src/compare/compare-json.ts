import { type Json, JsonNumber, type JsonObject } from "../kernel/json-value.ts";
import { compareList } from "./compare-list.ts";
import { compareFloat, compareText } from "./compare-scalar.ts";
import { type Comparison, fail, joinPath, type Place, placeAt, type Recursion } from "./comparison.ts";
import { equalDecimals, type Numeric, toDecimal } from "./decimal.ts";
import { numericDelta } from "./delta.ts";
import { missingHint } from "./missing-hint.ts";
import { explicitTolerance } from "./tolerance.ts";
import { isList, isObject, jsonKind, valueOf } from "./value-text.ts";

/**
 * Compares two values of which nothing is declared: numbers with rel 1e-9, everything else exactly. Integers written
 * out are exact too, unless somebody wrote a tolerance: a relative tolerance would take ids and milliseconds for equal.
 */
export function compareJson(place: Place, reference: Json, candidate: Json, recursion: Recursion): void {
  const { comparison } = recursion;
  if (isNumeric(reference) && isNumeric(candidate)) return compareNumbers(place, reference, candidate, comparison);
  if (typeof reference === "string" && typeof candidate === "string") {
    return compareText(place, reference, candidate, comparison);
  }
  if (isList(reference) && isList(candidate)) return compareList(place, reference, candidate, recursion);
  if (isObject(reference) && isObject(candidate)) return compareObjects(place, reference, candidate, recursion);
  if (typeof reference === "boolean" && typeof candidate === "boolean") {
    if (reference !== candidate) fail(comparison, place, "value", { reference, candidate });
    return;
  }
  fail(comparison, place, "type", { reference, candidate }, { hint: kindHint(reference, candidate) });
}

function compareNumbers(place: Place, reference: Numeric, candidate: Numeric, comparison: Comparison): void {
  const exact = isIntegerText(reference) && isIntegerText(candidate) && !explicitTolerance(place, comparison);
  if (!exact) return compareFloat(place, reference, candidate, comparison);
  if (sameIntegers(reference, candidate)) {
    const opposite = place.field.signedZero && Object.is(reference, 0) !== Object.is(candidate, 0);
    if (reference === 0 && opposite) compareFloat(place, reference, candidate, comparison);
    return;
  }
  const delta = numericDelta(place.type, reference, candidate);
  const hint = "integers are exact where nothing is declared: declare float64, or a tolerance";
  fail(comparison, place, "value", { reference, candidate }, { delta, hint });
}

function compareObjects(place: Place, reference: JsonObject, candidate: JsonObject, recursion: Recursion): void {
  const { comparison, compare } = recursion;
  for (const name of Object.keys(reference)) {
    const r = valueOf(reference, name);
    const c = valueOf(candidate, name);
    if (r === undefined) continue;
    const at = placeAt(comparison, joinPath(place.path, name), place.field, { type: place.type, given: place.given });
    if (c !== undefined) compare(at, r, c, comparison);
    else fail(comparison, at, "missing", { reference: r }, { hint: missingHint(name, reference, candidate) });
  }
  if (comparison.options.partial === true) return;
  for (const name of Object.keys(candidate)) {
    const c = candidate[name];
    if (c === undefined || valueOf(reference, name) !== undefined) continue;
    const path = joinPath(place.path, name);
    if (comparison.options.extra === "warn" && place.path === "") comparison.extras.push(path);
    else {
      const at = placeAt(comparison, path, place.field);
      fail(comparison, at, "extra", { candidate: c }, { hint: "the reference lacks this field" });
    }
  }
}

function isNumeric(value: Json): value is Numeric {
  return typeof value === "number" || value instanceof JsonNumber;
}

/** Whether a number is written as an integer. */
function isIntegerText(value: Numeric): boolean {
  return typeof value === "number" ? Number.isSafeInteger(value) : /^-?\d+$/u.test(value.text);
}

function sameIntegers(a: Numeric, b: Numeric): boolean {
  if (typeof a === "number" && typeof b === "number") return a === b;
  const [left, right] = [toDecimal(a), toDecimal(b)];
  return left !== undefined && right !== undefined && equalDecimals(left, right);
}

function kindHint(reference: Json, candidate: Json): string {
  const special = (value: Json): boolean => typeof value === "number" && !Number.isFinite(value);
  if (special(reference) ? candidate === String(reference) : special(candidate) && reference === String(candidate)) {
    return "the text is that number only in a field declared float32 or float64";
  }
  return `${jsonKind(candidate)} instead of ${jsonKind(reference)}`;
}
