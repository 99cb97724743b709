import type { Field } from "../contract/contract.ts";
import type { Json } from "../kernel/json-value.ts";
import { failType, floatRule } from "./compare-scalar.ts";
import { type Comparison, fail, itemType, type Place, placeAt, type Recursion, startComparison } from "./comparison.ts";
import type { Numeric } from "./decimal.ts";
import { type ElementKey, elementKey } from "./element-key.ts";
import { floatsAgree } from "./float.ts";
import { coverSorted, matchSorted, sortable } from "./match-sorted.ts";
import { coverAll, indexes, type Matching, matchingOf, matchLargest, type Pair } from "./matching.ts";
import { readFloat } from "./read-number.ts";
import { whyNot } from "./type-check.ts";
import { valueText } from "./value-text.ts";

type Lists = readonly [readonly Json[], readonly Json[]];

/**
 * Compares lists whose order does not count. A multiset: each element has one partner of its own on the other side. A
 * set: each element has a partner on the other side, and several may share it.
 */
export function compareUnordered(place: Place, lists: Lists, recursion: Recursion): void {
  const { comparison, compare } = recursion;
  const field: Field = { ...place.field, order: "list" };
  const element = (i: number): Place =>
    placeAt(comparison, `${place.path}[${i}]`, field, { type: itemType(place.type), given: place.given });
  if (noteMisfits(element, lists, recursion)) return;
  const matching = partners(place, element(0), lists, recursion);
  const [onlyReference, onlyCandidate] = [matching.onlyReference, matching.onlyCandidate];
  const [reference, candidate] = lists;
  if (onlyReference.length === 0 && onlyCandidate.length === 0) {
    // Agreeing pairs still have something to say: near-ties, normalised texts, undeclared fields.
    for (const [r, c] of matching.pairs) compare(element(r), reference[r] ?? null, candidate[c] ?? null, comparison);
    return;
  }
  const [r, c] = [onlyReference[0], onlyCandidate[0]];
  if (r !== undefined && c !== undefined && onlyReference.length === 1 && onlyCandidate.length === 1) {
    // Two that are left over belong together: what differs in them says more than the whole lists.
    const before = comparison.mismatches.length;
    compare(element(r), reference[r] ?? null, candidate[c] ?? null, comparison);
    if (comparison.mismatches.length > before) return;
  }
  const sameLength = place.field.order === "set" || reference.length === candidate.length;
  const hint = holdsSensitive(element(0)) ? undefined : unmatchedHint(lists, matching);
  fail(comparison, place, sameLength ? "value" : "length", { reference, candidate }, { hint });
}

/** An element of another type is no element to match. At most this many are noted. */
const maxMisfits = 10;

function noteMisfits(element: (i: number) => Place, [reference, candidate]: Lists, { comparison }: Recursion): boolean {
  const { type } = element(0);
  const wrong = (value: Json): boolean => (value === null ? !type.nullable : whyNot(type, value) !== undefined);
  const misfits = indexes(candidate.length).filter((i) => wrong(candidate[i] ?? null));
  for (const i of misfits.slice(0, maxMisfits)) {
    const value = candidate[i] ?? null;
    const hint = value === null ? "null is not allowed among the elements" : whyNot(type, value);
    fail(comparison, element(i), value === null ? "null" : "type", { candidate: value }, { hint });
  }
  if (misfits.length > 0) return true;
  const strange = reference.findIndex(wrong);
  if (strange !== -1) failType(element(strange), reference[strange] ?? null, candidate[0] ?? null, comparison);
  return strange !== -1;
}

function partners(place: Place, element: Place, lists: Lists, recursion: Recursion): Matching {
  const { comparison, compare } = recursion;
  const [reference, candidate] = lists;
  const isSet = place.field.order === "set";
  const sorted = sortedPartners(element, lists, comparison, isSet);
  if (sorted) return sorted;
  const ofReference = reference.map((value) => elementKey(element, value, comparison));
  const ofCandidate = candidate.map((value) => elementKey(element, value, comparison));
  const sizes = { references: reference.length, candidates: candidate.length };
  const pairs = equalPairs(ofReference, ofCandidate, isSet);
  // Where every key is decisive, the pairs of equal keys are all there are.
  if ([...ofReference, ...ofCandidate].every((key) => key.decisive)) return matchingOf(sizes, pairs);
  const agrees = (r: number, c: number): boolean => {
    const probe = startComparison(comparison.options, comparison.depth);
    compare(element, reference[r] ?? null, candidate[c] ?? null, probe);
    return probe.mismatches.length === 0;
  };
  return isSet ? coverAll(sizes, pairs, agrees) : matchLargest(sizes, pairs, agrees);
}

/** Floats are matched in their order, however many there are. */
function sortedPartners(
  element: Place,
  [reference, candidate]: Lists,
  comparison: Comparison,
  isSet: boolean,
): Matching | undefined {
  if (element.type.kind !== "float32" && element.type.kind !== "float64") return undefined;
  const [r, c] = [reference.map(readNumber), candidate.map(readNumber)];
  const [left, right] = [sortable(r), sortable(c)];
  const rule = floatRule(element, comparison);
  // With rel > 1 the intervals around the numbers are no longer in the order of the numbers.
  if (!left || !right || (rule.tolerance.rel ?? 0) > 1) return undefined;
  const agrees = (a: number, b: number): boolean => floatsAgree(rule, r[a] ?? 0, c[b] ?? 0);
  return isSet ? coverSorted(left, right, agrees) : matchSorted(left, right, agrees);
}

/** Null is no number: lists with nulls are matched like any other. */
function readNumber(value: Json): Numeric | undefined {
  return value === null ? undefined : readFloat(value);
}

/** Pairs of elements with the same key: each used once, or in a set as often as needed. */
function equalPairs(references: readonly ElementKey[], candidates: readonly ElementKey[], shared: boolean): Pair[] {
  const places = new Map<string, number[]>();
  candidates.forEach(({ text }, c) => {
    const known = places.get(text);
    if (known) known.push(c);
    else places.set(text, [c]);
  });
  const used = new Map<string, number>();
  const pairs: Pair[] = [];
  references.forEach(({ text }, r) => {
    const same = places.get(text) ?? [];
    const next = used.get(text) ?? 0;
    const c = same[shared ? Math.min(next, same.length - 1) : next];
    if (c !== undefined) pairs.push([r, c]);
    used.set(text, next + 1);
  });
  if (!shared) return pairs;
  const first = new Map(pairs.map(([r]) => [references[r]?.text, r]));
  const covered = new Set(pairs.map(([, c]) => c));
  candidates.forEach(({ text }, c) => {
    const r = first.get(text);
    if (r !== undefined && !covered.has(c)) pairs.push([r, c]);
  });
  return pairs;
}

function holdsSensitive({ type }: { readonly type: Place["type"] }): boolean {
  if (type.items) return holdsSensitive({ type: type.items });
  return Object.values(type.fields ?? {}).some((field) => field.sensitive || holdsSensitive(field));
}

function unmatchedHint([reference, candidate]: Lists, matching: Matching): string {
  const parts: string[] = [];
  if (matching.onlyReference.length > 0)
    parts.push(`only in the reference: ${shown(reference, matching.onlyReference)}`);
  if (matching.onlyCandidate.length > 0)
    parts.push(`only in the candidate: ${shown(candidate, matching.onlyCandidate)}`);
  if (!matching.complete) parts.push("too many elements to try every pairing");
  return parts.join("; ");
}

function shown(list: readonly Json[], at: readonly number[]): string {
  const texts = at.slice(0, 5).map((i) => valueText(list[i] ?? null));
  const short = texts.map((text) => (text.length > 60 ? `${text.slice(0, 59)}…` : text));
  return `${short.join(", ")}${at.length > 5 ? ` and ${at.length - 5} more` : ""}`;
}
