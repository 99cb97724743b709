/** The flags of `tally test` that say how a run goes. */
import { availableParallelism } from "node:os";
import type { Contract } from "../../contract/contract.ts";
import { tallyError } from "../../kernel/errors.ts";
import { keywordFault, type Selection, whyNothing } from "../../suite/selection.ts";
import type { SuiteOptions } from "../../suite/suite-run.ts";
import type { Arguments } from "../arguments.ts";
import { isDelivered, stateFolder } from "../state-folder.ts";
import { readLastFailed } from "./run-history.ts";
import { chooseTarget, endpointKey } from "../target.ts";
import { deliveredPath, selectedPath } from "./selected-path.ts";
import { asksSeveral } from "./sides.ts";

/** What a run is asked for, apart from what it runs against and who listens. */
export type RunPlan = Omit<
  SuiteOptions,
  "baseline" | "contract" | "endpoint" | "role" | "run" | "at" | "tally" | "emit" | "signal" | "fault"
>;

/** How long one test, or the loading of its file, may take unless told. */
/** What a test gets beyond the time of one call: a call that is too slow must be the one to say so. */
export const defaultTestTimeoutMs = 30_000;
const defaultMaxTimeMs = 6 * 3600 * 1000;
const defaultGatherCheck = 32;

/** Reads the flags of a run, and what they are held against; throws a TallyError at the first that makes no sense. */
export async function planRun(args: Arguments, contract: Contract): Promise<RunPlan> {
  const plan = readPlan(args, contract);
  const selection = await selectTests(plan.selection, args, contract);
  const nothing = whyNothing(selection);
  if (nothing !== undefined && !args.flag("quiet")) {
    const { visible } = await import("../../report/plain-text.ts");
    process.stderr.write(`${visible(nothing)}: no endpoint is asked\n`);
  }
  return { ...plan, selection };
}

/** The selection, less what `--changed-since` says is as it was. */
export async function selectTests(selection: Selection, args: Arguments, contract: Contract): Promise<Selection> {
  const since = args.text("changed-since");
  if (since === undefined) return selection;
  const { selectChanged } = await import("../changes/select-changed.ts");
  return selectChanged(selection, since, contract, args);
}

function readPlan(args: Arguments, contract: Contract): RunPlan {
  const callTimeoutMs = args.duration("timeout") ?? contract.endpoint.timeoutMs;
  return {
    selection: readSelection(args, contract, askedEndpoint(args, contract)),
    seed: args.number("seed") ?? 1 + Math.floor(Math.random() * 999_999),
    repeat: args.number("repeat", 1) ?? 1,
    callTimeoutMs,
    testTimeoutMs: args.duration("test-timeout") ?? callTimeoutMs + defaultTestTimeoutMs,
    maxTimeMs: args.duration("max-time") ?? defaultMaxTimeMs,
    batch: args.number("batch", 1) ?? contract.endpoint.batch,
    noGather: args.flag("no-gather"),
    gatherCheck: args.text("gather-check") === "off" ? 0 : (args.number("gather-check") ?? defaultGatherCheck),
    jobs: args.number("jobs", 1) ?? availableParallelism(),
    maxFailures: args.flag("fail-fast") ? 1 : (args.number("max-failures", 1) ?? Number.POSITIVE_INFINITY),
    strict: args.flag("strict"),
    logAll: args.choice("log", ["failures", "all"]) === "all",
    showSensitive: args.flag("show-sensitive"),
  };
}

/** Which tests the flags and paths select. */
export function readSelection(args: Arguments, { root }: Contract, endpoint?: string): Selection {
  const keyword = args.text("keyword");
  const fault = keyword === undefined ? undefined : keywordFault(keyword);
  if (fault !== undefined) throw tallyError("flag-value", { flag: "-k", value: keyword ?? "", expected: fault });
  // Of a suite that was delivered nobody knows where it lies: paths are its own.
  const isElsewhere = isDelivered(root, args);
  const shard = readShard(args.text("shard"));
  return {
    paths: args.positionals.map((path) => (isElsewhere ? deliveredPath(path) : selectedPath(path, root))),
    tags: args.list("tag"),
    ...(keyword === undefined ? {} : { keyword }),
    ...(shard === undefined ? {} : { shard }),
    ...(args.text("bug") === undefined ? {} : { bugs: args.list("bug") }),
    ...(args.flag("last-failed") ? { lastFailed: readLastFailed(stateFolder(root, args), endpoint) } : {}),
  };
}

/** Whose failures `--last-failed` repeats; of several endpoints those of all. */
function askedEndpoint(args: Arguments, contract: Contract): string | undefined {
  return args.flag("last-failed") && !asksSeveral(args)
    ? endpointKey(chooseTarget(contract, args, process.env))
    : undefined;
}

function readShard(text: string | undefined): Selection["shard"] {
  if (text === undefined) return undefined;
  const [, index = "", total = ""] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const shard = { index: Number(index), total: Number(total) };
  if (index === "" || shard.index < 1 || shard.index > shard.total)
    throw tallyError("flag-value", { flag: "--shard", value: text, expected: "i/n with 1 ≤ i ≤ n" });
  return shard;
}
