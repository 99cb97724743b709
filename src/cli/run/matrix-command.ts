/** `tally test -e research=… -e production=…`: the same suite on each, and one matrix of what became of it. */
import { join } from "node:path";
import type { Contract } from "../../contract/contract.ts";
import { type ExitCode, tallyError } from "../../kernel/errors.ts";
import { type MatrixFields, readMatrixFields } from "../../report/matrix/matrix-fields.ts";
import { writeMatrix } from "../../report/matrix/matrix-json.ts";
import { openMatrixPage } from "../../report/matrix/matrix-page.ts";
import { matrixLines } from "../../report/matrix/matrix-terminal.ts";
import { openWhole } from "../../report/output-file.ts";
import { paintWith } from "../../report/terminal/paint.ts";
import { progressLine, type ProgressLine } from "../../report/terminal/progress-line.ts";
import type { Arguments } from "../arguments.ts";
import { planRun } from "./run-plan.ts";
import { wantsColour } from "./run-reports.ts";
import { runSides, type SidesRun } from "./run-sides.ts";
import { readSides } from "./sides.ts";

/** Runs the suite on every side and shows the matrix. */
export async function runMatrix(args: Arguments, contract: Contract, signal: AbortSignal): Promise<ExitCode> {
  refuseFlags(args);
  const sides = readSides(args.list("endpoint"), contract);
  const write = openOutlets(
    args,
    sides.map(({ name }) => name),
  );
  const ran = await runSides(sides, {
    args,
    contract,
    plan: await planRun(args, contract),
    signal,
    progress: matrixProgress(args),
    out: args.text("out"),
  });
  try {
    await write(ran);
  } finally {
    ran.close();
  }
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
  if (args.flag("watch")) throw refuse("--watch", "a matrix is of one moment");
  if (args.isTyped("baseline") && args.text("baseline") !== "off")
    throw refuse("--baseline", "it is of one endpoint, and a matrix shows each as it is");
  if (args.text("attest") !== undefined) throw refuse("--attest", "it is about one endpoint, and a matrix has several");
  if (args.flag("update-baseline")) throw refuse("--update-baseline", "it is of one endpoint");
  for (const word of args.list("reporter")) {
    const [name = ""] = word.split("=");
    if (!["json", "html", "terminal", "github", "gitlab"].includes(name))
      throw refuse(`--reporter ${name}`, "each side has one of its own, which --out writes");
  }
}

type Outlet = (ran: SidesRun, fields: MatrixFields) => void;

/** Opens what will be written, so that it is known to be writable before anything runs. */
function openOutlets(args: Arguments, names: readonly string[]): (ran: SidesRun) => Promise<void> {
  const out = args.text("out");
  const outlets: Outlet[] = [];
  let isOnStdout = false;
  const words = [...args.list("reporter"), ...(args.flag("json") ? ["json"] : [])];
  for (const word of words) {
    const [name, path] = splitOnce(word);
    if (name === "json") outlets.push(jsonOutlet(path));
    if (name === "json" && path === undefined) isOnStdout = true;
    if (name !== "html") continue;
    if (path === undefined) throw tallyError("reporter-path", { name });
    outlets.push(pageOutlet(path, []));
  }
  if (out !== undefined) outlets.push(jsonOutlet(join(out, "matrix.json")), pageOutlet(out, names));
  if (!isOnStdout) outlets.unshift(terminalOutlet(args));
  return async (ran) => {
    const fields = await readMatrixFields(ran.result, ran.streams);
    for (const outlet of outlets) outlet(ran, fields);
  };
}

function splitOnce(word: string): readonly [string, string | undefined] {
  const at = word.indexOf("=");
  return at === -1 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

function jsonOutlet(path: string | undefined): Outlet {
  const file = path === undefined ? undefined : openWhole(path);
  return ({ exit, result }, fields) => {
    writeMatrix(result, fields, exit, file ?? process.stdout);
    file?.close();
  };
}

function pageOutlet(folder: string, reports: readonly string[]): Outlet {
  const write = openMatrixPage(folder);
  return ({ result }, fields) => write(result, fields, reports);
}

function terminalOutlet(args: Arguments): Outlet {
  const out = args.text("out");
  return ({ result }, fields) => {
    const lines = matrixLines(result, fields, {
      paint: paintWith(wantsColour(args, process.stdout)),
      columns: Math.max(40, process.stdout.columns ?? 80),
      verbosity: args.flag("quiet") ? "quiet" : args.flag("verbose") ? "verbose" : "normal",
      html: out === undefined ? undefined : join(out, "index.html"),
    });
    process.stdout.write(`${lines.join("\n")}\n`);
  };
}
