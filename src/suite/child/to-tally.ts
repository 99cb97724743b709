/** `expect(answer).toTally({…})`: the fields that it names, compared by the contract, with a reason for each that is off. */
import type { Mismatch } from "../../compare/mismatch.ts";
import type { Tolerance } from "../../contract/contract.ts";
import { tallyError } from "../../kernel/errors.ts";
import type { Json } from "../../kernel/json-value.ts";
import { nearest } from "../../kernel/nearest.ts";
import { readJson } from "../../kernel/read-json.ts";
import { describeValue, encodeRecord, type EncodingIssue } from "../../record/encode-record.ts";
import { numberMode } from "../../record/decode-record.ts";
import type { LocatedMismatch } from "../../verdict/run-event.ts";
import { Approx } from "./approx.ts";
import { compareExpected, mismatchLines } from "./compare-expected.ts";
import { currentTest } from "./current-test.ts";
import { type AnswerOrigin, originOf } from "./operation.ts";

/** What a matcher gives back to @vitest/expect. */
export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
  readonly meta: { readonly tally: true };
}

/** Compares an answer, or a list of answers, with what a test expects of it. */
export function toTally(
  this: { readonly isNot?: boolean },
  received: unknown,
  expected: unknown,
  tolerance?: Tolerance,
): MatcherResult {
  const many = Array.isArray(expected);
  const expectations: readonly unknown[] = many ? expected : [expected];
  const answers: readonly unknown[] = many && Array.isArray(received) ? received : [received];
  const mismatches: LocatedMismatch[] = [];
  if (many && answers.length !== expectations.length) {
    mismatches.push(lengthMismatch(answers.length, expectations.length));
  } else {
    for (const [i, expectation] of expectations.entries()) {
      mismatches.push(...compareOne(answers[i], expectation, tolerance, many ? i : undefined));
    }
  }
  const pass = mismatches.length === 0;
  if (!pass && !this.isNot) currentTest()?.mismatches.push(...mismatches);
  const message = (): string =>
    pass
      ? "expected the answer not to tally, but all fields named agree"
      : ["the answer does not tally", ...mismatches.flatMap(mismatchLines)].join("\n");
  return { pass, message, meta: { tally: true } };
}

function lengthMismatch(found: number, wanted: number): LocatedMismatch {
  return { operation: "", path: "", kind: "length", reference: String(wanted), candidate: String(found) };
}

function compareOne(
  received: unknown,
  expectation: unknown,
  tolerance: Tolerance | undefined,
  record: number | undefined,
): LocatedMismatch[] {
  const origin = originOf(received);
  if (origin === undefined && !isRecord(received))
    throw tallyError("expected-answer", { found: describeReceived(received) });
  const plan = readExpectation(expectation, received, tolerance);
  const comparison = compareExpected(
    origin?.answer ?? encodeRecord(undefined, received),
    { ...plan, tolerance },
    { fields: origin?.fields, extra: origin?.extra },
  );
  const running = currentTest();
  if (running) {
    running.nearTies += comparison.nearTies.length;
    running.normalized.push(...comparison.normalized.map((path) => `${origin?.operation ?? ""}.${path}`));
  }
  const found: Mismatch[] = [...comparison.mismatches];
  for (const matcher of plan.matchers) {
    const value = valueAt(received, matcher.keys);
    if (!matcher.matches(value))
      found.push({
        path: matcher.path,
        kind: "value",
        reference: JSON.stringify(matcher.says),
        candidate: encodeAny(value),
      });
  }
  const where = {
    operation: origin?.operation ?? "",
    ...(origin ? { exchange: origin.exchange } : {}),
    ...(record === undefined ? {} : { record }),
  };
  return found.map((mismatch) => ({ ...mismatch, ...where }));
}

interface Matcher {
  readonly path: string;
  readonly keys: readonly (string | number)[];
  readonly says: string;
  readonly matches: (value: unknown) => boolean;
}

interface ExpectationPlan {
  readonly json: Json;
  readonly tolerances: Readonly<Record<string, Tolerance>>;
  readonly matchers: readonly Matcher[];
}

/** Takes `approx` and asymmetric matchers out of an expectation: what is left is JSON, tolerances by path, and matchers. */
function readExpectation(expectation: unknown, received: unknown, tolerance: Tolerance | undefined): ExpectationPlan {
  const origin = originOf(received);
  const operation = origin?.operation ?? "the answer";
  if (!isRecord(expectation)) {
    const found = describeReceived(expectation);
    throw tallyError("expected-type", { operation, field: "(record)", expected: "a record", found });
  }
  const tolerances: Record<string, Tolerance> = {};
  const matchers: Matcher[] = [];
  const plain = strip(expectation, [], (keys, value) => {
    const path = pathOf(keys);
    if (value instanceof Approx) {
      tolerances[path] = value.tolerance;
      return value.value;
    }
    matchers.push({
      path,
      keys,
      says: matcherText(value),
      matches: (other) => Reflect.apply(value.asymmetricMatch, value, [other]) === true,
    });
    // In a list a place must be held; there the answer's own value stands for what the matcher has judged.
    return typeof keys.at(-1) === "number" ? valueAt(received, keys) : matched;
  });
  if (Object.keys(Object(plain)).length === 0 && matchers.length === 0)
    throw tallyError("expected-undefined", { where: operation });
  if (origin?.fields)
    checkNames(
      plain,
      origin,
      matchers.map((matcher) => matcher.keys[0]),
    );
  const issues: EncodingIssue[] = [];
  const text = encodeRecord(origin?.fields, plain, (issue) => issues.push(issue));
  const issue = issues.find((one) => one.fatal || tolerance === undefined);
  if (issue !== undefined && origin !== undefined) {
    throw tallyError("expected-type", {
      operation: origin.operation,
      field: issue.path || "(record)",
      expected: issue.expected,
      found: issue.found,
    });
  }
  return { json: readJson(text, { numbers: numberMode(origin?.fields) }), tolerances, matchers };
}

/** A misspelt field is the author's mistake, not the candidate's. */
function checkNames(plain: unknown, origin: AnswerOrigin, more: readonly (string | number | undefined)[]): void {
  const known = Object.keys(origin.fields ?? {});
  const named = [...Object.keys(Object(plain)), ...more.filter((key) => typeof key === "string")];
  for (const field of named) {
    if (known.includes(field) || field === "$error" || Object.hasOwn(Object(readJson(origin.answer)), field)) continue;
    throw tallyError("expected-unknown", { operation: origin.operation, field, known, nearest: nearest(field, known) });
  }
}

interface Asymmetric {
  readonly asymmetricMatch: (other: unknown) => unknown;
}

function isAsymmetric(value: unknown): value is Asymmetric {
  return (
    typeof value === "object" &&
    value !== null &&
    "asymmetricMatch" in value &&
    typeof value.asymmetricMatch === "function"
  );
}

type Replace = (keys: readonly (string | number)[], matcher: Asymmetric) => unknown;

/** Stands for a field that a matcher has taken out; a value that is undefined is the author's mistake. */
const matched = Symbol("matched");

function strip(value: unknown, keys: readonly (string | number)[], replace: Replace): unknown {
  if (value === undefined) throw tallyError("expected-undefined", { where: pathOf(keys) });
  if (isAsymmetric(value)) return replace(keys, value);
  if (Array.isArray(value)) return value.map((item: unknown, i) => strip(item, [...keys, i], replace));
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const members = Object.entries(value).map(([key, item]) => [key, strip(item, [...keys, key], replace)] as const);
  return Object.fromEntries(members.filter(([, item]) => item !== matched));
}

/** A plain object: not a list, a promise or a Map, whose members would be compared with nothing. */
function isRecord(value: unknown): value is object {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function describeReceived(value: unknown): string {
  return value instanceof Promise ? "a promise" : describeValue(value);
}

function pathOf(keys: readonly (string | number)[]): string {
  return keys.map((key, i) => (typeof key === "number" ? `[${key}]` : i === 0 ? key : `.${key}`)).join("");
}

function valueAt(value: unknown, keys: readonly (string | number)[]): unknown {
  let at = value;
  for (const key of keys)
    at = typeof at === "object" && at !== null && Object.hasOwn(at, key) ? Reflect.get(at, key) : undefined;
  return at;
}

function matcherText(matcher: Asymmetric): string {
  if ("toAsymmetricMatcher" in matcher && typeof matcher.toAsymmetricMatcher === "function")
    return String(matcher.toAsymmetricMatcher());
  return String(matcher);
}

/** The JSON text of one value; `undefined` has none and is shown as null. */
function encodeAny(value: unknown): string {
  return encodeRecord(undefined, { value: value === undefined ? null : value }).slice('{"value":'.length, -1);
}
