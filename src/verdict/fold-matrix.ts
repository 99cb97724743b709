/**
 * The same suite on several endpoints, side by side. Comes in: the events of a run on each side. Goes out: every test with its verdict
 * on every side. Holds a line for each test and what did not pass; records stay in the streams.
 */
import type { Problem } from "../kernel/errors.ts";
import type { RunEnded, RunEvent, RunStarted, TestJudged, TestPlanned, Verdict } from "./run-event.ts";

/** A test on one side. */
export interface MatrixCell {
  readonly verdict: Verdict;
  /** Unless it passed. */
  readonly judged?: TestJudged;
}

export interface MatrixRow {
  readonly plan: TestPlanned;
  /** In the order of the sides; undefined where the test was not judged. */
  readonly cells: readonly (MatrixCell | undefined)[];
  /** Sides that could judge it come to different verdicts, or fail with different values. */
  readonly parts: boolean;
}

export interface MatrixSide {
  readonly name: string;
  readonly started: RunStarted | undefined;
  readonly ended: RunEnded | undefined;
  /** Why the side was not run, or not to its end. */
  readonly problem: Problem | undefined;
}

export interface MatrixResult {
  readonly sides: readonly MatrixSide[];
  /** By file; in a file in the order in which they were planned on the first of the sides that did. */
  readonly rows: readonly MatrixRow[];
}

export interface MatrixFold {
  add(side: number, event: RunEvent): void;
  result(): MatrixResult;
}

interface OpenRow {
  readonly plan: TestPlanned;
  readonly cells: (MatrixCell | undefined)[];
  /** The first of the sides that planned it, and as which of its tests: sides run at the same time. */
  readonly side: number;
  readonly nth: number;
}

/** Gathers runs of one suite; `names` are those of the sides. */
export function foldMatrix(names: readonly string[]): MatrixFold {
  const started: (RunStarted | undefined)[] = names.map(() => undefined);
  const ended: (RunEnded | undefined)[] = names.map(() => undefined);
  const planned = names.map(() => 0);
  const rows = new Map<string, OpenRow>();
  const plan = (event: TestPlanned, side: number): void => {
    const known = rows.get(event.id);
    const nth = planned[side] ?? 0;
    planned[side] = nth + 1;
    if (known === undefined || side < known.side)
      rows.set(event.id, { plan: event, cells: known?.cells ?? names.map(() => undefined), side, nth });
  };
  return {
    add: (side, event) => {
      if (event.type === "run-started") started[side] = event;
      if (event.type === "run-ended") ended[side] = event;
      if (event.type === "test-planned") plan(event, side);
      if (event.type !== "test-judged") return;
      const row = rows.get(event.id);
      if (row) row.cells[side] = cellOf(event);
    },
    result: () => ({
      sides: names.map((name, i) => ({ name, started: started[i], ended: ended[i], problem: ended[i]?.problem })),
      // Files are read at the same time, so which is planned first is an affair of timing.
      rows: [...rows.values()]
        .toSorted((a, b) => byText(a.plan.file, b.plan.file) || a.side - b.side || a.nth - b.nth)
        .map(({ cells, plan: own }) => ({ plan: own, cells: [...cells], parts: partsIn(cells) })),
    }),
  };
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function cellOf(event: TestJudged): MatrixCell {
  if (event.verdict === "pass") return { verdict: "pass" };
  const { output: _, ...judged } = event;
  return { verdict: event.verdict, judged };
}

/** What could not be judged is no difference. */
function partsIn(cells: readonly (MatrixCell | undefined)[]): boolean {
  return (
    new Set(
      cells
        .filter((cell) => cell !== undefined)
        .filter(isJudged)
        .map(signatureOf),
    ).size > 1
  );
}

/** Whether a cell says what the endpoint does. */
export function isJudged({ verdict }: MatrixCell): boolean {
  return verdict === "pass" || verdict === "fail" || verdict === "known";
}

/** Verdict, and which values were wrong: two sides that are wrong in the same way agree, also where one is accepted. */
function signatureOf({ judged, verdict: own }: MatrixCell): string {
  const verdict = own === "known" ? "fail" : own;
  const mismatches = judged?.mismatches ?? [];
  const wrong = mismatches.map(({ candidate, operation, path }) => [operation, path, candidate ?? null]);
  return JSON.stringify([verdict, wrong]);
}

/** Whether all that does not pass is accepted in a baseline. */
export function isAccepted({ cells }: MatrixRow): boolean {
  const verdicts = cells.map((cell) => cell?.verdict);
  return verdicts.includes("known") && verdicts.every((verdict) => verdict === "known" || verdict === "pass");
}

/** Whether a row is no test but an entry of a baseline that is no longer true. */
export function isStaleEntry({ cells }: MatrixRow): boolean {
  return cells.some((cell) => cell?.judged?.reason?.startsWith("baseline-") === true);
}

/** Whether a test passes on every side, or is left out on every side. */
export function isQuiet({ cells }: MatrixRow): boolean {
  return (
    cells.every((cell) => cell?.verdict === "pass") ||
    cells.every((cell) => cell?.verdict === "skip" && cell.judged?.reason !== "not-run")
  );
}
