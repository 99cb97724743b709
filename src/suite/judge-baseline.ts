/** Entries of the baseline that are no longer true, each judged as a test of its own: a list that rots fails the run. */
import type { BaselineBook } from "../verdict/baseline-book.ts";
import { notRun } from "./child/run-tree.ts";
import { describeSelection } from "./selection.ts";
import type { RunState } from "./suite-run.ts";

/** `whole`: nothing stopped the run. A name without a test is wrong only where all tests were planned. */
export function judgeBaseline(book: BaselineBook, { ledger, options, problems }: RunState, whole: boolean): void {
  const everything = whole && problems.length === 0 && describeSelection(options.selection).length === 0;
  const { file } = book.options;
  const judged = book.stale(everything).map(({ entry, mark, note, reason }) => {
    const id = ledger.freeId(`${file} > ${entry.test}`);
    const { line, test: name } = entry;
    ledger.plan({ type: "test-planned", id, file, line, name, kind: "test", level: "required", tags: [] });
    return { id, outcome: { ...notRun(), verdict: "fail", reason, note } as const, baseline: mark };
  });
  for (const { id, ...told } of judged) ledger.judge(id, told);
}
