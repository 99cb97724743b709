/**
 * The suite on several endpoints, as many at the same time as there are jobs: each is a run like any other, with its own stream. Comes
 * in: sides and a plan. Goes out: the folded matrix, the streams, the exit code that counts. What goes wrong with one side is said, and
 * the others are run.
 */
import { join } from "node:path";
import type { Contract } from "../../contract/contract.ts";
import { type ExitCode, isTallyError } from "../../kernel/errors.ts";
import { HeldEvents, type SideStream } from "../../report/matrix/side-stream.ts";
import { openReporter } from "../../report/open-reporter.ts";
import { eventsFile } from "../../report/read-run.ts";
import type { Reporter } from "../../report/reporter.ts";
import { openRunFolder } from "../../report/run-folder.ts";
import { type ProgressLine } from "../../report/terminal/progress-line.ts";
import { strongestExit } from "../../verdict/exit-code.ts";
import { foldMatrix, type MatrixFold, type MatrixResult } from "../../verdict/fold-matrix.ts";
import type { RunEvent } from "../../verdict/run-event.ts";
import type { Arguments } from "../arguments.ts";
import { stateFolder } from "../state-folder.ts";
import { type Opened, openAhead } from "./open-ahead.ts";
import type { RunBaseline } from "./run-baseline.ts";
import { lastRuns } from "./run-history.ts";
import { type RunSide, runOnce } from "./run-once.ts";
import type { RunPlan } from "./run-plan.ts";
import type { RunReports } from "./run-reports.ts";
import { isServed, type Side } from "./sides.ts";

export interface SidesRun {
  readonly result: MatrixResult;
  /** In the order of the sides; undefined of one that never began. */
  readonly streams: readonly (SideStream | undefined)[];
  readonly exit: ExitCode;
}

export interface SidesOptions {
  readonly args: Arguments;
  readonly contract: Contract;
  readonly plan: RunPlan;
  readonly signal: AbortSignal;
  readonly progress: ProgressLine;
  /** By the name of a side: the failures that are accepted on it. */
  readonly accepted: ReadonlyMap<string, RunBaseline>;
  /** Each side's own report goes into a folder of its name here. */
  readonly out: string | undefined;
}

/** Runs all sides: the references first, so that their answers are there for the others; then the others at the same time. */
export async function runSides(sides: readonly Side[], options: SidesOptions): Promise<SidesRun> {
  const past = lastRuns(stateFolder(options.contract.root, options.args));
  const fold = foldMatrix(sides.map(({ name }) => name));
  const broken = new AbortController();
  const signal = AbortSignal.any([options.signal, broken.signal]);
  const running: Running = {
    ...options,
    signal,
    fold,
    past,
    seen: { planned: 0, judged: 0, failed: 0 },
    streams: sides.map(() => undefined),
    exits: [],
  };
  const { first, queues, lanes } = inTurn(sides, options.plan.jobs);
  const opened = new Map<number, Opened>();
  const open = (turn: Turn): Opened => {
    const found = opened.get(turn.at) ?? openAhead(turn.side.target, options.contract, options.args, options.plan);
    opened.set(turn.at, found);
    return found;
  };
  const lane = async (turns: Iterable<readonly Turn[]>, jobs: number): Promise<void> => {
    for (const queue of turns)
      for (const turn of queue) {
        if (signal.aborted) return;
        await runSide(turn, open(turn), jobs, running);
      }
  };
  try {
    const [reference] = first;
    if (reference !== undefined) open(reference);
    // A connector that takes seconds to load does so while the reference is asked.
    for (const [turn] of queues.slice(0, options.plan.jobs - 1)) if (first.length > 0 && turn) open(turn);
    await lane([first], options.plan.jobs);
    const waiting = queues.values();
    const jobs = Math.max(1, Math.floor(options.plan.jobs / Math.max(1, lanes)));
    const all = Array.from({ length: lanes }, () => lane(waiting, jobs));
    // What is wrong with us ends the others too, and is told when they have ended.
    for (const one of all) one.catch(() => broken.abort(130));
    const failed = (await Promise.allSettled(all)).find((one) => one.status === "rejected");
    if (failed) throw failed.reason;
  } finally {
    options.progress.stop();
    await Promise.all([...opened.values()].map((one) => one.close()));
  }
  const stopped: ExitCode[] = options.signal.aborted ? [options.signal.reason === 143 ? 143 : 130] : [];
  const { exits, streams } = running;
  return { result: fold.result(), streams, exit: strongestExit([...exits, ...stopped]) };
}

/** A side and its place among all. */
interface Turn {
  readonly side: Side;
  readonly at: number;
}

/** What the sides of one matrix share. */
interface Running extends SidesOptions {
  readonly fold: MatrixFold;
  readonly past: readonly string[];
  readonly seen: { planned: number; judged: number; failed: number };
  readonly streams: (SideStream | undefined)[];
  readonly exits: ExitCode[];
}

/** The references, one after the other; then queues that go at the same time: sides behind one address share one. */
function inTurn(sides: readonly Side[], jobs: number) {
  const turns = sides.map((side, at): Turn => ({ side, at }));
  const isReference = ({ side }: Turn): boolean => side.target.role === "reference";
  const others = turns.filter((turn) => !isReference(turn));
  const queues = [...Map.groupBy(others, ({ side }) => side.target.address).values()];
  return { first: turns.filter(isReference), queues, lanes: Math.min(jobs, queues.length) };
}

async function runSide({ at, side }: Turn, opened: Opened, jobs: number, running: Running): Promise<void> {
  const { accepted, args, contract, exits, fold, past, signal, streams } = running;
  const reports: RunSide["openReports"] = async ({ runFolder }) => {
    // Where no run can be kept, what it asked is still needed until the matrix is written.
    const stream = runFolder === undefined ? new HeldEvents() : join(runFolder, eventsFile);
    streams[at] = stream;
    return sideReports(side, stream, (event) => fold.add(at, event), running);
  };
  const { name, target } = side;
  const own = { name, openReports: reports, isStarted: isServed(side), accepted: accepted.get(name), past };
  try {
    const plan = { ...running.plan, logAll: true, jobs };
    exits.push(await runOnce({ args, contract, target, plan, ...opened, side: own }, signal));
  } catch (error) {
    // Told in the stream already.
    if (!isTallyError(error)) throw error;
    exits.push(error.problem.exit);
  } finally {
    await opened.close();
  }
}

/** The stream, the fold, the side's own report if one is wanted, and how far it is. */
async function sideReports(
  side: Side,
  stream: SideStream,
  tell: (event: RunEvent) => void,
  { out, progress, seen }: Running,
): Promise<RunReports> {
  const sink = { write: () => {} };
  const reporters: Reporter[] = [];
  if (typeof stream === "string") reporters.push(await openReporter("ndjson", { out: sink, path: stream }));
  if (out !== undefined) reporters.push(await openRunFolder(join(out, side.name)));
  return {
    emit: (event) => {
      tell(event);
      if (stream instanceof HeldEvents) stream.add(event);
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
