/**
 * Two values of a type that has no parts → agreement or one mismatch. Comes in: a place with its type, two values that
 * are not null. Knows no record and no list. A value that is not of the declared type is a mismatch, whatever the
 * other one is.
 */
import type { Tolerance } from "../contract/contract.ts";
import type { Json } from "../kernel/json-value.ts";
import { bytesApart } from "./bytes.ts";
import { type Comparison, fail, type Place, referenceName } from "./comparison.ts";
import { equalDecimals, parseDecimal, toDecimal } from "./decimal.ts";
import { numericDelta } from "./delta.ts";
import { noteDistance } from "./distance.ts";
import { floatHint, type FloatRule, floatsAgree, writtenDigitsHint } from "./float.ts";
import { readDecimal, readFloat, readInteger } from "./read-number.ts";
import { normalizeText, textHint } from "./text.ts";
import { distanceInMs, equalInstants, type Instant, parseTimestamp } from "./timestamp.ts";
import { explicitTolerance, isWithinDecimals, toleranceAt } from "./tolerance.ts";
import { whyNot } from "./type-check.ts";

/** Compares two floats in the width that is declared. */
export function compareFloat(place: Place, reference: Json, candidate: Json, comparison: Comparison): void {
  const r = readFloat(reference);
  const c = readFloat(candidate);
  if (r === undefined || c === undefined) return failType(place, reference, candidate, comparison);
  const rule = floatRule(place, comparison);
  noteDistance(place, [reference, candidate], rule.tolerance, comparison);
  if (floatsAgree(rule, r, c)) return;
  const hint = floatHint(rule, { reference: r, candidate: c }, isWritten(comparison));
  failNumber(place, [reference, candidate], comparison, { tolerance: rule.tolerance, hint });
}

/** How floats at a place are compared; what is not float32 is compared as float64. */
export function floatRule(place: Place, comparison: Comparison): FloatRule {
  const kind = place.type.kind === "float32" ? "float32" : "float64";
  return { kind, tolerance: toleranceAt(place, comparison), signedZero: place.field.signedZero };
}

/** Compares two integers exactly, or within a tolerance that somebody wrote down. */
export function compareInteger(place: Place, reference: Json, candidate: Json, comparison: Comparison): void {
  const r = readInteger(place.type.kind, reference);
  const c = readInteger(place.type.kind, candidate);
  if (r === undefined || c === undefined) return failType(place, reference, candidate, comparison);
  if (typeof r === typeof c ? r === c : BigInt(r) === BigInt(c)) return;
  const tolerance = explicitTolerance(place, comparison);
  noteDistance(place, [reference, candidate], tolerance ?? {}, comparison);
  if (tolerance && isWithinDecimals(tolerance, toDecimal(r), toDecimal(c)) === true) return;
  const lost =
    typeof c === "number" || Number(r) !== Number(c)
      ? undefined
      : "equal once rounded to a double: digits beyond 2^53 were lost";
  failNumber(place, [reference, candidate], comparison, { tolerance, hint: lost });
}

/** Compares two decimals exactly, or within a tolerance that somebody wrote down. */
export function compareDecimal(place: Place, reference: Json, candidate: Json, comparison: Comparison): void {
  const r = readDecimal(reference, place.type.scale);
  const c = readDecimal(candidate, place.type.scale);
  if (!r || !c) return failType(place, reference, candidate, comparison);
  if (equalDecimals(r, c)) return;
  const tolerance = explicitTolerance(place, comparison);
  noteDistance(place, [reference, candidate], tolerance ?? {}, comparison);
  if (tolerance && isWithinDecimals(tolerance, r, c) === true) return;
  const [from, to] = [readFloat(reference), readFloat(candidate)];
  const hint =
    isWritten(comparison) && from !== undefined && to !== undefined ? writtenDigitsHint(from, to) : undefined;
  failNumber(place, [reference, candidate], comparison, { tolerance, hint });
}

/** Compares two booleans. */
export function compareBoolean(place: Place, reference: Json, candidate: Json, comparison: Comparison): void {
  if (typeof reference !== "boolean" || typeof candidate !== "boolean")
    failType(place, reference, candidate, comparison);
  else if (reference !== candidate) fail(comparison, place, "value", { reference, candidate });
}

/** Compares two texts code point by code point, after what `normalize` asks for. */
export function compareText(place: Place, reference: Json, candidate: Json, comparison: Comparison): void {
  if (typeof reference !== "string" || typeof candidate !== "string") {
    return failType(place, reference, candidate, comparison);
  }
  if (reference === candidate) return;
  const { normalize } = place.field;
  if (normalize.length > 0 && normalizeText(reference, normalize) === normalizeText(candidate, normalize)) {
    comparison.normalized.push(place.path);
    return;
  }
  fail(comparison, place, "value", { reference, candidate }, { hint: textHint(reference, candidate) });
}

/** Compares two values of a category; one that is not declared is a type mismatch. */
export function compareCategory(place: Place, reference: Json, candidate: Json, comparison: Comparison): void {
  const { values } = place.type;
  if (values === undefined) return compareText(place, reference, candidate, comparison);
  const { normalize } = place.field;
  const known = normalize.length === 0 ? values : values.map((value) => normalizeText(value, normalize));
  const knows = (value: Json): boolean => typeof value === "string" && known.includes(normalizeText(value, normalize));
  if (knows(reference) && knows(candidate)) compareText(place, reference, candidate, comparison);
  else failType(place, reference, candidate, comparison);
}

/** Compares bytes, written as base64. */
export function compareBytes(place: Place, reference: Json, candidate: Json, comparison: Comparison): void {
  if (whyNot(place.type, reference) !== undefined || whyNot(place.type, candidate) !== undefined) {
    return failType(place, reference, candidate, comparison);
  }
  if (reference === candidate) return;
  fail(
    comparison,
    place,
    "value",
    { reference, candidate },
    { hint: bytesApart(String(reference), String(candidate)) },
  );
}

/** Compares two points in time, whatever zone they are written in. */
export function compareTimestamp(place: Place, reference: Json, candidate: Json, comparison: Comparison): void {
  const c = typeof candidate === "string" ? parseTimestamp(candidate) : undefined;
  if (c && reference === candidate) return;
  const r = typeof reference === "string" ? parseTimestamp(reference) : undefined;
  if (!r || !c) return failType(place, reference, candidate, comparison);
  if (equalInstants(r, c)) return;
  // The tolerance for all numbers is not meant for times: a millisecond is no unit of a score.
  const tolerance = place.given ?? place.field.tolerance;
  if (r.aware === c.aware && isWithinMs(tolerance, r, c)) return;
  const delta = numericDelta(place.type, reference, candidate);
  const shown = tolerance.abs === undefined ? undefined : tolerance;
  fail(comparison, place, "value", { reference, candidate }, { delta, tolerance: shown, hint: timeHint(r, c) });
}

/** Compares two calendar dates. */
export function compareDate(place: Place, reference: Json, candidate: Json, comparison: Comparison): void {
  if (whyNot(place.type, reference) !== undefined || whyNot(place.type, candidate) !== undefined) {
    failType(place, reference, candidate, comparison);
  } else if (reference !== candidate) fail(comparison, place, "value", { reference, candidate });
}

/** Notes that a value is not of the declared type: the candidate's, or the reference's where the candidate's is. */
export function failType(place: Place, reference: Json, candidate: Json, comparison: Comparison): void {
  const wrong = whyNot(place.type, candidate);
  const both = whyNot(place.type, reference);
  const name = referenceName(comparison);
  let hint = wrong;
  if (wrong === undefined && both !== undefined) hint = `${name} is ${both}`;
  else if (wrong !== undefined && both !== undefined) hint = `${wrong}; neither is ${name}: is the contract right?`;
  fail(comparison, place, "type", { reference, candidate }, { hint });
}

function failNumber(
  place: Place,
  [reference, candidate]: readonly [Json, Json],
  comparison: Comparison,
  detail: { readonly tolerance: Tolerance | undefined; readonly hint: string | undefined },
): void {
  const delta = numericDelta(place.type, reference, candidate);
  fail(comparison, place, "value", { reference, candidate }, { delta, ...detail });
}

function isWritten(comparison: Comparison): boolean {
  return comparison.options.context === "expected";
}

function isWithinMs(tolerance: Tolerance, reference: Instant, candidate: Instant): boolean {
  if (tolerance.abs === undefined) return false;
  return isWithinDecimals({ abs: tolerance.abs }, parseDecimal("0"), distanceInMs(reference, candidate)) === true;
}

function timeHint(reference: Instant, candidate: Instant): string | undefined {
  if (reference.aware !== candidate.aware) {
    return `${reference.aware ? "the candidate's time" : "the reference's time"} has no zone: which instant it means is a guess`;
  }
  const apart = Math.abs(reference.second - candidate.second);
  if (reference.fraction === candidate.fraction && apart % 900 === 0 && apart <= 26 * 3600) {
    return `exactly ${apart / 3600} h apart: a time zone applied twice, or not at all?`;
  }
  if (reference.second === candidate.second) {
    const [r, c] = [reference.fraction, candidate.fraction];
    if (r.startsWith(c)) return `the candidate keeps ${c.length} of ${r.length} digits of the second`;
    if (c.startsWith(r)) return `the reference keeps ${r.length} of ${c.length} digits of the second`;
  }
  return undefined;
}
