/** One finding of `tally doctor`. */
import { isTallyError, type Problem } from "../../kernel/errors.ts";

export interface Check {
  readonly name: string;
  /** `note`: works, and is worth knowing. `skipped`: cannot be looked at before something else is repaired. */
  readonly status: "ok" | "note" | "failed" | "skipped";
  /** What was found, in one line. */
  readonly said: string;
  /** What is wrong and what to do. */
  readonly problem?: Problem;
}

export function ok(name: string, said: string): Check {
  return { name, status: "ok", said };
}

export function failed(name: string, problem: Problem): Check {
  return { name, status: "failed", said: problem.message, problem };
}

/** What a check found, or the TallyError it threw as a finding. */
export async function attempt(name: string, check: () => Check | Promise<Check>): Promise<Check> {
  try {
    return await check();
  } catch (error) {
    if (!isTallyError(error)) throw error;
    return failed(name, error.problem);
  }
}
