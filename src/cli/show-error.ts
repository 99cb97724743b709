import { type ExitCode, isTallyError, problem } from "../kernel/errors.ts";
import { showProblem } from "./show-problem.ts";

/** Writes what ended a command to stderr: a problem as such, anything else as a bug of ours. Gives the exit code. */
export function showError(error: unknown): ExitCode {
  const shown = isTallyError(error) ? error.problem : problem("internal", { what: reasonOf(error) }, stackOf(error));
  process.stderr.write(showProblem(shown, process.stderr.isTTY && !process.env["NO_COLOR"]));
  return shown.exit;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? "") : "";
}
