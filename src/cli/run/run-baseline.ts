/** `--baseline` and `--update-baseline`: which failures are accepted, and writing that down anew after a run. */
import { relative, resolve, sep } from "node:path";
import { declaresSensitive } from "../../contract/sensitive-fields.ts";
import type { Contract } from "../../contract/contract.ts";
import { type ExitCode, tallyError, type TallyError } from "../../kernel/errors.ts";
import { shownPath } from "../../kernel/shown-path.ts";
import { notWritable, openWholeFile, writeWholeFile } from "../../kernel/whole-file.ts";
import { groupDigits, visible } from "../../report/plain-text.ts";
import { baselineText } from "../../suite/baseline/baseline-text.ts";
import { readBaseline } from "../../suite/baseline/read-baseline.ts";
import { describeSelection } from "../../suite/selection.ts";
import type { SuiteOptions } from "../../suite/suite-run.ts";
import type { Acceptance } from "../../verdict/baseline.ts";
import { BaselineBook } from "../../verdict/baseline-book.ts";
import { strongestExit } from "../../verdict/exit-code.ts";
import { isGatherCheck } from "../../verdict/gather-check-id.ts";
import type { RunEnded, RunEvent } from "../../verdict/run-event.ts";
import { updatedBaseline } from "../../verdict/updated-baseline.ts";
import type { Arguments } from "../arguments.ts";
import { isDelivered } from "../state-folder.ts";
import { showError } from "../show-error.ts";
import type { RunPlan } from "./run-plan.ts";

export interface RunBaseline {
  readonly baseline: SuiteOptions["baseline"];
  /** Takes note of what goes to `emit`. */
  readonly watch: (emit: (event: RunEvent) => void) => (event: RunEvent) => void;
  /** Writes the file anew where that was asked for; gives the exit code of the command. */
  readonly conclude: (exit: ExitCode) => ExitCode;
}

/** Reads the baseline of a run. `path` is where it is, `at` when the run began. */
export function openBaseline(
  path: string,
  at: string,
  args: Arguments,
  { contract, plan }: { readonly contract: Contract; readonly plan: RunPlan },
): RunBaseline {
  const file = resolve(path);
  const shown = shownPath(file);
  if (isDelivered(contract.root, args) && !relative(contract.root, file).startsWith(`..${sep}`))
    throw tallyError("baseline-in-suite", { file: shown });
  const today = at.slice(0, 10);
  const renewal = args.flag("update-baseline") ? readRenewal(args, plan, today) : undefined;
  const read = readBaseline(file);
  if (read === undefined && renewal === undefined)
    throw tallyError("baseline-unreadable", { said: `${shown} cannot be read: there is no such file.` });
  const { digest = "", entries = [], head } = read ?? {};
  // An update drops it like all that is not true.
  const drawn = renewal === undefined ? entries.find(({ test }) => isGatherCheck(test)) : undefined;
  if (drawn !== undefined) throw tallyError("baseline-drawn", { at: `${shown}:${drawn.line}`, test: drawn.test });
  const messages = plan.showSensitive || !declaresSensitive(contract.operations);
  if (renewal !== undefined) refuseUnwritable(file, shown);
  const book = new BaselineBook({ entries, file: shown, today, messages, ...(renewal ? { renewal } : {}) });
  const left: string[] = [];
  let ended: RunEnded | undefined;
  return {
    // A file that is not written yet has no digest to show.
    baseline: { book, digest },
    watch: (emit) => (event) => {
      if (event.type === "run-ended") ended = event;
      if (event.type === "test-judged" && event.verdict === "fail" && isGatherCheck(event.id)) left.push(event.id);
      emit(event);
    },
    conclude: (exit) => (renewal === undefined ? exit : writeAnew({ book, ended, exit, file, head, left })),
  };
}

/** A run of hours is not to end with nothing written. */
function refuseUnwritable(file: string, shown: string): void {
  try {
    openWholeFile(file).discard();
  } catch (cause) {
    throw notWritable(shown, cause);
  }
}

function readRenewal(args: Arguments, plan: RunPlan, today: string): Partial<Acceptance> {
  const words = [...describeSelection(plan.selection), ...(args.flag("watch") ? ["--watch"] : [])].join(" ");
  if (words !== "") throw tallyError("baseline-filtered", { words });
  const given = { reason: args.text("reason"), owner: args.text("owner"), expires: args.text("expires") };
  for (const name of ["reason", "owner"] as const)
    if (given[name]?.trim() === "")
      throw tallyError("flag-value", {
        flag: `--${name}`,
        value: given[name],
        expected: "a text",
        example: `--${name} "TEXT"`,
      });
  const { expires } = given;
  if (expires !== undefined && (!isDay(expires) || expires < today))
    throw tallyError("flag-value", {
      flag: "--expires",
      value: expires,
      expected: "a day to come, YYYY-MM-DD",
      example: `--expires ${inAMonth(today)}`,
    });
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function inAMonth(today: string): string {
  return new Date(Date.parse(today) + 30 * 86_400_000).toISOString().slice(0, 10);
}

function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

interface Writing {
  readonly book: BaselineBook;
  readonly ended: RunEnded | undefined;
  readonly exit: ExitCode;
  readonly file: string;
  readonly head: string | undefined;
  /** Failures that no baseline can hold. */
  readonly left: readonly string[];
}

function writeAnew({ book, ended, exit, file, head, left }: Writing): ExitCode {
  const shown = book.options.file;
  const why = whyNotWhole(ended);
  if (why !== undefined) return say(tallyError("baseline-incomplete", { file: shown, why }), exit);
  const update = updatedBaseline(book);
  if (update.lacking.length > 0) return say(tallyError("baseline-new", { file: shown, tests: update.lacking }), exit);
  try {
    writeWholeFile(file, baselineText(update.entries, head));
  } catch (cause) {
    throw notWritable(shown, cause);
  }
  const { added, changed, dropped, entries, kept } = update;
  const parts = [
    `${groupDigits(added)} new`,
    `${groupDigits(changed)} changed`,
    `${groupDigits(kept)} kept`,
    `${groupDigits(dropped)} dropped`,
  ];
  process.stderr.write(`${shown}: ${groupDigits(entries.length)} accepted (${parts.join(", ")})\n`);
  for (const id of left) process.stderr.write(`  not written: ${visible(id)}, whose records are drawn by the seed\n`);
  return exit;
}

function say(error: TallyError, exit: ExitCode): ExitCode {
  return strongestExit([exit, showError(error)]);
}

function whyNotWhole(ended: RunEnded | undefined): string | undefined {
  if (ended === undefined) return "the run broke off";
  if (ended.stopped !== undefined) return ended.stopped;
  if (ended.problem !== undefined) return `the run ended with ${ended.problem.code}`;
  return ended.error === 0 ? undefined : `${ended.error === 1 ? "1 test" : `${ended.error} tests`} could not be judged`;
}
