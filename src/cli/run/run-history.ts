/**
 * `.tally/`: the last runs and what failed in them, ignored by git; and the reference answers, which are part of the suite and
 * belong into it. A folder that cannot be written is done without.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isTable, parseTable } from "../../delivery/json-table.ts";
import { tallyError } from "../../kernel/errors.ts";
import { writeWholeFile } from "../../kernel/whole-file.ts";
import { makeFolder } from "../../report/output-file.ts";
import { isLeftByOnly } from "./left-by-only.ts";
import { type Selection, selectsWholeFiles } from "../../suite/selection.ts";
import type { RunEvent, TestPlanned } from "../../verdict/run-event.ts";

/** Older ones are removed by the next run. */
export const keptRuns = 20;
/** Endpoints whose failures are remembered; ports are drawn anew all the time. */
const keptEndpoints = 20;
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

  /** A failure on an endpoint stays one until its test is judged otherwise there, or is no longer anywhere. */
  save(root: string, selection: Selection, endpoint: string): void {
    if (this.#planned.size === 0) return;
    const before = storedFailures(root) ?? new Map<string, readonly string[]>();
    const isGone = this.#goneFrom(selection);
    const books = new Map([...before].map(([name, ids]) => [name, ids.filter((id) => !isGone(id))] as const));
    const kept = (books.get(endpoint) ?? []).filter((id) => !this.#passed.has(id));
    const failed = [...this.#planned.keys()].filter((id) => !this.#passed.has(id) && !this.#left.has(id));
    // The one that was asked last stands last; others are forgotten one day.
    books.delete(endpoint);
    books.set(endpoint, [...new Set([...kept, ...failed])]);
    saveLastFailed(root, [...books].slice(-keptEndpoints));
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

function saveLastFailed(root: string, books: readonly (readonly [string, readonly string[]])[]): void {
  try {
    const file = join(root, ".tally", "last-failed.json");
    // Whole at any moment: another run of the project may read it now.
    const stored = { v: 2, failed: books.map(([endpoint, ids]) => ({ endpoint, ids })) };
    writeWholeFile(file, `${JSON.stringify(stored, null, 1)}\n`, { canBeMadeAgain: true });
  } catch {
    // The folder could not be made; --last-failed will say so.
  }
}

/**
 * Ids of the tests that failed on an endpoint and have not passed there since; of an endpoint that was not asked before, and without
 * one, those of all.
 */
export function readLastFailed(root: string, endpoint: string | undefined): ReadonlySet<string> {
  const books = storedFailures(root);
  if (books === undefined) throw tallyError("last-run-missing", { root });
  const own = endpoint === undefined ? undefined : books.get(endpoint);
  return new Set(own ?? [...books.values()].flat());
}

/** By endpoint; undefined where no run was written down, or what was cannot be read. */
function storedFailures(root: string): Map<string, readonly string[]> | undefined {
  const file = join(root, ".tally", "last-failed.json");
  const stored = existsSync(file) ? parseTable(readFileSync(file, "utf8")) : undefined;
  const failed = stored?.["failed"];
  if (!Array.isArray(failed)) return undefined;
  return new Map(
    failed.flatMap((one: unknown) => {
      if (!isTable(one) || typeof one["endpoint"] !== "string" || !Array.isArray(one["ids"])) return [];
      return [[one["endpoint"], one["ids"].filter((id) => typeof id === "string")] as const];
    }),
  );
}
