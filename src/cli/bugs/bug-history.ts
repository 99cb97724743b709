/** What the last runs in `.tally/runs` say of bugs: by endpoint the last verdict, and in which version of the suite it began to pass. */
import { isTallyError } from "../../kernel/errors.ts";
import { readRun } from "../../report/read-run.ts";
import type { RunStarted } from "../../verdict/run-event.ts";
import { keptRuns, lastRuns } from "../run/run-history.ts";
import type { Bug } from "./suite-bugs.ts";

export type BugVerdict = "pass" | "fail" | "open";

export const bugSigns: Readonly<Record<BugVerdict, string>> = { pass: "✓", fail: "✗", open: "·" };

/** A bug on one endpoint, as far as is known. */
export interface BugState {
  /** Name of the side, else `reference`, else the address. */
  readonly endpoint: string;
  readonly verdict: BugVerdict;
  readonly at: string;
  readonly run: string;
  /** Of the suite. */
  readonly version: string | undefined;
  /** The first run after the last failure in which it passed. */
  readonly fixed: { readonly at: string; readonly version: string | undefined } | undefined;
}

/** What the runs that are kept know of a bug. */
export interface BugRecord {
  /** In the order of the endpoints' names. */
  readonly states: readonly BugState[];
  /** The oldest of them that had it: it was in the suite by then. */
  readonly first: { readonly at: string; readonly version: string | undefined } | undefined;
}

export type BugHistory = ReadonlyMap<string, BugRecord>;

/** How far back the history goes, where older runs may be gone. */
export function historyEnd(root: string): { readonly runs: number; readonly text: string } | undefined {
  const runs = lastRuns(root).length;
  return runs < keptRuns ? undefined : { runs, text: `as far as the last ${runs} runs tell: older ones are not kept` };
}

/** Reads the runs that are kept, oldest first. A run that cannot be read says nothing. */
export async function readBugHistory(root: string, bugs: readonly Bug[]): Promise<BugHistory> {
  const bugOf = new Map(bugs.flatMap(({ bug, tests }) => tests.map(({ id }) => [id, bug] as const)));
  const states = new Map<string, Map<string, BugState>>(bugs.map(({ bug }) => [bug, new Map()]));
  const first = new Map<string, BugRecord["first"]>();
  for (const run of lastRuns(root).toReversed()) {
    const told = await bugsOfRun(run, bugOf);
    for (const [bug, verdict] of told?.verdicts ?? []) {
      const own = states.get(bug);
      if (told === undefined || own === undefined) continue;
      own.set(told.endpoint, nextState(own.get(told.endpoint), verdict, told));
      if (!first.has(bug)) first.set(bug, { at: told.started.at, version: told.started.suite.version });
    }
  }
  return new Map(
    [...states].map(([bug, own]) => [
      bug,
      { states: [...own.values()].toSorted((a, b) => (a.endpoint < b.endpoint ? -1 : 1)), first: first.get(bug) },
    ]),
  );
}

interface ToldRun {
  readonly endpoint: string;
  readonly started: RunStarted;
  readonly verdicts: ReadonlyMap<string, BugVerdict>;
}

async function bugsOfRun(run: string, bugOf: ReadonlyMap<string, string>): Promise<ToldRun | undefined> {
  let started: RunStarted | undefined;
  const verdicts = new Map<string, BugVerdict>();
  try {
    for await (const event of readRun(run)) {
      if (event.type === "run-started") started = event;
      if (event.type !== "test-judged") continue;
      const bug = bugOf.get(event.id);
      if (bug !== undefined) verdicts.set(bug, worse(verdicts.get(bug), verdictOf(event.verdict)));
    }
  } catch (error) {
    if (!isTallyError(error)) throw error;
    return undefined;
  }
  if (started === undefined) return undefined;
  const [endpoint] = started.endpoints;
  const name = started.side ?? (endpoint?.role === "reference" ? "reference" : (endpoint?.url ?? ""));
  return { endpoint: name, started, verdicts };
}

/** A verdict as far as a bug goes: an accepted failure is one. */
export function verdictOf(verdict: string | undefined): BugVerdict {
  if (verdict === "pass") return "pass";
  return verdict === "fail" || verdict === "known" ? "fail" : "open";
}

/** Of all tests of a bug: one that fails is enough, and one that was not judged keeps it open. */
export function worse(a: BugVerdict | undefined, b: BugVerdict): BugVerdict {
  return (["fail", "open"] as const).find((verdict) => a === verdict || b === verdict) ?? "pass";
}

function nextState(before: BugState | undefined, verdict: BugVerdict, { endpoint, started }: ToldRun): BugState {
  const { at, run, suite } = started;
  const now = { endpoint, verdict, at, run, version: suite.version };
  if (verdict !== "pass") return { ...now, fixed: undefined };
  const isNew = before?.verdict === "fail";
  return { ...now, fixed: isNew ? { at, version: suite.version } : before?.fixed };
}
