import type { Contract } from "../../contract/contract.ts";
import type { Endpoint } from "../../endpoint/endpoint.ts";
import { whyNothing } from "../../suite/selection.ts";
import type { Arguments } from "../arguments.ts";
import { openTarget, type Target } from "../target.ts";
import type { ChosenRun } from "./run-once.ts";
import type { RunPlan } from "./run-plan.ts";

/** An endpoint on its way. */
export interface Opened extends Pick<ChosenRun, "endpoint" | "listen"> {
  readonly close: () => Promise<void>;
}

/**
 * Opens the endpoint, and starts it when it is a connector of ours and there is something to ask it. What goes wrong is thrown when it
 * is asked for.
 */
export function openAhead(target: Target, contract: Contract, args: Arguments, { selection }: RunPlan): Opened {
  const early: string[] = [];
  let hear = (text: string): void => void early.push(text);
  let endpoint: Endpoint | undefined;
  let fault: unknown;
  try {
    endpoint = openTarget(target, contract, args, ({ text }) => hear(text));
    // Whoever waits for the start is told what went wrong with it.
    if (/^(py|node):/.test(endpoint.url) && whyNothing(selection) === undefined) endpoint.start().catch(() => {});
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
