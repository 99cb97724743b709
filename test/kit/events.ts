/** The event stream of a run, read back. */
import { readEventLine } from "../../src/verdict/event-line.ts";
import type { RunEnded, RunEvent, TestJudged } from "../../src/verdict/run-event.ts";
import type { Project, Ran, RunOptions } from "./project.ts";

export interface Told extends Ran {
  readonly events: readonly RunEvent[];
  readonly judged: readonly TestJudged[];
  readonly ended: RunEnded;
  /** `verdict reason` by the last part of the id. */
  readonly verdicts: Readonly<Record<string, string>>;
}

/** Runs `tally test --reporter ndjson …` and reads what it tells. */
export async function tell(project: Project, args: readonly string[] = [], options: RunOptions = {}): Promise<Told> {
  const ran = await project.tally(["test", "--reporter", "ndjson", ...args], options);
  const events = ran.stdout
    .split("\n")
    .filter((line) => line !== "")
    .map(readEventLine);
  const judged = events.filter((event) => event.type === "test-judged");
  const ended = events.find((event) => event.type === "run-ended");
  if (ended === undefined) throw new Error(`no run-ended:\n${ran.stdout}\n${ran.stderr}`);
  const verdicts = Object.fromEntries(
    judged.map(({ id, reason, verdict }) => [
      id.split(" > ").slice(1).join(" > ") || id,
      reason === undefined ? verdict : `${verdict} ${reason}`,
    ]),
  );
  return { ...ran, events, judged, ended, verdicts };
}
