/**
 * A run in a GitLab job, beside the terminal. Comes in: run events. Goes out: the markers between which the job's page folds
 * lines away: the tests as they ran, and what was printed, which the terminal does not show.
 */
import type { RunEvent } from "../verdict/run-event.ts";
import { visibleBlock } from "./plain-text.ts";
import type { Reporter, ReporterOptions } from "./reporter.ts";

/** Characters of the log kept, from its end: a job's whole output is cut at 4 MB. */
const maxLog = 200_000;

/** Opened after the reporters that print, so that its end comes after theirs. */
export function gitlabReporter(options: ReporterOptions): Reporter {
  const start = (name: string, title: string, folded: boolean): string =>
    `\u001b[0Ksection_start:${now()}:${name}${folded ? "[collapsed=true]" : ""}\r\u001b[0K${title}\n`;
  const end = (name: string): string => `\u001b[0Ksection_end:${now()}:${name}\r\u001b[0K\n`;
  let isOpen = true;
  let log = "";
  options.out.write(start("tally_tests", "Tests", false));
  const close = (): void => {
    if (isOpen) options.out.write(end("tally_tests"));
    isOpen = false;
  };
  return {
    event: (event: RunEvent) => {
      if (event.type === "run-ended") close();
      if (event.type === "log") log = `${log}${logLines(event.source, event.text)}`.slice(-maxLog);
    },
    end: async () => {
      close();
      if (log === "") return;
      options.out.write(`${start("tally_log", "Log of suite, connector and endpoint", true)}${log}${end("tally_log")}`);
    },
  };
}

function logLines(source: string, text: string): string {
  const lines = visibleBlock(text).replace(/\n$/, "").split("\n");
  return lines.map((line) => `[${source}] ${line}\n`).join("");
}

/** Seconds since 1970, as the markers have it. */
function now(): number {
  return Math.floor(Date.now() / 1000);
}
