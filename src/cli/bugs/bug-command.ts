/** `tally bug`: lists the bugs of the suite with what is known of them; `show` tells all of one, `check` runs them on both sides. */
import { type ExitCode, tallyError } from "../../kernel/errors.ts";
import { clip, plural, visible } from "../../report/plain-text.ts";
import { type Paint, paintWith } from "../../report/terminal/paint.ts";
import { strongestExit } from "../../verdict/exit-code.ts";
import type { Arguments } from "../arguments.ts";
import { wantsColour } from "../run/run-reports.ts";
import { showProblem } from "../show-problem.ts";
import { stateFolder } from "../state-folder.ts";
import { readContract } from "../target.ts";
import {
  type BugHistory,
  type BugRecord,
  bugSigns,
  fixedWhen,
  type BugState,
  type BugVerdict,
  historyEnd,
  readBugHistory,
} from "./bug-history.ts";
import { recordedVerdicts } from "./recorded-verdict.ts";
import { type Bug, type BugTest, pickBugs, suiteBugs } from "./suite-bugs.ts";

export async function runBug(args: Arguments): Promise<ExitCode> {
  const [verb, ...ids] = args.positionals;
  if (verb === "check") return (await import("./bug-check.ts")).runBugCheck(args, ids);
  const isShown = verb === "show" && ids.length > 0;
  if (verb !== undefined && !isShown) throw tallyError("bug-verb", { word: args.positionals.join(" ") });
  const contract = readContract(args);
  const { bugs, problems } = await suiteBugs(contract, args);
  const picked = pickBugs(bugs, ids);
  const state = stateFolder(contract.root, args);
  const history = await readBugHistory(state, picked);
  const end = historyEnd(state);
  const recorded = recordedVerdicts(contract, picked);
  const paint = paintWith(wantsColour(args, process.stdout));
  if (args.flag("json")) {
    const told = picked.map((bug) => ({ ...bugJson(bug, history.get(bug.bug)), recorded: recorded?.get(bug.bug) }));
    process.stdout.write(
      `${JSON.stringify({ v: 1, bugs: told, problems, ...(end && { cut: { runs: end.runs } }) }, undefined, 2)}\n`,
    );
  } else {
    const options = { paint, recorded, version: contract.model?.version, isWhole: isShown };
    const lines = listLines(picked, history, options);
    if (end !== undefined && picked.length > 0) lines.push(paint("dim", end.text));
    process.stdout.write(`${lines.join("\n")}\n`);
    for (const problem of problems) process.stderr.write(showProblem(problem, wantsColour(args, process.stderr)));
  }
  return strongestExit(problems.map(({ exit }) => exit));
}

interface ListOptions {
  readonly paint: Paint;
  /** By number: what the reference's answers that were delivered make of it. */
  readonly recorded: ReadonlyMap<string, BugVerdict> | undefined;
  /** Of the suite. */
  readonly version: string | undefined;
  /** Every test with what it asks. */
  readonly isWhole: boolean;
}

function listLines(bugs: readonly Bug[], history: BugHistory, options: ListOptions): string[] {
  const { isWhole, paint } = options;
  if (bugs.length === 0)
    return ["no test and no case of the suite has a bug; a failure becomes one with tally keep ID --bug BUG-1"];
  const blocks = bugs.map((one) => [
    ` ${paint("bold", visible(one.bug))}  ${clip(visible(one.tests[0]?.name ?? ""), 60)}`,
    ...one.tests.flatMap((test) => testLines(test, isWhole)),
    ...recordedLines(options.recorded?.get(one.bug), options),
    ...stateLines(history.get(one.bug)?.states ?? [], paint),
    ...(isWhole ? firstLines(history.get(one.bug)) : []),
  ]);
  return [...blocks.flatMap((block) => [...block, ""]), plural(bugs.length, "bug")];
}

function testLines({ file, line, mode, note, row }: BugTest, isWhole: boolean): string[] {
  const place = line === undefined ? file : `${file}:${line}`;
  const left = mode === "run" ? "" : `  ${mode}${note === undefined ? "" : `: ${visible(note)}`}`;
  const found = row?.found === undefined ? undefined : foundText(row.found);
  const lines = [`   ${visible(place)}${left}`, ...(found === undefined ? [] : [`     found ${visible(found)}`])];
  if (row?.found?.link !== undefined) lines.push(`     ${visible(row.found.link)}`);
  if (!isWhole || row === undefined) return lines;
  lines.push(`     ${visible(row.operation)} ${visible(row.input)}`);
  if (row.expect !== undefined) lines.push(`     expects ${visible(JSON.stringify(row.expect, numberTexts))}`);
  if (row.found?.test !== undefined)
    lines.push(`     by the test ${visible(row.found.test)}, failure ${visible(row.found.failure ?? "")}`);
  return lines;
}

/** Numbers as they were written. */
function numberTexts(_key: string, value: unknown): unknown {
  return typeof value === "object" && value !== null && "text" in value ? Number(value.text) : value;
}

function foundText({ at, by, endpoint, on, suite }: NonNullable<NonNullable<BugTest["row"]>["found"]>): string {
  const parts = [
    by === undefined ? undefined : `by ${by}`,
    at === undefined ? undefined : `on ${at.slice(0, 10)}`,
    on === undefined ? undefined : `at ${on}${endpoint === undefined ? "" : ` (${endpoint})`}`,
    suite === undefined ? undefined : `with suite ${suite}`,
  ];
  return parts.filter((part) => part !== undefined).join(" ");
}

const words: Readonly<Record<BugVerdict, string>> = { pass: "passes", fail: "fails", open: "not judged" };

function recordedLines(verdict: BugVerdict | undefined, { paint, version }: ListOptions): string[] {
  if (verdict === undefined || verdict === "open") return [];
  const ink = verdict === "pass" ? "green" : "red";
  return [
    `   ${paint(ink, bugSigns[verdict])} the reference ${words[verdict]}, as recorded${version === undefined ? "" : ` in ${version}`}`,
  ];
}

function stateLines(states: readonly BugState[], paint: Paint): string[] {
  if (states.length === 0) return ["   not run yet: tally bug check"];
  const width = Math.max(...states.map(({ endpoint }) => endpoint.length));
  return states.map(({ at, endpoint, fixed, verdict, version }) => {
    const ink = verdict === "pass" ? "green" : verdict === "fail" ? "red" : "yellow";
    const since = fixed === undefined ? "" : `, fixed ${fixedWhen(fixed)}`;
    const when = `${at.slice(0, 10)}${version === undefined ? "" : ` with suite ${version}`}`;
    return `   ${visible(endpoint).padEnd(width)}  ${paint(ink, bugSigns[verdict])} ${words[verdict]}  ${when}${since}`;
  });
}

/** As far as the runs that are kept go back. */
function firstLines(record: BugRecord | undefined): string[] {
  if (record?.first === undefined) return [];
  const { at, version } = record.first;
  return [`   in the suite since ${at.slice(0, 10)}${version === undefined ? "" : ` (${version})`} at the latest`];
}

/** A bug for machines. */
function bugJson({ bug, tests }: Bug, record: BugRecord | undefined): object {
  return {
    bug,
    tests: tests.map(({ file, id, kind, line, mode, name, row }) => ({
      id,
      file,
      ...(line === undefined ? {} : { line }),
      name,
      kind,
      mode,
      ...(row?.found === undefined ? {} : { found: row.found }),
    })),
    ...(record?.first === undefined ? {} : { first: record.first }),
    last: record?.states ?? [],
  };
}
