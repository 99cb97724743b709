/** What became of an exchange that was sent again. Comes in: the exchange and its mismatches of then, the answer of now. Pure. */
import { compareRecord } from "../../compare/compare-record.ts";
import { conforms } from "../../compare/conforms.ts";
import type { Field, Fields, Operation } from "../../contract/contract.ts";
import type { Json } from "../../kernel/json-value.ts";
import { readJson } from "../../kernel/read-json.ts";
import { writeJson } from "../../kernel/write-json.ts";
import { numberMode } from "../../record/decode-record.ts";
import { resolveField } from "../../record/resolve-field.ts";
import { valueAtPath } from "../../record/value-at-path.ts";
import type { Exchange, LocatedMismatch } from "../../verdict/run-event.ts";

/** What became of a failure. */
export type Replayed = "FIXED" | "ALONE" | "STILL" | "CHANGED" | "ERROR";

/** A field that was off, and what it is now. Values are JSON text; `now` is absent where the field is. */
export interface ReplayedField {
  readonly path: string;
  readonly expected?: string;
  readonly now?: string;
  readonly agrees: boolean;
}

export interface ReplayedAnswer {
  /** Undefined when the exchange says nothing about the failure: it was right then and is right now. */
  readonly result: "FIXED" | "STILL" | "CHANGED" | undefined;
  readonly fields: readonly ReplayedField[];
}

/** The result that counts of several. */
export function worstReplay(results: readonly Replayed[]): Replayed {
  return (["ERROR", "CHANGED", "STILL"] as const).find((result) => results.includes(result)) ?? "FIXED";
}

/** Judges by the fields that were off, else by the reference's answer, else by whether anything changed. */
export function judgeReplayed(
  exchange: Exchange,
  mismatches: readonly LocatedMismatch[],
  text: string,
  operation: Operation | undefined,
): ReplayedAnswer {
  if (mismatches.length === 0) return judgeAnswer(exchange, text, operation?.output);
  const answer = readJson(text, { numbers: numberMode(operation?.output) });
  const judged = mismatches.map((mismatch) => judgeField(mismatch, answer, operation?.output));
  const results = new Set(judged.map(({ result }) => result));
  return {
    result: (["CHANGED", "STILL"] as const).find((result) => results.has(result)) ?? "FIXED",
    fields: judged.map(({ field }) => field),
  };
}

interface JudgedField {
  readonly result: "FIXED" | "STILL" | "CHANGED";
  readonly field: ReplayedField;
}

function judgeField(mismatch: LocatedMismatch, answer: Json, output: Fields | undefined): JudgedField {
  const { candidate, path, reference } = mismatch;
  const now = valueAtPath(answer, path === "$error" ? "" : path);
  const agrees = agreesNow(mismatch, now, output);
  const text = now === undefined ? undefined : writeJson(now);
  const field = {
    path,
    ...(reference === undefined ? {} : { expected: reference }),
    ...(text === undefined ? {} : { now: text }),
    agrees,
  };
  const same = candidate === undefined ? text === undefined : text === writeJson(readJson(candidate));
  return { field, result: agrees ? "FIXED" : same ? "STILL" : "CHANGED" };
}

/** By the type and the tolerance of then. */
function agreesNow(
  { kind, path, reference, tolerance }: LocatedMismatch,
  now: Json | undefined,
  output: Fields | undefined,
): boolean {
  const field = output && path !== "" ? resolveField(output, path)?.field : undefined;
  if (reference === undefined) {
    // Nothing was expected but the type, or that the field is not there.
    if (kind === "extra") return now === undefined;
    if (path === "") return now !== undefined && conforms(output, now).length === 0;
    return now !== undefined && conforms(fieldsOf(field), { value: now }).length === 0;
  }
  const options = { context: "expected", partial: true } as const;
  const expected = readJson(reference);
  if (path === "" || path === "$error")
    return now !== undefined && compareRecord(output, expected, now, options).mismatches.length === 0;
  const { mismatches } = compareRecord(fieldsOf(field), { value: expected }, now === undefined ? {} : { value: now }, {
    ...options,
    ...(tolerance ? { tolerances: { value: tolerance } } : {}),
  });
  return mismatches.length === 0;
}

/** A field alone, as the only one of a record. A label's score is not at hand, so nothing is decided by it. */
function fieldsOf(field: Field | undefined): Fields | undefined {
  return field === undefined ? undefined : { value: field };
}

/** Without fields to compare: the reference's answer says what is right, and without that only whether it is another one. */
function judgeAnswer({ answer, reference }: Exchange, text: string, output: Fields | undefined): ReplayedAnswer {
  const agrees = (one: string): boolean =>
    reference !== undefined &&
    compareRecord(output, readJson(reference), readJson(one), { context: "reference" }).mismatches.length === 0;
  const wasRight = answer !== undefined && agrees(answer);
  if (agrees(text)) return { result: wasRight ? undefined : "FIXED", fields: [] };
  return { result: answer === text ? "STILL" : "CHANGED", fields: [] };
}
