/** `.only`: the tests it leaves out are counted and told, because a green run of one test says little about a suite. */
import { problem, type Problem } from "../../kernel/errors.ts";
import type { RunEvent, TestJudged, Warning } from "../../verdict/run-event.ts";

/** The note of a test that did not run because another one of its file has `.only`. */
const note = "another test has .only";

export function isLeftByOnly(judged: TestJudged): boolean {
  return judged.verdict === "skip" && judged.reason === "skipped" && judged.note === note;
}

export class OnlyCount {
  #left = 0;

  /** Counts what goes to `emit`. */
  watch(emit: (event: RunEvent) => void): (event: RunEvent) => void {
    return (event) => {
      if (event.type === "test-judged" && isLeftByOnly(event)) this.#left += 1;
      emit(event);
    };
  }

  warnings(): Warning[] {
    if (this.#left === 0) return [];
    const { hint, message } = problem("suite-only", { left: this.#left });
    return [{ type: "warning", code: "only", message, hint }];
  }

  /** Where nobody reads warnings, a forgotten `.only` fails the run. */
  problem({ CI = "" }: NodeJS.ProcessEnv): Problem | undefined {
    const isCi = !["", "0", "false"].includes(CI);
    return isCi && this.#left > 0 ? problem("suite-only", { left: this.#left }) : undefined;
  }
}
