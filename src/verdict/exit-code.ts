/**
 * How a command ends. Comes in: what became of a run, as counts and facts. Goes out: one exit code, never read from prose.
 * Nothing executed is never 0, unless the selection was computed and is empty.
 */
import type { ExitCode } from "../kernel/errors.ts";

const precedence: readonly ExitCode[] = [70, 7, 2, 1, 5, 4, 3, 130, 143, 6, 0];

/** Of several codes the one that counts: 70 > 7 > 2 > 1 > 5 > 4 > 3 > 130 > 143 > 6 > 0. */
export function strongestExit(codes: Iterable<ExitCode>): ExitCode {
  const seen = new Set(codes);
  return precedence.find((code) => seen.has(code)) ?? 0;
}

/** What decides the exit code of a run. */
export interface RunFacts {
  readonly planned: number;
  readonly pass: number;
  readonly fail: number;
  readonly error: number;
  readonly skip: number;
  readonly known: number;
  /** Of `fail`: tests of level `recommended`. */
  readonly recommended: number;
  /** Of `skip`: tests that were not run because the run stopped before. */
  readonly notRun: number;
  /** Whether recommended tests fail the run too. */
  readonly strict: boolean;
  /** The selection was computed (a shard, `--changed-since`, `--last-failed`): it may be empty. */
  readonly computed: boolean;
  /** Exit codes of the problems behind verdicts `error`; one without a problem counts as 3. */
  readonly faults: readonly ExitCode[];
  /** What else happened to the run as a whole: a signal, a trust problem, a broken file. */
  readonly others: readonly ExitCode[];
}

/** The exit code of a run. */
export function exitOfRun(facts: RunFacts): ExitCode {
  const codes: ExitCode[] = [...facts.others];
  if (facts.planned !== facts.pass + facts.fail + facts.error + facts.skip + facts.known) codes.push(70);
  if (facts.fail - (facts.strict ? 0 : facts.recommended) > 0) codes.push(1);
  if (facts.error > 0) codes.push(facts.faults.length === 0 ? 3 : strongestExit(facts.faults));
  if (facts.notRun > 0) codes.push(6);
  if (nothingJudged(facts)) codes.push(5);
  return strongestExit(codes);
}

function nothingJudged(facts: RunFacts): boolean {
  // What kept everything from being planned says more than that nothing was.
  if (facts.planned === 0) return !facts.computed && facts.others.length === 0;
  return facts.notRun === 0 && facts.skip === facts.planned;
}
