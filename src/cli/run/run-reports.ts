/** From flags to the reporters of one run: the terminal unless another takes stdout, a run folder, --out. */
import { join, relative, sep } from "node:path";
import { openReporter } from "../../report/open-reporter.ts";
import type { Reporter, ReporterOptions } from "../../report/reporter.ts";
import type { WatchBoard } from "../../report/terminal/watch-board.ts";
import type { RunEvent } from "../../verdict/run-event.ts";
import type { Arguments } from "../arguments.ts";

export interface RunReports {
  readonly emit: (event: RunEvent) => void;
  /** Called before anything was shown: the terminal shows nothing, for stderr says why there was no run. */
  readonly silenceTerminal: () => void;
  readonly end: () => Promise<void>;
}

/** Where a run keeps its files. */
export interface RunPlace {
  /** The contract's folder. */
  readonly root: string;
  /** Undefined where nothing can be written. */
  readonly runFolder: string | undefined;
  /** Of --watch: shows a run in place of the terminal's results. */
  readonly board?: WatchBoard | undefined;
}

/** Opens all reporters before the run begins, so that a wrong name or folder costs nothing. */
export async function openReports(args: Arguments, { board, root, runFolder }: RunPlace): Promise<RunReports> {
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
  const names = wanted(args);
  const onStdout = names.find(({ path }) => path === undefined);
  // Where stdout is for a machine, the forge reads stderr just as well.
  const forge = { ...common, ...forgeOptions(root), ...(onStdout?.name === "terminal" ? {} : { out: process.stderr }) };
  for (const { name, path } of [...names, ...forges(args)]) {
    const base = isForge(name) ? forge : common;
    const isShown = name === "terminal" && path === undefined;
    const shows = isShown && !args.flag("quiet") ? board : undefined;
    const reporter =
      shows?.reporter(common) ?? (await openReporter(name, path === undefined ? base : { ...base, path }));
    reporters.push(reporter);
    if (isShown) terminals.add(reporter);
  }
  if (out !== undefined) reporters.push(await (await import("../../report/run-folder.ts")).openRunFolder(out));
  const attestation = args.text("attest");
  if (attestation !== undefined) reporters.push((await import("./attest-run.ts")).openAttestation(attestation, args));
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

function named(args: Arguments): Wanted[] {
  return [...args.list("reporter"), ...(args.flag("json") ? ["json"] : [])].map((word): Wanted => {
    const at = word.indexOf("=");
    return at === -1 ? { name: word, path: undefined } : { name: word.slice(0, at), path: word.slice(at + 1) };
  });
}

function wanted(args: Arguments): Wanted[] {
  const own = named(args).filter(({ name }) => !isForge(name));
  const stdoutTaken = own.some(({ path }) => path === undefined);
  return stdoutTaken ? own : [{ name: "terminal", path: undefined }, ...own];
}

/** Reporters that stand beside the one on stdout. */
function isForge(name: string): boolean {
  return name === "github" || name === "gitlab";
}

/** Those that were asked for, and the one whose job this is. They come last: what they open closes around the others. */
export function forges(args: Arguments): Wanted[] {
  const names = new Set(named(args).flatMap(({ name }) => (isForge(name) ? [name] : [])));
  if (process.env["GITHUB_ACTIONS"] === "true") names.add("github");
  if (process.env["GITLAB_CI"] === "true") names.add("gitlab");
  return [...names].map((name) => ({ name, path: undefined }));
}

/** Annotations name files from the repository's root. */
export function forgeOptions(root: string): Pick<ReporterOptions, "summary" | "sourceFolder"> {
  const { GITHUB_STEP_SUMMARY: summary, GITHUB_WORKSPACE: workspace } = process.env;
  const folder = relative(workspace ?? process.cwd(), root).replaceAll(sep, "/");
  return { ...(summary ? { summary } : {}), ...(folder.startsWith("..") ? {} : { sourceFolder: folder }) };
}

/** `--color` > NO_COLOR > FORCE_COLOR > whether a person is looking. */
export function wantsColour(args: Arguments, stream: { readonly isTTY?: boolean }): boolean {
  const choice = args.choice("color", ["auto", "always", "never"]) ?? "auto";
  if (choice !== "auto") return choice === "always";
  if (process.env["NO_COLOR"]) return false;
  return process.env["FORCE_COLOR"] ? process.env["FORCE_COLOR"] !== "0" : stream.isTTY === true;
}
