/**
 * Two versions of a suite → the tests of the later one that may judge otherwise. A test file counts as a whole, with what it imports;
 * cases count row by row. Where an operation or one before it changed, all of its cases do, and every test file that names it.
 */
import type { Operation } from "../../contract/contract.ts";
import { caseChanges } from "./case-changes.ts";
import { contractChanges } from "./contract-changes.ts";
import type { SuiteOutline, TestFile } from "./suite-outline.ts";

export interface ChangedTests {
  /** Test files, and case tables with a row that counts or that cannot be read. */
  readonly files: ReadonlySet<string>;
  /** Ids of cases. */
  readonly rows: ReadonlySet<string>;
}

export function changedTests(before: SuiteOutline, after: SuiteOutline): ChangedTests {
  const touched = touchedOperations(before, after);
  // Nothing declared, or everything: then every value is judged in another way.
  const isAll = (before.contract.operations === undefined) !== (after.contract.operations === undefined);
  const files = new Set<string>();
  const rows = new Set<string>();
  for (const [path, file] of after.files)
    if (isAll || before.files.get(path)?.digest !== file.digest || namesAny(file, touched)) files.add(path);
  for (const [path, table] of after.tables) {
    const old = before.tables.get(path)?.rows;
    const changed = [...table.rows].filter(([id, row]) => {
      const was = old?.get(id);
      return isAll || was === undefined || touched.has(row.operation) || caseChanges(was, row).length > 0;
    });
    for (const [id] of changed) rows.add(id);
    if (changed.length > 0 || table.isBroken) files.add(path);
  }
  return { files, rows };
}

/** Operations that changed, and those that get what they answer. */
function touchedOperations(before: SuiteOutline, after: SuiteOutline): ReadonlySet<string> {
  const operations = Object.values(after.contract.operations ?? {});
  const touched = new Set(
    contractChanges(before.contract.operations, after.contract.operations).map(({ operation }) => operation),
  );
  for (let size = -1; size < touched.size;) {
    size = touched.size;
    for (const one of operations) if (upstreamOf(one).some((name) => touched.has(name))) touched.add(one.name);
  }
  return touched;
}

function upstreamOf({ after, input }: Operation): string[] {
  return [...(after === undefined ? [] : [after]), ...(input.kind === "stage" ? [input.stage] : [])];
}

/** Whether a file names one of them, or asks for an operation whose name is made as the file runs. */
function namesAny({ text }: TestFile, operations: ReadonlySet<string>): boolean {
  if (operations.size === 0) return false;
  const names = [...operations].some((name) => new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(text));
  return names || /\boperation\s*(<[^>]*>)?\(\s*[^"'\s)]/.test(text);
}
