/** What the last runs in `.tally/runs` say of bugs: by endpoint the last verdict, and in which version of the suite it began to pass. */
import { isTallyError } from "../../kernel/errors.ts";
import { readRun } from "../../report/read-run.ts";
import type { RunStarted } from "../../verdict/run-event.ts";
import { keptRuns, lastRuns } from "../run/run-history.ts";
import type { Bug } from "./suite-bugs.ts";

export type BugVerdict = "pass" | "fail" | "open";

export const bugSigns: Readonly<Record<BugVerdict, string>> = { pass: "✓", fail: "✗", open: "·" };

/** Where a bug began to pass. */
export interface Fixed {
  readonly at: string;
  readonly version: string | undefined;
  /** Version of the suite in which it failed last: one that is the same was still being worked on. */
  readonly after: string | undefined;
}

/** A bug on one endpoint, as far as is known. */
export interface BugState {
  /** The name that its address ever had as a side, else `reference`, else the address. */
  readonly endpoint: string;
  readonly verdict: BugVerdict;
  readonly at: string;
  readonly run: string;
  /** Of the suite. */
  readonly version: string | undefined;
  /** The first run after the last failure in which it passed, and the first other version of the suite if there is one. */
  readonly fixed: Fixed | undefined;
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
  const runs: ToldRun[] = [];
  for (const run of lastRuns(root).toReversed()) {
    const told = await bugsOfRun(run, bugOf);
    if (told !== undefined) runs.push(told);
  }
  const names = new Map(runs.flatMap(({ side, url }) => (side === undefined ? [] : [[url, side] as const])));
  for (const { role, side, started, url, verdicts } of runs) {
    const endpoint = side ?? names.get(url) ?? (role === "reference" ? "reference" : url);
    for (const [bug, verdict] of verdicts) {
      const own = states.get(bug);
      own?.set(endpoint, nextState(own.get(endpoint), verdict, { endpoint, started }));
      if (own && !first.has(bug)) first.set(bug, { at: started.at, version: started.suite.version });
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
  /** As it was named; undefined of an endpoint that stood alone. */
  readonly side: string | undefined;
  readonly url: string;
  readonly role: "reference" | "candidate" | undefined;
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
  return { side: started.side, url: endpoint?.url ?? "", role: endpoint?.role, started, verdicts };
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

function nextState(
  before: BugState | undefined,
  verdict: BugVerdict,
  { endpoint, started }: { readonly endpoint: string; readonly started: RunStarted },
): BugState {
  const { at, run, suite } = started;
  const now = { endpoint, verdict, at, run, version: suite.version };
  if (verdict !== "pass") return { ...now, fixed: undefined };
  if (before?.verdict === "fail") return { ...now, fixed: { at, version: suite.version, after: before.version } };
  const known = before?.fixed;
  const isFirst = known !== undefined && known.version === known.after && suite.version !== known.after;
  return { ...now, fixed: isFirst ? { at, version: suite.version, after: known.after } : known };
}

/** `in 1.4.1`; before there is another version than the one it failed in, `after 1.4.0`. */
export function fixedWhen({ after, at, version }: Fixed): string {
  if (version === undefined) return `on ${at.slice(0, 10)}`;
  return version === after ? `after ${version}` : `in ${version}`;
}
