/** Makes the recorded answers whole at the end of a run against the connector, and keeps them for candidates. */
import { existsSync } from "node:fs";
import { sliceObject } from "../../kernel/slice-json.ts";
import type { AnswerPolicy } from "./answer-policy.ts";
import { answersFile, loadAnswers, type ReferenceAnswers } from "./reference-answers.ts";
import type { RunState } from "../suite-run.ts";
import { describeSelection, type Selection } from "../selection.ts";
import { askableStages } from "../stages.ts";

/** Asks the upstream stages of every recorded input, so that a candidate's first diverging stage can be read from them. */
export async function recordUpstream(recorded: ReferenceAnswers, { asker, options }: RunState): Promise<void> {
  const { operations } = options.contract;
  const wanted = new Map<string, string[]>();
  for (const name of Object.keys(operations ?? {})) {
    if (operations?.[name]?.after === undefined) continue;
    for (const input of recorded.inputs(name)) {
      for (const stage of askableStages(operations, name, new Set(sliceObject(input).keys()))) {
        if (recorded.get(stage, input) !== undefined) continue;
        const list = wanted.get(stage) ?? [];
        wanted.set(stage, list);
        list.push(input);
      }
    }
  }
  // The asker shows every answer to the recorder: nothing to do with them here.
  for (const [stage, inputs] of wanted) await asker.ask(stage, [...new Set(inputs)], false);
}

/** Writes the answers; those of tests that were not selected this time stay. */
export function saveAnswers(
  recorded: ReferenceAnswers,
  policy: AnswerPolicy,
  { root, selection }: { readonly root: string; readonly selection: Selection },
): void {
  if (recorded.size === 0 && recorded.withheld === 0) return;
  const file = answersFile(root);
  if (describeSelection(selection).length > 0) recorded.keepOthers(loadAnswers(file, policy));
  // What was stored before its fields became sensitive goes.
  if (recorded.size > 0 || existsSync(file)) recorded.save(file);
}
