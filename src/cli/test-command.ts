/** `tally test`: chooses the endpoint, starts what has to be started, runs the suite once or on every change. */
import { randomBytes, randomInt } from "node:crypto";
import { availableParallelism } from "node:os";
import { relative, sep } from "node:path";
import type { Contract } from "../contract/contract.ts";
import type { Endpoint } from "../endpoint/endpoint.ts";
import { type ExitCode, isTallyError, tallyError } from "../kernel/errors.ts";
import { tallyVersion } from "../kernel/own-package.ts";
import { runSuite } from "../suite/run-suite.ts";
import type { Selection } from "../suite/selection.ts";
import type { SuiteOptions } from "../suite/suite-run.ts";
import type { Arguments } from "./arguments.ts";
import { onSignals } from "./on-signals.ts";
import { openRunFolder, readLastFailed, saveLastFailed } from "./run-history.ts";
import { endedBeforeStart, holdEarlyLogs } from "./run-opening.ts";
import { openReports } from "./run-reports.ts";
import { startAndWait } from "./started-program.ts";
import { chooseTarget, openTarget, readContract } from "./target.ts";

export async function runTest(args: Arguments): Promise<ExitCode> {
  const stopping = new AbortController();
  onSignals((code) => stopping.abort(code));
  if (!args.flag("watch")) return runOnce(args, stopping.signal);
  const { watchSuite } = await import("./watch-suite.ts");
  return watchSuite(args, (signal) => runOnce(args, AbortSignal.any([stopping.signal, signal])), stopping.signal);
}

/** One run from contract to exit code. */
async function runOnce(args: Arguments, signal: AbortSignal): Promise<ExitCode> {
  const contract = readContract(args);
  const target = chooseTarget(contract, args, process.env);
  const plan = readPlan(args, contract);
  const at = new Date().toISOString();
  const run = `${at.slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-")}-${randomBytes(2).toString("hex")}`;
  const reports = await openReports(args, openRunFolder(contract.root, run));
  const emit = holdEarlyLogs(reports.emit);
  const began = performance.now();
  let endpoint: Endpoint | undefined;
  let stopProgram = async (): Promise<void> => {};
  try {
    endpoint = openTarget(target, contract, args, ({ text }) => emit({ type: "log", source: "connector", text }));
    stopProgram = await startAndWait(endpoint, {
      command: args.text("start"),
      ready: args.text("ready"),
      waitMs: args.duration("wait"),
      log: (text) => emit({ type: "log", source: "start", text }),
      signal,
    });
    const result = await runSuite({
      ...plan,
      contract,
      endpoint,
      role: target.role,
      run,
      at,
      tally: tallyVersion(),
      emit,
      signal,
    });
    saveLastFailed(contract.root, result.failed);
    return result.exit;
  } catch (error) {
    if (!isTallyError(error)) throw error;
    const ms = performance.now() - began;
    if (signal.aborted && error.code === "endpoint-cancelled") {
      const exit = signal.reason === 143 ? 143 : 130;
      emit(endedBeforeStart({ exit, stopped: "interrupted" }, ms));
      return exit;
    }
    const { problem } = error;
    emit(endedBeforeStart({ exit: problem.exit, problem }, ms));
    // The terminal's reporter has said it; where another one has taken stdout, stderr does.
    if (reports.hasTerminal) return problem.exit;
    throw error;
  } finally {
    await endpoint?.close();
    await stopProgram();
    await reports.end();
  }
}

type Plan = Omit<SuiteOptions, "contract" | "endpoint" | "role" | "run" | "at" | "tally" | "emit" | "signal">;

const defaultTestTimeoutMs = 30_000;
const defaultMaxTimeMs = 6 * 3600 * 1000;
const defaultGatherCheck = 32;

function readPlan(args: Arguments, contract: Contract): Plan {
  return {
    selection: readSelection(args, contract),
    seed: args.number("seed") ?? randomInt(1, 1_000_000),
    repeat: Math.max(1, args.number("repeat") ?? 1),
    callTimeoutMs: args.duration("timeout") ?? contract.endpoint.timeoutMs,
    testTimeoutMs: args.duration("test-timeout") ?? defaultTestTimeoutMs,
    maxTimeMs: args.duration("max-time") ?? defaultMaxTimeMs,
    batch: Math.max(1, args.number("batch") ?? contract.endpoint.batch),
    noGather: args.flag("no-gather"),
    gatherCheck: args.text("gather-check") === "off" ? 0 : (args.number("gather-check") ?? defaultGatherCheck),
    jobs: Math.max(1, args.number("jobs") ?? availableParallelism()),
    maxFailures: args.flag("fail-fast") ? 1 : (args.number("max-failures") ?? Number.POSITIVE_INFINITY),
    strict: args.flag("strict"),
    logAll: args.choice("log", ["failures", "all"]) === "all",
    showSensitive: args.flag("show-sensitive"),
  };
}

function readSelection(args: Arguments, { root }: Contract): Selection {
  const keyword = args.text("keyword");
  const shard = readShard(args.text("shard"));
  return {
    paths: args.positionals.map((path) => fromRoot(path, root)),
    tags: args.list("tag"),
    ...(keyword === undefined ? {} : { keyword }),
    ...(shard === undefined ? {} : { shard }),
    ...(args.flag("last-failed") ? { lastFailed: readLastFailed(root) } : {}),
  };
}

/** Paths are typed relative to the current folder and mean files below the contract's. */
function fromRoot(path: string, root: string): string {
  const found = relative(root, `${process.cwd()}${sep}${path}`).replaceAll(sep, "/");
  return found === "" ? "." : found;
}

function readShard(text: string | undefined): Selection["shard"] {
  if (text === undefined) return undefined;
  const [, index = "", total = ""] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const shard = { index: Number(index), total: Number(total) };
  if (index === "" || shard.index < 1 || shard.index > shard.total)
    throw tallyError("flag-value", { flag: "--shard", value: text, expected: "i/n with 1 ≤ i ≤ n" });
  return shard;
}
