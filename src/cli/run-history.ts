/** `.tally/`: the last runs and what failed in them. Ignores itself in git; a folder that cannot be written is done without. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tallyError } from "../kernel/errors.ts";
import { makeFolder } from "../report/output-file.ts";

const keptRuns = 20;

/** Makes the folder of a run; undefined where nothing can be written (a read-only image). */
export function openRunFolder(root: string, run: string): string | undefined {
  const home = join(root, ".tally");
  const folder = join(home, "runs", run);
  try {
    makeFolder(folder);
    if (!existsSync(join(home, ".gitignore"))) writeFileSync(join(home, ".gitignore"), "*\n");
    for (const old of readdirSync(join(home, "runs")).toSorted().slice(0, -keptRuns))
      rmSync(join(home, "runs", old), { recursive: true });
    return folder;
  } catch {
    return undefined;
  }
}

/** Folders of the runs that are kept, newest first. */
export function lastRuns(root: string): string[] {
  const runs = join(root, ".tally", "runs");
  if (!existsSync(runs)) return [];
  return readdirSync(runs)
    .toSorted()
    .toReversed()
    .map((run) => join(runs, run));
}

export function saveLastFailed(root: string, failed: readonly string[]): void {
  try {
    writeFileSync(join(root, ".tally", "last-failed.json"), `${JSON.stringify({ v: 1, failed }, null, 1)}\n`);
  } catch {
    // The folder could not be made; --last-failed will say so.
  }
}

/** Ids of the tests that failed in the last run. */
export function readLastFailed(root: string): ReadonlySet<string> {
  const file = join(root, ".tally", "last-failed.json");
  if (!existsSync(file)) throw tallyError("last-run-missing", { root });
  const stored: unknown = JSON.parse(readFileSync(file, "utf8"));
  const failed: unknown = typeof stored === "object" && stored !== null && "failed" in stored ? stored.failed : [];
  return new Set(Array.isArray(failed) ? failed.filter((id) => typeof id === "string") : []);
}
