/**
 * Several runs that were written down as one. Comes in: their events files. Goes out: the events of one run; of a single
 * file its own, unless it is one of several shards: then it is said which are not here. Each file is read twice, so that nothing but the ids of the tests has to be kept.
 */
import { tallyError } from "../kernel/errors.ts";
import { mergeEnded, mergeStarted, missingShards, type RunEnds } from "../verdict/merge-runs.ts";
import type { RunEnded, RunEvent, RunStarted, Warning } from "../verdict/run-event.ts";
import { readRun } from "./read-run.ts";

/** Throws `runs-differ` and `runs-overlap` before anything is given, besides what `readRun` throws. */
export async function mergedRun(paths: readonly string[]): Promise<AsyncIterable<RunEvent>> {
  const [only] = paths;
  if (only !== undefined && paths.length === 1 && !(await isShard(only))) return readRun(only);
  const runs = await readEnds(paths);
  return mergeEvents(paths, runs);
}

async function isShard(path: string): Promise<boolean> {
  for await (const event of readRun(path))
    if (event.type === "run-started") return missingShards([{ started: event, ended: undefined }]).length > 0;
  return false;
}

async function readEnds(paths: readonly string[]): Promise<RunEnds[]> {
  const owners = new Map<string, string>();
  const runs: RunEnds[] = [];
  let first: { readonly path: string; readonly suite: RunStarted["suite"] } | undefined;
  for (const path of paths) {
    let started: RunStarted | undefined;
    let ended: RunEnded | undefined;
    for await (const event of readRun(path)) {
      if (event.type === "run-started") started = event;
      if (event.type === "run-ended") ended = event;
      if (event.type !== "test-planned") continue;
      const owner = owners.get(event.id);
      if (owner !== undefined) throw tallyError("runs-overlap", { id: event.id, one: owner, other: path });
      owners.set(event.id, path);
    }
    runs.push({ started, ended });
    if (started === undefined) continue;
    first ??= { path, suite: started.suite };
    const { digest, name } = started.suite;
    if (digest !== first.suite.digest || name !== first.suite.name)
      throw tallyError("runs-differ", { one: suiteAt(first.path, first.suite), other: suiteAt(path, started.suite) });
  }
  return runs;
}

function suiteAt(path: string, { digest, name }: RunStarted["suite"]): string {
  return `${name} ${digest.slice(0, "sha256:".length + 12)} (${path})`;
}

async function* mergeEvents(paths: readonly string[], runs: readonly RunEnds[]): AsyncIterable<RunEvent> {
  const started = mergeStarted(runs);
  if (started) yield started;
  const warnings = new Map<string, Warning>();
  for (const path of paths) {
    for await (const event of readRun(path)) {
      if (event.type === "run-started" || event.type === "run-ended" || event.type === "progress") continue;
      if (event.type === "warning") addWarning(warnings, event);
      else yield event;
    }
  }
  yield* warnings.values();
  const ended = mergeEnded(runs);
  if (ended) yield ended;
}

/** Warnings of one kind are counted, not repeated. */
function addWarning(warnings: Map<string, Warning>, warning: Warning): void {
  const key = JSON.stringify([warning.code, warning.message]);
  const before = warnings.get(key);
  const count = (before?.count ?? (before ? 1 : 0)) + (warning.count ?? 1);
  warnings.set(key, count === 1 ? warning : { ...warning, count });
}
