/** The events around the beginning of a run: what is said before it, and its end when it never began. */
import type { ExitCode, Problem } from "../../kernel/errors.ts";
import type { RunEnded, RunEvent } from "../../verdict/run-event.ts";

/** Holds back what a connector or program says while it loads until the run has begun, or ended without that. */
export function holdEarlyLogs(emit: (event: RunEvent) => void): (event: RunEvent) => void {
  const early: RunEvent[] = [];
  let isOpen = false;
  return (event) => {
    if (isOpen) emit(event);
    else if (event.type === "log") early.push(event);
    else {
      isOpen = true;
      const said = early.splice(0);
      for (const each of event.type === "run-started" ? [event, ...said] : [...said, event]) emit(each);
    }
  };
}

/** The last event of a run in which nothing was planned: every report has an end and says why. */
export function endedBeforeStart(
  why: { readonly exit: ExitCode; readonly problem?: Problem; readonly stopped?: string },
  ms: number,
): RunEnded {
  const counts = { planned: 0, pass: 0, fail: 0, error: 0, skip: 0, known: 0, recommended: 0, nearTies: 0 };
  return { type: "run-ended", ...counts, calls: 0, records: 0, retries: 0, board: [], ...why, ms };
}
