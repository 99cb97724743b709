/** `tally report`: the HTML report and JUnit of a run that is over, or of all its shards together. */
import { existsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { findContract } from "../contract/load-contract.ts";
import { type ExitCode, tallyError } from "../kernel/errors.ts";
import { shownPath } from "../kernel/shown-path.ts";
import { mergedRun } from "../report/merged-run.ts";
import { openReporter } from "../report/open-reporter.ts";
import { eventsFile } from "../report/read-run.ts";
import type { Reporter } from "../report/reporter.ts";
import { openRunFolder } from "../report/run-folder.ts";
import { foldRun, type RunResult } from "../verdict/fold-run.ts";
import type { Arguments } from "./arguments.ts";
import { openInBrowser } from "./open-in-browser.ts";
import { lastRuns } from "./run/run-history.ts";
import { stateFolder } from "./state-folder.ts";
import { wantsColour } from "./run/run-reports.ts";

const defaultFolder = "tally-report";

/** Ends as the run did: with 6 when it broke off or a shard is missing, with 70 when its counts do not add up. */
export async function runReport(args: Arguments): Promise<ExitCode> {
  const paths = inputs(args);
  const out = args.text("out") ?? defaultFolder;
  // Whatever is wrong with the runs is said before a file is touched.
  const events = await mergedRun(paths);
  const html = join(out, "index.html");
  const terminal = await openReporter("terminal", {
    out: process.stdout,
    colour: wantsColour(args, process.stdout),
    columns: process.stdout.columns ?? 80,
    verbosity: "quiet",
    html,
  });
  const reporters = [...(await openFiles(paths, out)), terminal];
  const fold = foldRun({ maxRecordText: 0 });
  for await (const event of events) {
    fold.add(event);
    for (const reporter of reporters) reporter.event(event);
  }
  for (const reporter of reporters) await reporter.end();
  if (args.flag("open")) await openInBrowser(resolve(html));
  return exitOf(fold.result());
}

function exitOf({ conserved, ended, incomplete }: RunResult): ExitCode {
  if (incomplete || ended === undefined) return 6;
  if (!conserved) return 70;
  return ended.exit as ExitCode;
}

/** Events files: of the runs that are named, else of the last one. */
function inputs(args: Arguments): string[] {
  const file = findContract(process.cwd(), args.text("config"));
  const root = file === undefined ? process.cwd() : stateFolder(dirname(file), args);
  const runs = join(root, ".tally", "runs");
  const asked = args.positionals.length > 0 ? args.positionals : lastRuns(root).slice(0, 1);
  if (asked.length === 0) throw tallyError("run-unknown", { path: shownPath(runs) });
  return asked.map((word) => {
    const place = [word, join(runs, word)].find((path) => existsSync(path));
    if (place === undefined) throw tallyError("run-unknown", { path: word });
    const events = statSync(place).isDirectory() ? join(place, eventsFile) : place;
    if (!existsSync(events)) throw tallyError("run-unknown", { path: shownPath(place) });
    return events;
  });
}

/** The whole folder of a run; where the events already lie in it, only what is made of them. */
async function openFiles(paths: readonly string[], out: string): Promise<Reporter[]> {
  if (!paths.some((path) => dirname(resolve(path)) === resolve(out))) return [await openRunFolder(out)];
  const beside = paths.length === 1 ? [eventsFile, "junit.xml", "log"] : ["junit.xml"];
  const sink = { write: () => {} };
  return [
    await openReporter("junit", { out: sink, path: join(out, "junit.xml") }),
    await openReporter("html", {
      out: sink,
      path: out,
      beside: beside.filter((name) => name === "junit.xml" || existsSync(join(out, name))),
    }),
  ];
}
