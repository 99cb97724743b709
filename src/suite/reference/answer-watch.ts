/** Everything that looks at answers while they pass: recorded references, the progress board, samples, undeclared fields. */
import type { RunEvent } from "../../verdict/run-event.ts";
import { AnswerPolicy } from "./answer-policy.ts";
import { ExtraFields } from "../extra-fields.ts";
import { GatherCheck } from "../gather-check.ts";
import { ProgressBoard } from "./progress-board.ts";
import { answersFile, loadAnswers, ReferenceAnswers } from "./reference-answers.ts";
import type { SuiteOptions } from "../suite-run.ts";

export class AnswerWatch {
  /** What a candidate is compared with; undefined when the reference itself is under test. */
  readonly references: ReferenceAnswers | undefined;
  /** What the reference answers now; undefined for a candidate. */
  readonly recorded: ReferenceAnswers | undefined;
  /** What of answers may be stored. */
  readonly policy: AnswerPolicy;
  readonly board: ProgressBoard | undefined;
  readonly check: GatherCheck;
  readonly #extras: ExtraFields;
  /** Version of the model that answers, once it is known. */
  modelVersion: string | undefined;

  constructor({ contract, gatherCheck, noGather, role, seed }: SuiteOptions) {
    this.policy = new AnswerPolicy(contract.operations, process.env["TALLY_SENSITIVE_KEY"]);
    this.references = role === "candidate" ? loadAnswers(answersFile(contract.root), this.policy) : undefined;
    this.recorded = role === "reference" ? new ReferenceAnswers(this.policy) : undefined;
    this.board =
      this.references && contract.operations ? new ProgressBoard(contract.operations, this.references) : undefined;
    this.check = new GatherCheck(noGather ? 0 : gatherCheck, seed);
    this.#extras = new ExtraFields(contract.operations);
    this.modelVersion = contract.model.version;
  }

  answered(operation: string, input: string, answer: string, batch: number): void {
    this.#extras.add(operation, answer);
    this.recorded?.record(operation, input, answer, this.modelVersion);
    this.board?.add(operation, input, answer);
    this.check.add(operation, input, answer, batch);
  }

  warnings(): RunEvent[] {
    const { dropped = 0, withheld = 0 } = this.recorded ?? {};
    const warnings: RunEvent[] = this.#extras.warnings();
    if (dropped > 0) {
      const message = `${countOf(dropped)} not among the reference answers: there were too many, or too large ones`;
      warnings.push({ type: "warning", code: "answers-capped", message, count: dropped });
    }
    if (withheld > 0) {
      const message = `${countOf(withheld)} not among the reference answers: sensitive inputs`;
      const hint = "With a key in TALLY_SENSITIVE_KEY they are stored as keyed hashes.";
      warnings.push({ type: "warning", code: "answers-sensitive", message, hint, count: withheld });
    }
    return warnings;
  }
}

function countOf(records: number): string {
  return records === 1 ? "1 record is" : `${records} records are`;
}
