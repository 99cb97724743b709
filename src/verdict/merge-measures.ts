/** What the shards of one run measured, as the whole of it. Comes in: their ends. Goes out: the optional keys of one end. */
import { addHistograms } from "./histogram.ts";
import type { Clue, FieldDeltas, OperationTiming, PastRun, RunEnded } from "./run-event.ts";

/** Keys that no shard has are left out. `shards`: the ids of the runs, which are not before this one but it. */
export function mergeMeasures(
  ends: readonly RunEnded[],
  shards: ReadonlySet<string>,
): Pick<RunEnded, "timings" | "deltas" | "clues" | "history"> {
  const timings = mergeBy(
    ends.flatMap((ended) => ended.timings ?? []),
    keyOf,
    addTimings,
  );
  const deltas = mergeBy(
    ends.flatMap((ended) => ended.deltas ?? []),
    keyOf,
    addDeltas,
  );
  const clues = mergeBy(
    ends.flatMap((ended) => ended.clues ?? []),
    keyOf,
    strongerClue,
  );
  const past = ends.flatMap((ended) => ended.history ?? []).filter(({ run }) => !shards.has(run));
  const history = mergeBy(
    past,
    ({ run }: PastRun) => run,
    (one) => one,
  );
  return {
    ...(timings.length > 0 ? { timings } : {}),
    ...(deltas.length > 0 ? { deltas } : {}),
    ...(clues.length > 0 ? { clues } : {}),
    ...(history.length > 0 ? { history } : {}),
  };
}

function mergeBy<T>(all: readonly T[], key: (one: T) => string, merge: (one: T, other: T) => T): T[] {
  const merged = new Map<string, T>();
  for (const one of all) {
    const before = merged.get(key(one));
    merged.set(key(one), before === undefined ? one : merge(before, one));
  }
  return [...merged.values()];
}

function keyOf(one: { readonly operation: string; readonly field?: string; readonly scale?: string }): string {
  return JSON.stringify([one.operation, one.field, one.scale]);
}

function addTimings(one: OperationTiming, other: OperationTiming): OperationTiming {
  const { calls, ms, operation, records } = one;
  return { operation, calls: calls + other.calls, records: records + other.records, ms: addHistograms(ms, other.ms) };
}

function addDeltas(one: FieldDeltas, other: FieldDeltas): FieldDeltas {
  return {
    ...one,
    within: one.within + other.within,
    beyond: one.beyond + other.beyond,
    sizes: addHistograms(one.sizes, other.sizes),
  };
}

/** Clues of two shards with the same words add up; of different ones, the one that more inputs bear out stands. */
function strongerClue(one: Clue, other: Clue): Clue {
  if (one.words !== other.words) return other.offWith > one.offWith ? other : one;
  return {
    ...one,
    off: one.off + other.off,
    offWith: one.offWith + other.offWith,
    agree: one.agree + other.agree,
    agreeWith: one.agreeWith + other.agreeWith,
  };
}
