/**
 * The bugs of a suite: tests and cases of one number are one bug. Comes in: a contract. Goes out: each bug with its tests and where it
 * was found, or `bug-contradiction`. Runs nothing.
 */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { compareRecord } from "../../compare/compare-record.ts";
import { whyNot } from "../../compare/type-check.ts";
import type { Contract } from "../../contract/contract.ts";
import { findFiles } from "../../delivery/find-files.ts";
import { type Problem, tallyError } from "../../kernel/errors.ts";
import { nearest } from "../../kernel/nearest.ts";
import { readJson } from "../../kernel/read-json.ts";
import { canonicalJson } from "../../kernel/write-json.ts";
import type { CaseRow } from "../../record/case-row.ts";
import { readCaseTable } from "../../record/read-case-table.ts";
import { type ListedTest, listSuite } from "../../suite/list-suite.ts";
import type { Arguments } from "../arguments.ts";
import { defaultTestTimeoutMs } from "../run/run-plan.ts";

/** A test or case of a bug; of cases what they ask and where they come from. */
export interface BugTest extends ListedTest {
  readonly row: CaseRow | undefined;
}

export interface Bug {
  readonly bug: string;
  /** In the order of the files. */
  readonly tests: readonly BugTest[];
}

export interface SuiteBugs {
  readonly bugs: readonly Bug[];
  /** Of files that cannot be read: what they hold is not among the bugs. */
  readonly problems: readonly Problem[];
}

/** All bugs, by number. Throws `bug-contradiction`. */
export async function suiteBugs(contract: Contract, args: Arguments): Promise<SuiteBugs> {
  const { problems, tests } = await listSuite({
    contract,
    selection: { paths: [], tags: [] },
    jobs: args.number("jobs", 1) ?? availableParallelism(),
    testTimeoutMs: args.duration("test-timeout") ?? defaultTestTimeoutMs,
  });
  const rows = await bugRows(contract);
  const own = tests.filter(({ bug }) => bug !== undefined).map((test) => ({ ...test, row: rows.get(test.id) }));
  const byBug = Map.groupBy(own, ({ bug = "" }) => bug);
  const bugs = [...byBug].map(([bug, of]) => ({ bug, tests: of })).toSorted((a, b) => compareIds(a.bug, b.bug));
  for (const bug of bugs) refuseContradiction(bug, contract);
  return { bugs, problems };
}

/** The bugs of these numbers, or all. Throws `bug-unknown`. */
export function pickBugs(bugs: readonly Bug[], ids: readonly string[]): readonly Bug[] {
  const known = bugs.map(({ bug }) => bug);
  for (const id of ids) {
    if (!known.includes(id))
      throw tallyError("bug-unknown", { bug: id, known: known.slice(0, 12), nearest: nearest(id, known) });
  }
  return ids.length === 0 ? bugs : bugs.filter(({ bug }) => ids.includes(bug));
}

/** `BUG-9` stands before `BUG-10`. */
function compareIds(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true }) || (a < b ? -1 : 1);
}

async function bugRows(contract: Contract): Promise<ReadonlyMap<string, CaseRow>> {
  const rows = new Map<string, CaseRow>();
  for (const file of findFiles(contract.root, contract.suite.cases)) {
    const table = await readCaseTable(join(contract.root, file), contract, whyNot);
    for (const row of table.rows) if (row.bug !== undefined) rows.set(row.id, row);
  }
  return rows;
}

/** Two cases of one record that no answer can both satisfy. */
function refuseContradiction({ bug, tests }: Bug, contract: Contract): void {
  const first = new Map<string, CaseRow & { readonly at: string }>();
  for (const { file, row } of tests) {
    if (row?.expect === undefined) continue;
    const at = `${file}:${row.line}`;
    const key = `${row.operation}\n${canonicalJson(readJson(row.input))}`;
    const before = first.get(key);
    if (before === undefined) {
      first.set(key, { ...row, at });
      continue;
    }
    const shared = Object.entries(row.expect).filter(([name]) => Object.hasOwn(before.expect ?? {}, name));
    const expected = Object.fromEntries(shared.map(([name]) => [name, before.expect?.[name] ?? null]));
    const { mismatches } = compareRecord(
      contract.operations?.[row.operation]?.output,
      expected,
      Object.fromEntries(shared),
      {
        partial: true,
        tolerances: { ...before.tolerance, ...row.tolerance },
      },
    );
    const [off] = mismatches;
    if (off)
      throw tallyError("bug-contradiction", {
        bug,
        one: before.at,
        other: at,
        operation: row.operation,
        field: off.path,
      });
  }
}
