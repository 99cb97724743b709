/** `tally test -e research=… -e production=…`: the same suite on each, and one matrix of what became of it. */
import type { Contract } from "../../contract/contract.ts";
import { type ExitCode, tallyError } from "../../kernel/errors.ts";
import { progressLine, type ProgressLine } from "../../report/terminal/progress-line.ts";
import type { Arguments } from "../arguments.ts";
import { openOutlets } from "./matrix-outlets.ts";
import { planRun } from "./run-plan.ts";
import { runSides } from "./run-sides.ts";
import { openSideBaselines } from "./side-baselines.ts";
import { readSides, refuseStart } from "./sides.ts";

/** Runs the suite on every side and shows the matrix. */
export async function runMatrix(args: Arguments, contract: Contract, signal: AbortSignal): Promise<ExitCode> {
  refuseFlags(args);
  const sides = readSides(args.list("endpoint"), contract);
  refuseStart(sides, args);
  const plan = await planRun(args, contract);
  const accepted = await openSideBaselines(sides, args, { contract, plan });
  const names = sides.map(({ name }) => name);
  const write = await openOutlets(args, names, contract.root);
  const ran = await runSides(sides, {
    args,
    contract,
    plan,
    accepted,
    signal,
    progress: matrixProgress(args),
    out: args.text("out"),
  });
  await write(ran);
  return ran.exit;
}

/** How far it is, for a person. */
export function matrixProgress(args: Arguments): ProgressLine {
  return progressLine({
    sink: args.flag("quiet") ? undefined : process.stderr,
    live: process.stderr.isTTY && process.env["CI"] === undefined,
    columns: process.stderr.columns ?? 80,
    heartbeatMs: 10_000,
  });
}

function refuseFlags(args: Arguments): void {
  const refuse = (flag: string, reason: string) => tallyError("side-flag", { flag, reason });
  if (args.text("attest") !== undefined) throw refuse("--attest", "it is about one endpoint, and a matrix has several");
  if (args.flag("update-baseline")) throw refuse("--update-baseline", "it is of one endpoint");
  for (const word of args.list("reporter")) {
    const [name = ""] = word.split("=");
    if (!["json", "html", "terminal", "github", "gitlab"].includes(name))
      throw refuse(`--reporter ${name}`, "each side has one of its own, which --out writes");
  }
}
