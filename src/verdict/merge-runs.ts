/**
 * The shards of one run as one run. Comes in: how each of them began and ended. Goes out: one beginning and one end.
 * Counts are sums, so the order of the shards does not matter; time is that of the slowest.
 */
import type { ExitCode } from "../kernel/errors.ts";
import { strongestExit } from "./exit-code.ts";
import { mergeMeasures } from "./merge-measures.ts";
import type { BoardField, EndpointOutline, RunEnded, RunStarted } from "./run-event.ts";

/** What a run is as a whole: either end may be missing. */
export interface RunEnds {
  readonly started: RunStarted | undefined;
  readonly ended: RunEnded | undefined;
}

/** The first shard's words, with the endpoints and selections of all; a whole set of shards is no selection. */
export function mergeStarted(runs: readonly RunEnds[]): RunStarted | undefined {
  const starts = runs.flatMap(({ started }) => started ?? []);
  const [first] = starts;
  if (first === undefined) return undefined;
  const endpoints = new Map<string, EndpointOutline>();
  for (const one of starts.flatMap((start) => start.endpoints)) endpoints.set(`${one.role} ${one.url}`, one);
  const whole = missingShards(runs).length === 0;
  const selection = starts.flatMap((start) => start.selection.filter((word) => !whole || !shardOf(word)));
  return {
    ...first,
    at: starts.map(({ at }) => at).toSorted()[0] ?? first.at,
    endpoints: [...endpoints.values()],
    selection: [...new Set(selection)],
    ...(starts.some(({ strict }) => strict === true) ? { strict: true } : {}),
  };
}

/** Undefined when one of the runs broke off: so has the whole. */
export function mergeEnded(runs: readonly RunEnds[]): RunEnded | undefined {
  const ends = runs.flatMap(({ ended }) => ended ?? []);
  if (ends.length < runs.length) return undefined;
  const sum = (of: (ended: RunEnded) => number): number => ends.reduce((total, ended) => total + of(ended), 0);
  const missing = missingShards(runs);
  const exits = ends.map(({ exit }) => exit as ExitCode);
  const exit = strongestExit(missing.length === 0 ? exits : [...exits, 6]);
  const stops = [
    ...ends.flatMap(({ stopped }) => stopped ?? []),
    ...(missing.length === 0 ? [] : [`not here: shard ${missing.join(", ")}`]),
  ];
  const problem = ends.find((ended) => ended.problem !== undefined && ended.exit === exit)?.problem;
  return {
    type: "run-ended",
    planned: sum((ended) => ended.planned),
    pass: sum((ended) => ended.pass),
    fail: sum((ended) => ended.fail),
    error: sum((ended) => ended.error),
    skip: sum((ended) => ended.skip),
    known: sum((ended) => ended.known),
    recommended: sum((ended) => ended.recommended),
    nearTies: sum((ended) => ended.nearTies),
    calls: sum((ended) => ended.calls),
    records: sum((ended) => ended.records),
    retries: sum((ended) => ended.retries),
    board: mergeBoards(ends.map(({ board }) => board)),
    ...mergeMeasures(ends, new Set(runs.flatMap(({ started }) => started?.run ?? []))),
    ...(stops.length === 0 ? {} : { stopped: [...new Set(stops)].join("; ") }),
    ...(problem === undefined ? {} : { problem }),
    exit,
    ms: Math.max(...ends.map(({ ms }) => ms)),
  };
}

/** Records that two shards asked count for both. */
function mergeBoards(boards: readonly (readonly BoardField[])[]): BoardField[] {
  const merged = new Map<string, BoardField>();
  for (const one of boards.flat()) {
    const key = JSON.stringify([one.operation, one.field]);
    const before = merged.get(key);
    merged.set(key, {
      ...one,
      agree: one.agree + (before?.agree ?? 0),
      compared: one.compared + (before?.compared ?? 0),
      implemented: one.implemented || before?.implemented === true,
    });
  }
  return [...merged.values()];
}

/** `2/3` for each shard that the others name and that is not among the runs. */
export function missingShards(runs: readonly RunEnds[]): string[] {
  const shards = runs.flatMap(({ started }) => (started?.selection ?? []).flatMap((word) => shardOf(word) ?? []));
  const here = new Set(shards.map(({ index, total }) => `${index}/${total}`));
  const totals = new Set(shards.map(({ total }) => total));
  return [...totals]
    .flatMap((total) => Array.from({ length: total }, (_, i) => `${i + 1}/${total}`))
    .filter((shard) => !here.has(shard));
}

function shardOf(word: string): { readonly index: number; readonly total: number } | undefined {
  const [, index, total] = /^--shard (\d{1,6})\/(\d{1,6})$/.exec(word) ?? [];
  return index === undefined || total === undefined ? undefined : { index: Number(index), total: Number(total) };
}
