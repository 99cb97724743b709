/** One run of `tally test`, once its endpoint is chosen: opens the reports, starts what --start names, runs the suite. */
import { existsSync } from "node:fs";
import type { Contract } from "../../contract/contract.ts";
import type { Endpoint } from "../../endpoint/endpoint.ts";
import { type ExitCode, isTallyError, type Problem, tallyError } from "../../kernel/errors.ts";
import { tallyVersion } from "../../kernel/own-package.ts";
import type { WatchBoard } from "../../report/terminal/watch-board.ts";
import { runSuite } from "../../suite/run-suite.ts";
import { whyNothing } from "../../suite/selection.ts";
import type { Arguments } from "../arguments.ts";
import { splitSide } from "../side-name.ts";
import { OnlyCount } from "./left-by-only.ts";
import { withHistory } from "./past-runs.ts";
import type { RunBaseline } from "./run-baseline.ts";
import { FailureBooks, lastRuns, openRunFolder } from "./run-history.ts";
import { endedBeforeStart, holdEarlyLogs } from "./run-opening.ts";
import type { RunPlan } from "./run-plan.ts";
import { openReports, type RunReports } from "./run-reports.ts";
import { stateFolder } from "../state-folder.ts";
import { nothingStarted, startAndWait } from "./started-program.ts";
import { endpointKey, type Target } from "../target.ts";

/** The accepted failures, unless told otherwise. */
export const defaultBaseline = "tally.baseline.toml";

/** What is decided before the rest of a run is loaded. */
export interface ChosenRun {
  readonly args: Arguments;
  readonly contract: Contract;
  readonly target: Target;
  readonly plan: RunPlan;
  /** The endpoint, which may have been told to start; throws why there is none. */
  readonly endpoint: () => Endpoint;
  /** Takes over what the connector prints, from its first line on. */
  readonly listen: (hear: (text: string) => void) => void;
  /** Of --watch. */
  readonly board?: WatchBoard | undefined;
  /** Where this is one run of several that stand side by side. */
  readonly side?: RunSide;
}

/** One of several endpoints. */
export interface RunSide {
  readonly name: string;
  /** Instead of the reports that the flags ask for. */
  readonly openReports: (place: { readonly runFolder: string | undefined }) => Promise<RunReports>;
  /** Whether the program of --start is this side's. */
  readonly isStarted: boolean;
  /** The failures that are accepted on it. */
  readonly accepted: RunBaseline | undefined;
  /** Folders of the runs before all of these, newest first. */
  readonly past: readonly string[];
}

/** Runs the suite and gives the exit code. The endpoint is closed when this returns. */
export async function runOnce(chosen: ChosenRun, signal: AbortSignal): Promise<ExitCode> {
  const { args, contract, plan, target } = chosen;
  const at = new Date().toISOString();
  // The part of the second first, so that runs of one second stand in their order.
  const unique = Math.floor(((Number(at.slice(20, 23)) + Math.random()) / 1000) * 0x10000)
    .toString(16)
    .padStart(4, "0");
  const run = `${at.slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-")}-${unique}`;
  const state = stateFolder(contract.root, args);
  const { side } = chosen;
  const accepted = side === undefined ? await acceptedFailures(at, chosen) : side.accepted;
  const place = { root: contract.root, runFolder: openRunFolder(state, run), board: chosen.board };
  const reports = await (side?.openReports(place) ?? openReports(args, place));
  const books = new FailureBooks();
  const only = new OnlyCount();
  const watched = books.watch(withHistory(reports.emit, () => side?.past ?? lastRuns(state)));
  const emit = holdEarlyLogs(only.watch(accepted?.watch(watched) ?? watched));
  // What programs print goes the way of all events, once it is known which values must not be seen.
  let told = emit;
  const began = performance.now();
  let endpoint: Endpoint | undefined;
  let program = nothingStarted;
  let concluded: ExitCode;
  try {
    chosen.listen((text) => told({ type: "log", source: "connector", text }));
    endpoint = chosen.endpoint();
    if (whyNothing(plan.selection) === undefined)
      program = await startAndWait(endpoint, {
        command: side?.isStarted === false ? undefined : args.text("start"),
        ready: side?.isStarted === false ? undefined : args.text("ready"),
        waitMs: args.duration("wait"),
        log: (text) => told({ type: "log", source: "start", text }),
        signal,
      });
    const { role } = target;
    const fault = async (): Promise<Problem | undefined> => {
      for (const warning of only.warnings()) emit(warning);
      return (await program.fault()) ?? only.problem(process.env);
    };
    const result = await runSuite({
      ...plan,
      contract,
      endpoint,
      role,
      side: side?.name,
      run,
      at,
      tally: tallyVersion(),
      baseline: accepted?.baseline,
      emit,
      signal,
      fault,
      onRedacted: (redacted) => {
        told = redacted;
      },
    });
    books.save(state, plan.selection, endpointKey(target));
    concluded = result.exit;
  } catch (error) {
    if (!isTallyError(error)) throw error;
    const ms = performance.now() - began;
    if (signal.aborted && error.code === "endpoint-cancelled") {
      const exit = signal.reason === 143 ? 143 : 130;
      emit(endedBeforeStart({ exit, stopped: "interrupted" }, ms));
      return exit;
    }
    const { problem } = error;
    reports.silenceTerminal();
    emit(endedBeforeStart({ exit: problem.exit, problem }, ms));
    throw error;
  } finally {
    await endpoint?.close();
    await program.stop();
    await reports.end();
  }
  return accepted?.conclude(concluded) ?? concluded;
}

/** The baseline of the run; most have none, and load nothing for it. */
async function acceptedFailures(at: string, { args, contract, plan }: ChosenRun): Promise<RunBaseline | undefined> {
  const stated = statedBaseline(args);
  const path = stated ?? defaultBaseline;
  if (path === "off" && args.flag("update-baseline"))
    throw tallyError("flag-value", { flag: "--baseline", value: "off", expected: "a file, to be written" });
  if (path === "off" || (stated === undefined && !args.flag("update-baseline") && !existsSync(path))) return undefined;
  const { openBaseline } = await import("./run-baseline.ts");
  return openBaseline(path, at, args, { contract, plan });
}

/** `--baseline production=FILE` is also that of a single endpoint of this name. */
function statedBaseline(args: Arguments): string | undefined {
  const endpoint = args.isTyped("endpoint") ? (args.text("endpoint") ?? "") : "";
  const { name = endpoint } = splitSide(endpoint);
  const own = args
    .list("baseline")
    .map(splitSide)
    .find((one) => one.name !== undefined && one.name === name);
  return own?.address ?? args.text("baseline");
}
