/** The runs before this one, as the reports draw them. Comes in: their folders. Goes out: a few numbers of each; of large files only both ends are read. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { basename, join } from "node:path";
import type { PastRun, RunEnded, RunEvent, RunStarted } from "../../verdict/run-event.ts";

/** Bytes of either end of a file: the first and the last event have to fit in. */
const endBytes = 256 * 1024;

/** Adds the history to the end of a run. `folders` are those of earlier runs, newest first. */
export function withHistory(
  emit: (event: RunEvent) => void,
  folders: () => readonly string[],
): (event: RunEvent) => void {
  let started: RunStarted | undefined;
  return (event) => {
    if (event.type === "run-started") started = event;
    if (event.type !== "run-ended" || started === undefined) return emit(event);
    const history = pastRuns(folders(), started);
    emit(history.length === 0 ? event : { ...event, history });
  };
}

/** Runs of the same suite against the same role, oldest first; what cannot be read is left out. */
function pastRuns(folders: readonly string[], now: RunStarted): PastRun[] {
  return folders
    .filter((folder) => basename(folder) !== now.run)
    .flatMap((folder) => pastRun(join(folder, "events.ndjson"), now) ?? [])
    .toSorted((a, b) => (a.at < b.at ? -1 : 1));
}

function pastRun(file: string, now: RunStarted): PastRun | undefined {
  const ends = readEnds(file);
  const { endpoints, selection, suite } = ends?.started ?? {};
  if (ends === undefined || suite?.name !== now.suite.name) return undefined;
  if (endpoints?.[0]?.role !== now.endpoints[0]?.role) return undefined;
  const { error, fail, pass, planned, stopped } = ends.ended;
  if (planned === 0) return undefined;
  const isPartial = (selection?.length ?? 0) > 0 || stopped !== undefined;
  const { at, run } = ends.started;
  return { run, at, planned, pass, fail, error, ...(isPartial ? { partial: true } : {}) };
}

interface Ends {
  readonly started: RunStarted;
  readonly ended: RunEnded;
}

/** Undefined where a run broke off, or was written by a version that did it otherwise. */
function readEnds(file: string): Ends | undefined {
  try {
    const { first, last } = readEndLines(file);
    const [started, ended] = [JSON.parse(first) as RunEvent, JSON.parse(last) as RunEvent];
    return started.type === "run-started" && ended.type === "run-ended" ? { started, ended } : undefined;
  } catch {
    return undefined;
  }
}

function readEndLines(file: string): { readonly first: string; readonly last: string } {
  const handle = openSync(file, "r");
  try {
    const { size } = fstatSync(handle);
    const read = (from: number): string => {
      const bytes = Buffer.alloc(Math.min(endBytes, size));
      return bytes.toString("utf8", 0, readSync(handle, bytes, 0, bytes.length, from));
    };
    const [first = ""] = read(0).split("\n", 1);
    return {
      first,
      last:
        read(Math.max(0, size - endBytes))
          .trimEnd()
          .split("\n")
          .at(-1) ?? "",
    };
  } finally {
    closeSync(handle);
  }
}
