/** Everything that looks at answers while they pass: recorded references, the progress board, samples, undeclared fields. */
import type { RunEvent } from "../verdict/run-event.ts";
import { ExtraFields } from "./extra-fields.ts";
import { GatherCheck } from "./gather-check.ts";
import { ProgressBoard } from "./progress-board.ts";
import { answersFile, loadAnswers, ReferenceAnswers } from "./reference-answers.ts";
import type { SuiteOptions } from "./suite-run.ts";

export class AnswerWatch {
  /** What a candidate is compared with; undefined when the reference itself is under test. */
  readonly references: ReferenceAnswers | undefined;
  /** What the reference answers now; undefined for a candidate. */
  readonly recorded: ReferenceAnswers | undefined;
  readonly board: ProgressBoard | undefined;
  readonly check: GatherCheck;
  readonly #extras: ExtraFields;
  /** Version of the model that answers, once it is known. */
  modelVersion: string | undefined;

  constructor({ contract, gatherCheck, noGather, role, seed }: SuiteOptions) {
    this.references = role === "candidate" ? loadAnswers(answersFile(contract.root)) : undefined;
    this.recorded = role === "reference" ? new ReferenceAnswers() : undefined;
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
    const dropped = this.recorded?.dropped ?? 0;
    const message = `${dropped} records are not among the reference answers: there were too many`;
    return [
      ...this.#extras.warnings(),
      ...(dropped > 0 ? [{ type: "warning" as const, code: "answers-capped", message, count: dropped }] : []),
    ];
  }
}
