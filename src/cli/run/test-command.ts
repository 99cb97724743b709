/**
 * `tally test`: chooses the endpoint, runs the suite once or on every change. Loads no more than is needed to start the
 * connector, which takes longer than all the rest; the rest is loaded meanwhile.
 */
import type { Contract } from "../../contract/contract.ts";
import type { Endpoint } from "../../endpoint/endpoint.ts";
import type { ExitCode } from "../../kernel/errors.ts";
import type { Arguments } from "../arguments.ts";
import { onSignals } from "../on-signals.ts";
import type { ChosenRun } from "./run-once.ts";
import { readPlan } from "./run-plan.ts";
import { chooseTarget, openTarget, readContract, type Target } from "../target.ts";

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
  const opened = openAhead(target, contract, args);
  try {
    const { runOnce: run } = await import("./run-once.ts");
    return await run({ args, contract, target, plan, ...opened }, signal);
  } finally {
    await opened.close();
  }
}

interface Opened extends Pick<ChosenRun, "endpoint" | "listen"> {
  readonly close: () => Promise<void>;
}

/** Opens the endpoint, and starts it when it is a connector of ours. What goes wrong is thrown when it is asked for. */
function openAhead(target: Target, contract: Contract, args: Arguments): Opened {
  const early: string[] = [];
  let hear = (text: string): void => void early.push(text);
  let endpoint: Endpoint | undefined;
  let fault: unknown;
  try {
    endpoint = openTarget(target, contract, args, ({ text }) => hear(text));
    // Whoever waits for the start is told what went wrong with it.
    if (/^(py|node):/.test(endpoint.url)) endpoint.start().catch(() => {});
  } catch (error) {
    fault = error;
  }
  return {
    endpoint: () => {
      if (endpoint === undefined) throw fault;
      return endpoint;
    },
    listen: (listener) => {
      hear = listener;
      for (const text of early.splice(0)) listener(text);
    },
    close: async () => endpoint?.close(),
  };
}
