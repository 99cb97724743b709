/**
 * Which failures likely have one cause, in words. Comes in: failures, and the clues of their run. Goes out: groups, the
 * largest first. What is said of a group is true of every member; what its inputs share is said with its counts.
 */
import { type InputTraits, inputTraits, isTrueOf } from "../verdict/input-traits.ts";
import { generalMessage, generalPath } from "../verdict/general-words.ts";
import type { Clue, Exchange } from "../verdict/run-event.ts";
import { type Failure, reasonText, worstFirst } from "./failure-groups.ts";
import { fieldRows, mismatchesOf, placeOf } from "./field-rows.ts";
import { isNumberText, threeDigits } from "./number-text.ts";
import { groupDigits } from "./plain-text.ts";

/** Failures that share how they fail. */
export interface FailureGroup {
  /** `process.null_values is 0 where query has upper-case NULL`. */
  readonly title: string;
  /** What bears the clue in the title out, as a sentence. */
  readonly evidence: string | undefined;
  readonly failures: readonly Failure[];
}

/** Members whose values are looked at; of larger groups nothing is said about values. */
const maxLookedAt = 1000;
const maxValue = 40;

interface Signature {
  readonly text: string;
  readonly place: Place | undefined;
  readonly clue: Clue | undefined;
}

interface Place {
  readonly operation: string;
  readonly path: string;
}

/** Failures in groups, the largest first; inside a group the worst first. */
export function groupFailures(failures: readonly Failure[], clues: readonly Clue[] = []): FailureGroup[] {
  const signed = worstFirst(failures).map((failure) => ({ failure, signature: signatureOf(failure, clues) }));
  const groups = Map.groupBy(signed, ({ signature }) => signature.text);
  const made = [...groups.values()].map((members) => {
    const [first] = members;
    return groupOf(
      first?.signature,
      members.map(({ failure }) => failure),
    );
  });
  return made.toSorted((a, b) => b.failures.length - a.failures.length);
}

function groupOf(signature: Signature | undefined, failures: readonly Failure[]): FailureGroup {
  const { clue, place, text = "" } = signature ?? {};
  if (place === undefined) return { title: text, evidence: undefined, failures };
  const where = clue === undefined ? "" : ` where ${clue.words}`;
  const title = `${placeOf(place.operation, place.path)} ${valueWords(place, failures)}${where}`;
  return { title, evidence: clue === undefined ? undefined : evidenceOf(clue), failures };
}

/** How often the words of a clue are true, among all inputs that were compared. */
function evidenceOf({ agree, agreeWith, off, offWith }: Clue): string {
  const wrong = offWith === off ? `all ${groupDigits(off)}` : `${groupDigits(offWith)} of the ${groupDigits(off)}`;
  const right =
    agreeWith === 0 ? `none of the ${groupDigits(agree)}` : `${groupDigits(agreeWith)} of the ${groupDigits(agree)}`;
  return `true of ${wrong} inputs on which the field is off, and of ${right} on which it agrees`;
}

/** How a failure fails, without its values. */
function signatureOf(failure: Failure, clues: readonly Clue[]): Signature {
  const { judged } = failure;
  const other = (text: string): Signature => ({ text, place: undefined, clue: undefined });
  if (judged.reason === "batch-dependent") return other("the answer depends on the batch");
  if (judged.fault !== undefined) return other(`cannot be judged: ${judged.fault.code}`);
  const [mismatch] = judged.mismatches;
  const first = judged.divergence ?? mismatch;
  if (first === undefined)
    return other(generalMessage(judged.failures[0]?.message ?? judged.note ?? reasonText(judged.reason)));
  const place = { operation: first.operation, path: generalPath(first.path) };
  const clue = clueOf(place, failure, clues);
  return { text: JSON.stringify([place.operation, place.path, clue?.words]), place, clue };
}

/** The first clue of the field that is true of an input of this test. */
function clueOf({ operation, path }: Place, { exchanges }: Failure, clues: readonly Clue[]): Clue | undefined {
  const field = /^[^.[]*/.exec(path)?.[0];
  const own = clues.filter((clue) => clue.operation === operation && clue.field === field);
  if (own.length === 0) return undefined;
  const asked = exchanges.filter((exchange) => exchange.operation === operation);
  const traits = (asked.length === 1 ? asked : asked.filter((exchange) => differsAt(exchange, path))).flatMap(traitsOf);
  return own.find(({ words }) => traits.some((input) => isTrueOf(words, input)));
}

const known = new WeakMap<Exchange, InputTraits[]>();

/** Several reports of one run ask for the same. */
function traitsOf(exchange: Exchange): InputTraits[] {
  const found = known.get(exchange) ?? [inputTraits(exchange.input) ?? []].flat();
  known.set(exchange, found);
  return found;
}

function differsAt(exchange: Exchange, path: string): boolean {
  return fieldRows(exchange, []).some((row) => generalPath(row.path) === path && row.state === "differs");
}

type Pair = readonly [wanted: string, got: string | undefined];

/** What is true of the value in all of these failures. */
function valueWords(place: Place, failures: readonly Failure[]): string {
  if (failures.length > maxLookedAt) return "is off";
  const pairs = failures.flatMap((failure): Pair[] => {
    const pair = pairAt(place, failure);
    return pair === undefined ? [] : [pair];
  });
  const [first] = pairs;
  if (first === undefined || pairs.length < failures.length) return "is off";
  const [wanted, got] = first;
  if (pairs.every((pair) => pair[1] === undefined)) return "is missing";
  if (got !== undefined && got.length <= maxValue && pairs.every((pair) => pair[1] === got)) {
    const same = wanted.length <= maxValue && pairs.every((pair) => pair[0] === wanted);
    return same ? `is ${got}, not ${wanted}` : `is ${got}`;
  }
  return numberWords(pairs) ?? textWords(pairs) ?? "is off";
}

function pairAt(place: Place, { exchanges, judged }: Failure): Pair | undefined {
  for (const exchange of exchanges) {
    if (exchange.operation !== place.operation) continue;
    const rows = fieldRows(exchange, mismatchesOf(exchange, judged, exchanges));
    const row = rows.find(({ path, state }) => generalPath(path) === place.path && state !== "same");
    const wanted = row?.reference ?? row?.expected;
    if (row !== undefined && wanted !== undefined) return [wanted, row.candidate];
  }
  return undefined;
}

function numberWords(pairs: readonly Pair[]): string | undefined {
  const deltas: number[] = [];
  for (const [wanted, got] of pairs) {
    if (got === undefined || !isNumberText(wanted) || !isNumberText(got)) return undefined;
    deltas.push(Number(got) - Number(wanted));
  }
  const [first = 0] = deltas;
  if (first === 0 || !deltas.every((delta) => Math.sign(delta) === Math.sign(first))) return undefined;
  const side = first > 0 ? "too high" : "too low";
  const isConstant = Number.isInteger(first) && deltas.length > 1 && deltas.every((delta) => delta === first);
  return isConstant ? `is ${threeDigits(Math.abs(first))} ${side}` : `is ${side}`;
}

const forms: readonly (readonly [string, (text: string) => string])[] = [
  ["differs in upper and lower case only", (text) => text.toLowerCase()],
  ["differs in white space only", (text) => text.replace(/\s|\\[nrtf]/g, "")],
  ["differs in its Unicode form only", (text) => text.normalize("NFC")],
];

function textWords(pairs: readonly Pair[]): string | undefined {
  const equal = (form: (text: string) => string) =>
    pairs.every(([wanted, got]) => got !== undefined && wanted.startsWith('"') && form(wanted) === form(got));
  return forms.find(([, form]) => equal(form))?.[0];
}
