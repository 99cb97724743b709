/**
 * The suite on several endpoints, one after the other: each is a run like any other, with its own stream. Comes in: sides and a plan.
 * Goes out: the folded matrix, the streams, the exit code that counts. What goes wrong with one side is said, and the others are run.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Contract } from "../../contract/contract.ts";
import { type ExitCode, isTallyError, tallyError } from "../../kernel/errors.ts";
import { openReporter } from "../../report/open-reporter.ts";
import { eventsFile } from "../../report/read-run.ts";
import type { Reporter } from "../../report/reporter.ts";
import { openRunFolder } from "../../report/run-folder.ts";
import { type ProgressLine } from "../../report/terminal/progress-line.ts";
import { strongestExit } from "../../verdict/exit-code.ts";
import { foldMatrix, type MatrixResult } from "../../verdict/fold-matrix.ts";
import type { RunEvent } from "../../verdict/run-event.ts";
import type { Arguments } from "../arguments.ts";
import { openAhead } from "./open-ahead.ts";
import { type RunSide, runOnce } from "./run-once.ts";
import type { RunPlan } from "./run-plan.ts";
import type { RunReports } from "./run-reports.ts";
import type { Side } from "./sides.ts";

export interface SidesRun {
  readonly result: MatrixResult;
  /** Events files of the sides. */
  readonly streams: readonly (string | undefined)[];
  readonly exit: ExitCode;
  /** Lets go of what was only written to be read once more. */
  readonly close: () => void;
}

export interface SidesOptions {
  readonly args: Arguments;
  readonly contract: Contract;
  readonly plan: RunPlan;
  readonly signal: AbortSignal;
  readonly progress: ProgressLine;
  /** Each side's own report goes into a folder of its name here. */
  readonly out: string | undefined;
}

/** Runs all sides; the reference first, so that its answers are there for the others. */
export async function runSides(sides: readonly Side[], options: SidesOptions): Promise<SidesRun> {
  const { args, contract, signal } = options;
  refuseStart(sides, args);
  const fold = foldMatrix(sides.map(({ name }) => name));
  const streams: (string | undefined)[] = sides.map(() => undefined);
  const exits: ExitCode[] = [];
  const made: string[] = [];
  // Where no run can be kept, its stream is still needed until the matrix is written.
  const temporary = (): string => {
    const folder = mkdtempSync(join(tmpdir(), "tally-run-"));
    made.push(folder);
    return folder;
  };
  const inOrder = [...sides.entries()].toSorted(([, a], [, b]) => rank(a) - rank(b));
  for (const [i, side] of inOrder) {
    if (signal.aborted) break;
    const opened = openAhead(side.target, contract, args);
    const reports: RunSide["openReports"] = async ({ runFolder }) => {
      streams[i] = join(runFolder ?? temporary(), eventsFile);
      return sideReports(side, streams[i], (event) => fold.add(i, event), options);
    };
    const own: RunSide = { name: side.name, openReports: reports, isStarted: isServed(side) };
    try {
      const plan = { ...options.plan, logAll: true };
      exits.push(await runOnce({ args, contract, target: side.target, plan, ...opened, side: own }, signal));
    } catch (error) {
      // Told in the stream already.
      if (!isTallyError(error)) throw error;
      exits.push(error.problem.exit);
    } finally {
      await opened.close();
    }
  }
  options.progress.stop();
  const stopped: ExitCode[] = signal.aborted ? [signal.reason === 143 ? 143 : 130] : [];
  const close = (): void => {
    for (const folder of made) rmSync(folder, { recursive: true, force: true });
  };
  return { result: fold.result(), streams, exit: strongestExit([...exits, ...stopped]), close };
}

function rank({ target }: Side): number {
  return target.role === "reference" ? 0 : 1;
}

/** What a program of --start may serve. */
function isServed({ target }: Side): boolean {
  return /^(https?:|unix:)/.test(target.address ?? "");
}

function refuseStart(sides: readonly Side[], args: Arguments): void {
  if (args.text("start") === undefined || sides.filter(isServed).length === 1) return;
  throw tallyError("side-flag", { flag: "--start", reason: "it is not clear which of them the program serves" });
}

/** The stream, the fold, the side's own report if one is wanted, and how far it is. */
async function sideReports(
  side: Side,
  stream: string | undefined,
  tell: (event: RunEvent) => void,
  { out, progress }: SidesOptions,
): Promise<RunReports> {
  const sink = { write: () => {} };
  const reporters: Reporter[] = [];
  if (stream !== undefined) reporters.push(await openReporter("ndjson", { out: sink, path: stream }));
  if (out !== undefined) reporters.push(await openRunFolder(join(out, side.name)));
  const seen = { planned: 0, judged: 0, failed: 0 };
  return {
    emit: (event) => {
      tell(event);
      for (const reporter of reporters) reporter.event(event);
      if (event.type === "test-planned") seen.planned += 1;
      if (event.type !== "test-judged") return;
      seen.judged += 1;
      if (event.verdict === "fail" || event.verdict === "error") seen.failed += 1;
      progress.show({ ...seen, current: `${side.name}: ${event.id}` });
    },
    silenceTerminal: () => {},
    end: async () => {
      for (const reporter of reporters) await reporter.end();
    },
  };
}
