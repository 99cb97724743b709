/** From flags to the reporters of one run: the terminal unless another takes stdout, a run folder, --out. */
import { join } from "node:path";
import { openReporter } from "../report/open-reporter.ts";
import type { Reporter, ReporterOptions } from "../report/reporter.ts";
import type { RunEvent } from "../verdict/run-event.ts";
import type { Arguments } from "./arguments.ts";

export interface RunReports {
  readonly emit: (event: RunEvent) => void;
  /** Called before anything was shown: the terminal shows nothing, for stderr says why there was no run. */
  readonly silenceTerminal: () => void;
  readonly end: () => Promise<void>;
}

/** Opens all reporters before the run begins, so that a wrong name or folder costs nothing. */
export async function openReports(args: Arguments, runFolder: string | undefined): Promise<RunReports> {
  const colour = wantsColour(args, process.stdout);
  const out = args.text("out");
  const common: ReporterOptions = {
    out: process.stdout,
    progress: process.stderr,
    live: process.stderr.isTTY && process.env["CI"] === undefined,
    colour,
    columns: process.stdout.columns ?? 80,
    verbosity: args.flag("quiet") ? "quiet" : args.flag("verbose") ? "verbose" : "normal",
    ...(out === undefined ? {} : { html: join(out, "index.html") }),
  };
  const reporters: Reporter[] = [];
  const terminals = new Set<Reporter>();
  for (const { name, path } of wanted(args)) {
    const reporter = await openReporter(name, path === undefined ? common : { ...common, path });
    reporters.push(reporter);
    if (name === "terminal" && path === undefined) terminals.add(reporter);
  }
  if (out !== undefined) reporters.push(await (await import("../report/run-folder.ts")).openRunFolder(out));
  if (runFolder !== undefined)
    reporters.push(await openReporter("ndjson", { out: process.stdout, path: join(runFolder, "events.ndjson") }));
  let isSilent = false;
  let isShown = false;
  const heard = (): Reporter[] => (isSilent ? reporters.filter((reporter) => !terminals.has(reporter)) : reporters);
  return {
    silenceTerminal: () => {
      isSilent = !isShown;
    },
    emit: (event) => {
      isShown = true;
      for (const reporter of heard()) reporter.event(event);
    },
    end: async () => {
      for (const reporter of heard()) await reporter.end();
    },
  };
}

interface Wanted {
  readonly name: string;
  readonly path: string | undefined;
}

function wanted(args: Arguments): Wanted[] {
  const named = [...args.list("reporter"), ...(args.flag("json") ? ["json"] : [])].map((word): Wanted => {
    const at = word.indexOf("=");
    return at === -1 ? { name: word, path: undefined } : { name: word.slice(0, at), path: word.slice(at + 1) };
  });
  const stdoutTaken = named.some(({ path }) => path === undefined);
  return stdoutTaken ? named : [{ name: "terminal", path: undefined }, ...named];
}

/** `--color` > NO_COLOR > FORCE_COLOR > whether a person is looking. */
export function wantsColour(args: Arguments, stream: { readonly isTTY?: boolean }): boolean {
  const choice = args.choice("color", ["auto", "always", "never"]) ?? "auto";
  if (choice !== "auto") return choice === "always";
  if (process.env["NO_COLOR"]) return false;
  return process.env["FORCE_COLOR"] ? process.env["FORCE_COLOR"] !== "0" : stream.isTTY === true;
}
