/**
 * `.tally/`: the last runs and what failed in them, ignored by git; and the reference answers, which are part of the suite and
 * belong into it. A folder that cannot be written is done without.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tallyError } from "../../kernel/errors.ts";
import { writeWholeFile } from "../../kernel/whole-file.ts";
import { makeFolder } from "../../report/output-file.ts";
import { isLeftByOnly } from "./left-by-only.ts";
import { type Selection, selectsWholeFiles } from "../../suite/selection.ts";
import type { RunEvent, TestPlanned } from "../../verdict/run-event.ts";

/** Older ones are removed by the next run. */
export const keptRuns = 20;
/** Of this process: a matrix reads the runs of its sides again at the end, however many they are. */
const ownRuns = new Set<string>();
const ignored = "*\n!.gitignore\n!answers.jsonl\n";

/** Makes the folder of a run; undefined where nothing can be written (a read-only image). */
export function openRunFolder(root: string, run: string): string | undefined {
  const home = join(root, ".tally");
  const folder = join(home, "runs", run);
  try {
    makeFolder(folder);
    if (!existsSync(join(home, ".gitignore"))) writeFileSync(join(home, ".gitignore"), ignored);
    ownRuns.add(run);
    for (const old of readdirSync(join(home, "runs")).toSorted().slice(0, -keptRuns))
      if (!ownRuns.has(old)) rmSync(join(home, "runs", old), { recursive: true, force: true });
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

/** What a run says about its tests, for the next --last-failed. */
export class FailureBooks {
  readonly #planned = new Map<string, TestPlanned>();
  readonly #passed = new Set<string>();
  readonly #left = new Set<string>();
  #isWhole = false;

  /** Takes note of what goes to `emit`. */
  watch(emit: (event: RunEvent) => void): (event: RunEvent) => void {
    return (event) => {
      if (event.type === "test-planned") this.#planned.set(event.id, event);
      if (event.type === "test-judged") {
        // An entry of the baseline is no test that could be run again.
        if (isLeftByOnly(event) || event.reason?.startsWith("baseline-")) this.#left.add(event.id);
        else if (event.verdict !== "fail" && event.verdict !== "error" && event.reason !== "not-run")
          this.#passed.add(event.id);
      }
      if (event.type === "run-ended") this.#isWhole = event.stopped === undefined && event.problem === undefined;
      emit(event);
    };
  }

  /** A failure stays one until its test is judged otherwise, or is no longer there. */
  save(root: string, selection: Selection): void {
    if (this.#planned.size === 0) return;
    const before = storedFailures(root) ?? [];
    const isGone = this.#goneFrom(selection);
    const kept = before.filter((id) => !this.#passed.has(id) && !isGone(id));
    const failed = [...this.#planned.keys()].filter((id) => !this.#passed.has(id) && !this.#left.has(id));
    saveLastFailed(root, [...new Set([...kept, ...failed])]);
  }

  /** An id that was not planned although all of its file was. */
  #goneFrom(selection: Selection): (id: string) => boolean {
    if (!selectsWholeFiles(selection)) return () => false;
    const everything = this.#isWhole && selection.paths.length === 0;
    // A file that could not be read is planned under its own name, and says nothing about its tests.
    const read = new Set([...this.#planned.values()].filter(({ file, id }) => id !== file).map(({ file }) => file));
    const files = [...read];
    return (id) =>
      !this.#planned.has(id) && (everything || files.some((file) => id === file || id.startsWith(`${file} `)));
  }
}

function saveLastFailed(root: string, failed: readonly string[]): void {
  try {
    const file = join(root, ".tally", "last-failed.json");
    // Whole at any moment: another run of the project may read it now.
    writeWholeFile(file, `${JSON.stringify({ v: 1, failed }, null, 1)}\n`, { canBeMadeAgain: true });
  } catch {
    // The folder could not be made; --last-failed will say so.
  }
}

/** Ids of the tests that failed and have not passed since. */
export function readLastFailed(root: string): ReadonlySet<string> {
  const failed = storedFailures(root);
  if (failed === undefined) throw tallyError("last-run-missing", { root });
  return new Set(failed);
}

/** Undefined where no run was written down, or what was cannot be read. */
function storedFailures(root: string): string[] | undefined {
  const file = join(root, ".tally", "last-failed.json");
  try {
    const stored: unknown = JSON.parse(readFileSync(file, "utf8"));
    const failed: unknown = typeof stored === "object" && stored !== null && "failed" in stored ? stored.failed : [];
    return Array.isArray(failed) ? failed.filter((id) => typeof id === "string") : [];
  } catch {
    return undefined;
  }
}
