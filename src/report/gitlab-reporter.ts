/**
 * A run in a GitLab job, beside the terminal. Comes in: run events. Goes out: the markers between which the job's page folds
 * lines away: the tests as they ran, and what was printed, which the terminal does not show.
 */
import type { LogLine, RunEvent } from "../verdict/run-event.ts";
import { visibleBlock } from "./plain-text.ts";
import type { Reporter, ReporterOptions } from "./reporter.ts";

/** Characters of the log kept, from its end: a job's whole output is cut at 4 MB. */
const maxLog = 200_000;

/** Opened after the reporters that print, so that its end comes after theirs. */
export function gitlabReporter(options: ReporterOptions): Reporter {
  let isOpen = true;
  let log = "";
  options.out.write(sectionStart("tally_tests", "Tests", false));
  const close = (): void => {
    if (isOpen) options.out.write(sectionEnd("tally_tests"));
    isOpen = false;
  };
  return {
    event: (event: RunEvent) => {
      if (event.type === "run-ended") close();
      if (event.type === "log") log = moreLog(log, event);
    },
    end: async () => {
      close();
      options.out.write(logSection("tally_log", "Log of suite, connector and endpoint", log));
    },
  };
}

export function sectionStart(name: string, title: string, folded: boolean): string {
  return `\u001b[0Ksection_start:${now()}:${name}${folded ? "[collapsed=true]" : ""}\r\u001b[0K${title}\n`;
}

export function sectionEnd(name: string): string {
  return `\u001b[0Ksection_end:${now()}:${name}\r\u001b[0K\n`;
}

/** Folded away; empty where nothing was printed. */
export function logSection(name: string, title: string, log: string): string {
  return log === "" ? "" : `${sectionStart(name, title, true)}${log}${sectionEnd(name)}`;
}

/** What was printed so far and now, from its end. */
export function moreLog(log: string, { source, text }: LogLine): string {
  const lines = visibleBlock(text).replace(/\n$/, "").split("\n");
  return `${log}${lines.map((line) => `[${source}] ${line}\n`).join("")}`.slice(-maxLog);
}

/** Seconds since 1970, as the markers have it. */
function now(): number {
  return Math.floor(Date.now() / 1000);
}
