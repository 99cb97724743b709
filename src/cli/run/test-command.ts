/**
 * `tally test`: chooses the endpoint, runs the suite once or on every change. Loads no more than is needed to start the
 * connector, which takes longer than all the rest; the rest is loaded meanwhile.
 */
import { type ExitCode, tallyError } from "../../kernel/errors.ts";
import type { WatchBoard } from "../../report/terminal/watch-board.ts";
import type { Arguments } from "../arguments.ts";
import { onSignals } from "../on-signals.ts";
import { openAhead } from "./open-ahead.ts";
import { planRun } from "./run-plan.ts";
import { chooseTarget, readContract } from "../target.ts";
import { asksSeveral } from "./sides.ts";

export async function runTest(args: Arguments): Promise<ExitCode> {
  const stopping = new AbortController();
  onSignals((code) => stopping.abort(code));
  if (args.flag("watch") && asksSeveral(args))
    throw tallyError("side-flag", { flag: "--watch", reason: "a matrix is of one moment" });
  if (!args.flag("watch")) return runOnce(args, stopping.signal);
  const { watchSuite } = await import("./watch-suite.ts");
  return watchSuite(
    args,
    (signal, board) => runOnce(args, AbortSignal.any([stopping.signal, signal]), board),
    stopping.signal,
  );
}

/** One run from contract to exit code. */
async function runOnce(args: Arguments, signal: AbortSignal, board?: WatchBoard): Promise<ExitCode> {
  const contract = readContract(args);
  if (asksSeveral(args)) {
    const { runMatrix } = await import("./matrix-command.ts");
    return runMatrix(args, contract, signal);
  }
  const target = chooseTarget(contract, args, process.env);
  const plan = await planRun(args, contract);
  const opened = openAhead(target, contract, args, plan);
  try {
    const { runOnce: run } = await import("./run-once.ts");
    return await run({ args, contract, target, plan, board, ...opened }, signal);
  } finally {
    await opened.close();
  }
}
