/**
 * Which failures to read first.
 * Comes in: the tests of a run. Goes out: those that did not pass, worst first.
 */
import type { TestResult } from "../verdict/fold-run.ts";
import type { Reason, TestJudged } from "../verdict/run-event.ts";
import { kindText, placeOf } from "./field-rows.ts";

/** A test that failed or could not be judged. */
export interface Failure extends TestResult {
  readonly judged: TestJudged;
}

/** Tests that failed or could not be judged, in the order they were planned. */
export function failuresOf(tests: readonly TestResult[]): Failure[] {
  return tests.filter(isFailure);
}

function isFailure(test: TestResult): test is Failure {
  return test.judged?.verdict === "fail" || test.judged?.verdict === "error";
}

/** Whether a failure says only that an operation is not there yet; the progress board shows those. */
export function isNotImplemented(failure: Failure): boolean {
  return failure.judged.reason === "not-implemented";
}

const reasons: Readonly<Record<Reason, string>> = {
  mismatch: "a field beyond its tolerance",
  assertion: "an assertion failed",
  "not-implemented": "not implemented yet",
  "batch-dependent": "the answer depends on the batch",
  fault: "could not be judged",
  timeout: "no end before the deadline",
  hook: "a hook failed",
  file: "the test file failed",
  skipped: "skipped",
  todo: "still to be written",
  "not-run": "not run",
  "baseline-passing": "accepted in the baseline, but it passes",
  "baseline-unused": "accepted in the baseline, but nothing fails so",
  "baseline-wide": "one entry of the baseline stands for too many tests",
};

/** A reason in words. */
export function reasonText(reason: Reason | undefined): string {
  return reason === undefined ? "failed" : reasons[reason];
}

/** What a failure comes down to, in one short line: `process.null_values: expected 2, candidate 1`. */
export function headlineOf(failure: Failure): string {
  const { judged } = failure;
  const [mismatch] = judged.mismatches;
  if (judged.reason === "batch-dependent" && judged.note !== undefined) return judged.note;
  // The note says what became of the entry, and not that it is one.
  if (judged.reason?.startsWith("baseline-") === true)
    return [reasonText(judged.reason), judged.note].filter((part) => part !== undefined).join(": ");
  if (mismatch !== undefined) {
    const place = placeOf(mismatch.operation, mismatch.path);
    const more = judged.mismatches.length > 1 ? ` (and ${judged.mismatches.length - 1} more)` : "";
    if (mismatch.reference === undefined || mismatch.candidate === undefined) {
      return `${place}: ${kindText(mismatch.kind)}${more}`;
    }
    return `${place}: expected ${mismatch.reference}, got ${mismatch.candidate}${more}`;
  }
  const text = judged.fault?.message ?? judged.failures[0]?.message ?? judged.note ?? reasonText(judged.reason);
  return text.split("\n")[0] ?? text;
}

/** The same, still shorter where a value is off: `process.null_values 2 → 1`. */
export function shortHeadlineOf(failure: Failure): string {
  const [mismatch] = failure.judged.mismatches;
  if (mismatch?.reference === undefined || mismatch.candidate === undefined) return headlineOf(failure);
  const more = failure.judged.mismatches.length > 1 ? `, ${failure.judged.mismatches.length - 1} more` : "";
  return `${placeOf(mismatch.operation, mismatch.path)} ${mismatch.reference} → ${mismatch.candidate}${more}`;
}

/** Required before recommended, wrong shapes before wrong values, large deltas before small ones; stable otherwise. */
export function worstFirst(failures: readonly Failure[]): Failure[] {
  return failures
    .map((failure) => ({ failure, weight: weightOf(failure) }))
    .toSorted((a, b) => compareWeights(a.weight, b.weight))
    .map(({ failure }) => failure);
}

function compareWeights(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < a.length; at++) {
    const difference = (b[at] ?? 0) - (a[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

const severity: Readonly<Partial<Record<Reason, number>>> = {
  file: 6,
  hook: 5,
  fault: 2,
  timeout: 2,
  "not-implemented": 0,
};

/** Heavier is worse, compared entry by entry. */
function weightOf({ judged }: Failure): readonly number[] {
  const shape = judged.mismatches.some(({ kind }) => kind !== "value");
  const rel = Math.max(0, ...judged.mismatches.map(({ delta }) => delta?.rel ?? (delta === undefined ? 0 : 1)));
  const required = judged.level === "required" ? 1 : 0;
  return [required, severity[judged.reason ?? "assertion"] ?? (shape ? 4 : 3), rel, judged.mismatches.length];
}
