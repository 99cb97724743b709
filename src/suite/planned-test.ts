/** What a test file or a case table holds → the tests as they are planned. */
import type { CaseRow } from "../record/case-row.ts";
import type { TestPlanned } from "../verdict/run-event.ts";
import type { CollectedTest } from "./messages.ts";

/** A test of a file. */
export function plannedTest(file: string, { id, name, line, level, tags, bug }: CollectedTest): TestPlanned {
  const optional = { ...(line === undefined ? {} : { line }), ...(bug === undefined ? {} : { bug }) };
  return { type: "test-planned", id, file, name, kind: "test", level, tags, ...optional };
}

/** A row of a case table. */
export function plannedRow(file: string, id: string, { name, line, level, tags, bug }: CaseRow): TestPlanned {
  const optional = bug === undefined ? {} : { bug };
  return { type: "test-planned", id, file, line, name, kind: "case", level, tags, ...optional };
}
