/**
 * The reference's verdict on bugs where no reference can be asked: a delivered suite has its recorded answers. Comes in: a contract, bugs.
 * Goes out: of each bug what those answers make of its cases. Runs nothing.
 */
import { existsSync } from "node:fs";
import type { Contract } from "../../contract/contract.ts";
import { anySensitive } from "../../contract/sensitive-fields.ts";
import type { CaseRow } from "../../record/case-row.ts";
import { firstStage } from "../../suite/ask-chained.ts";
import { AnswerPolicy } from "../../suite/reference/answer-policy.ts";
import { answersFile, loadAnswers, type ReferenceAnswers } from "../../suite/reference/reference-answers.ts";
import { compareRow } from "../../suite/run-cases.ts";
import { stagesUpTo } from "../../suite/stages.ts";
import { type BugVerdict, worse } from "./bug-history.ts";
import type { Bug } from "./suite-bugs.ts";

/** By number; undefined where the suite has a connector, which is to be asked, or no answers. What is a test and no case stays open. */
export function recordedVerdicts(
  contract: Contract,
  bugs: readonly Bug[],
): ReadonlyMap<string, BugVerdict> | undefined {
  const file = answersFile(contract.root);
  if (contract.connector !== undefined || !existsSync(file)) return undefined;
  const answers = loadAnswers(file, new AnswerPolicy(contract.operations, process.env["TALLY_SENSITIVE_KEY"]));
  return new Map(
    bugs.map(({ bug, tests }) => [bug, tests.map(({ row }) => verdictOfRow(row, answers, contract)).reduce(worse)]),
  );
}

function verdictOfRow(row: CaseRow | undefined, answers: ReferenceAnswers, contract: Contract): BugVerdict {
  if (row === undefined) return "open";
  // What is stored of sensitive fields agrees with nothing.
  if (anySensitive(contract.operations?.[row.operation]?.output ?? {})) return "open";
  const answer = recordedAnswer(row, answers, contract);
  if (answer === undefined) return "open";
  return compareRow(row, answer, contract).mismatches.length === 0 ? "pass" : "fail";
}

/** Stage by stage, as the row is asked. */
function recordedAnswer({ input, operation }: CaseRow, answers: ReferenceAnswers, { operations }: Contract) {
  const stages = stagesUpTo(operations, operation);
  const first = stages.indexOf(firstStage(operations, { operation, records: [input] }));
  let answer: string | undefined = input;
  for (const stage of stages.slice(Math.max(0, first)))
    answer = answer === undefined ? undefined : answers.get(stage, answer);
  return answer;
}
