/** What a matrix is written to: the terminal, JSON, a page, a forge. Each is opened before anything is run, so that what cannot be written is known. */
import { join } from "node:path";
import { tallyError } from "../../kernel/errors.ts";
import { type MatrixFields, readMatrixFields } from "../../report/matrix/matrix-fields.ts";
import { writeMatrix } from "../../report/matrix/matrix-json.ts";
import { openMatrixPage } from "../../report/matrix/matrix-page.ts";
import { matrixLines } from "../../report/matrix/matrix-terminal.ts";
import { openWhole } from "../../report/output-file.ts";
import type { ReporterOptions, TextSink } from "../../report/reporter.ts";
import { emptyRunFolder } from "../../report/run-folder.ts";
import { paintWith } from "../../report/terminal/paint.ts";
import type { Arguments } from "../arguments.ts";
import { forgeOptions, forges, wantsColour } from "./run-reports.ts";
import type { SidesRun } from "./run-sides.ts";

type Outlet = (ran: SidesRun, fields: MatrixFields) => void | Promise<void>;

/** Opens all outlets; what comes back writes them. `root` is the contract's folder, `names` are those of the sides. */
export async function openOutlets(
  args: Arguments,
  names: readonly string[],
  root: string,
): Promise<(ran: SidesRun) => Promise<void>> {
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
  if (out !== undefined) {
    emptyRunFolder(out);
    outlets.push(jsonOutlet(join(out, "matrix.json")), pageOutlet(out, names));
  }
  if (!isOnStdout) outlets.unshift(terminalOutlet(args));
  // Where stdout is for a machine, the forge reads stderr just as well. What it opened closes around all others.
  outlets.push(...(await forgeOutlets(args, root, isOnStdout ? process.stderr : process.stdout)));
  return async (ran) => {
    const fields = await readMatrixFields(ran.result, ran.streams);
    for (const outlet of outlets) await outlet(ran, fields);
  };
}

async function forgeOutlets(args: Arguments, root: string, out: TextSink): Promise<Outlet[]> {
  const outlets: Outlet[] = [];
  const options: ReporterOptions = { out, ...forgeOptions(root) };
  for (const { name } of forges(args)) {
    if (name === "github") {
      const { matrixOnGithub } = await import("../../report/matrix/matrix-github.ts");
      const write = matrixOnGithub(options);
      outlets.push(({ exit, result }) => write(result, exit));
    } else {
      const { matrixOnGitlab } = await import("../../report/matrix/matrix-gitlab.ts");
      const write = matrixOnGitlab(options);
      outlets.push(({ result, streams }) => write(result, streams));
    }
  }
  return outlets;
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
