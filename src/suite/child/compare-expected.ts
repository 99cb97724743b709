/** An answer against what a test expects of it: the one place where this is decided, whatever language the test is in. */
import { compareRecord, type RecordComparison } from "../../compare/compare-record.ts";
import { describeMismatch } from "../../compare/describe-mismatch.ts";
import type { Fields, Tolerance } from "../../contract/contract.ts";
import type { Json } from "../../kernel/json-value.ts";
import { readJson } from "../../kernel/read-json.ts";
import { numberMode } from "../../record/decode-record.ts";
import type { LocatedMismatch } from "../../verdict/run-event.ts";

/** What a test expects: the fields it names, with tolerances by path, and one for all of them. */
export interface Expected {
  readonly json: Json;
  readonly tolerances: Readonly<Record<string, Tolerance>>;
  readonly tolerance: Tolerance | undefined;
}

/** Compares the text of an answer; `fields` undefined means that nothing is declared about it. */
export function compareExpected(
  answer: string,
  { json, tolerance, tolerances }: Expected,
  { extra, fields }: { readonly fields: Fields | undefined; readonly extra: "warn" | "error" | undefined },
): RecordComparison {
  return compareRecord(fields, json, readJson(answer, { numbers: numberMode(fields) }), {
    partial: true,
    context: "expected",
    tolerances,
    extra,
    ...(tolerance ? { tolerance } : {}),
  });
}

/** The lines that say what is off. */
export function mismatchLines(mismatch: LocatedMismatch): string[] {
  const prefix = mismatch.record === undefined ? "" : `record ${mismatch.record}: `;
  const hint = mismatch.hint === undefined ? [] : [`    hint: ${mismatch.hint}`];
  return [`  ${prefix}${describeMismatch(mismatch)}`, ...hint];
}
