/** What is different from one run to the next. Comes in: both, folded. Goes out: fields and tests that changed sides. */
import type { RunResult } from "../../verdict/fold-run.ts";
import type { BoardField, Verdict } from "../../verdict/run-event.ts";
import { percent } from "../number-text.ts";

/** What is kept of a run for the next: memory is bounded by the number of tests. */
export interface RunState {
  readonly board: readonly BoardField[];
  readonly verdicts: ReadonlyMap<string, Verdict>;
}

export interface FieldChange {
  readonly operation: string;
  readonly field: string;
  /** Percent that agree; undefined where it was not implemented, or not there. */
  readonly from: number | undefined;
  readonly to: number | undefined;
}

export interface RunChanges {
  readonly fields: readonly FieldChange[];
  /** Ids of tests that pass now, and of those that did not fail before and do now. */
  readonly fixed: readonly string[];
  readonly broken: readonly string[];
  readonly added: number;
  readonly gone: number;
}

/** What the next run is held against. */
export function stateOf({ ended, tests }: RunResult): RunState {
  // Whether a batch is asked again alone is the run's own affair, and differs from one to the next.
  const own = tests.filter(({ plan }) => plan.file !== "gather-check");
  const verdicts = new Map(own.flatMap(({ judged, plan }) => (judged ? [[plan.id, judged.verdict] as const] : [])));
  return { board: ended?.board ?? [], verdicts };
}

export function changesBetween(before: RunState, now: RunState): RunChanges {
  const known = new Map(before.board.map((field) => [keyOf(field), field]));
  const fields = now.board.flatMap((field): FieldChange[] => {
    const [from, to] = [shareOf(known.get(keyOf(field))), shareOf(field)];
    return from === to ? [] : [{ operation: field.operation, field: field.field, from, to }];
  });
  const ids = [...now.verdicts.keys()];
  return {
    fields,
    fixed: ids.filter((id) => isBad(before.verdicts.get(id)) && now.verdicts.get(id) === "pass"),
    broken: ids.filter(
      (id) => before.verdicts.has(id) && !isBad(before.verdicts.get(id)) && isBad(now.verdicts.get(id)),
    ),
    added: ids.filter((id) => !before.verdicts.has(id)).length,
    gone: [...before.verdicts.keys()].filter((id) => !now.verdicts.has(id)).length,
  };
}

function keyOf({ field, operation }: BoardField): string {
  return JSON.stringify([operation, field]);
}

function shareOf(field: BoardField | undefined): number | undefined {
  return field?.implemented === true && field.compared > 0 ? percent(field.agree, field.compared) : undefined;
}

function isBad(verdict: Verdict | undefined): boolean {
  return verdict === "fail" || verdict === "error";
}
