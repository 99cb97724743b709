import type { Problem } from "../kernel/errors.ts";
import type { TestOutcome } from "./messages.ts";

/** What a fault of the endpoint makes of a test: an operation that is not there yet is a failure, all else cannot be judged. */
export function faultVerdict({ code }: Problem): Pick<TestOutcome, "verdict" | "reason"> {
  return code === "operation-not-implemented"
    ? { verdict: "fail", reason: "not-implemented" }
    : { verdict: "error", reason: "fault" };
}
