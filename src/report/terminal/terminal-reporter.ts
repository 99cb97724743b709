/**
 * A run on a terminal. Comes in: run events. Goes out: results to `out` (header, a line per file, failures, board, summary),
 * progress to `progress`. Everything the suite or the endpoint said is shown with nothing unseen in it.
 */
import { foldRun, type RunResult } from "../../verdict/fold-run.ts";
import type { DescriptionDifference, RunEvent, RunStarted } from "../../verdict/run-event.ts";
import { type Failure, failuresOf, isNotImplemented, shortHeadlineOf } from "../failure-groups.ts";
import { type FailureGroup, groupFailures } from "../failure-signature.ts";
import { keepLine } from "../keep-line.ts";
import { clip, clipStart, displayWidth, groupDigits, visible, wrapText } from "../plain-text.ts";
import type { Reporter, ReporterOptions } from "../reporter.ts";
import { boardLines } from "./board-lines.ts";
import { type BlockOptions, failureBlock, runBlockOptions } from "./failure-block.ts";
import { fileLines } from "./file-lines.ts";
import { knownLines } from "./known-lines.ts";
import { type Paint, paintWith } from "./paint.ts";
import { progressLine } from "./progress-line.ts";
import { summaryLines, warningLines } from "./summary-lines.ts";

/** Failures shown in full, unless all are asked for; the others get one line each, and so many of these. */
const maxBlocks = 10;
const maxOneLiners = 100;
/** Lines of what an endpoint describes otherwise. */
const maxDifferences = 20;

export function terminalReporter(options: ReporterOptions): Reporter {
  const paint = paintWith(options.colour === true);
  const columns = Math.max(40, options.columns ?? 80);
  const verbosity = options.verbosity ?? "normal";
  const fold = foldRun();
  const files = fileLines({ paint, columns, verbose: verbosity === "verbose" });
  const progress = progressLine({
    sink: verbosity === "quiet" ? undefined : options.progress,
    live: options.live === true,
    columns,
    heartbeatMs: options.heartbeatMs ?? 10_000,
  });
  const print = (lines: readonly string[]): void => {
    if (lines.length === 0) return;
    progress.clear();
    options.out.write(`${lines.join("\n")}\n`);
  };

  return {
    event: (event: RunEvent) => {
      fold.add(event);
      if (verbosity === "quiet") return;
      if (event.type === "run-started") print(headerLines(event, paint, columns));
      if (event.type === "test-planned") files.plan(event);
      if (event.type === "test-judged") print(files.judge(event));
      if (event.type === "test-judged" || event.type === "test-planned") progress.show(files.state(event.id));
    },
    end: async () => {
      progress.stop();
      const result = fold.result();
      if (verbosity !== "quiet") print(files.rest());
      print(endLines(result, { paint, columns, verbosity, html: options.html }));
    },
  };
}

function headerLines(event: RunStarted, paint: Paint, columns: number): string[] {
  const { suite, endpoints } = event;
  const digest = suite.digest.replace(/^(sha256:)?([0-9a-f]{12})[0-9a-f]*$/, "$1$2");
  const parts = [visible(suite.version ?? ""), visible(digest), `tally ${visible(event.tally)}`].filter(
    (part) => part !== "",
  );
  const lines = [` ${paint("bold", visible(suite.name))} ${paint("dim", parts.join(" · "))}`];
  for (const endpoint of endpoints) {
    const about = [endpoint.name, endpoint.version, endpoint.runtime].filter((part) => part !== undefined).map(visible);
    const address = ` ${endpoint.role.padEnd(9)}  ${visible(endpoint.url)}`;
    const whole = `${address}  ${about.join(" ")}`.trimEnd();
    if (displayWidth(whole) <= columns) lines.push(whole);
    else lines.push(clip(address, columns), clip(`            ${about.join(" ")}`, columns));
  }
  if (event.selection.length > 0) lines.push(clip(` selection  ${event.selection.map(visible).join(" ")}`, columns));
  return [...lines, ...differenceLines(event.differences ?? [], paint, columns), ""];
}

/** One block before any value is compared: each line may be the cause of many failures. */
function differenceLines(differences: readonly DescriptionDifference[], paint: Paint, columns: number): string[] {
  if (differences.length === 0) return [];
  const rows = differences.map(({ contract, endpoint, field, operation, side }) => ({
    place: visible(field === undefined ? operation : `${operation} ${side} ${field}`),
    words: `contract: ${visible(contract)}, endpoint: ${visible(endpoint)}`,
  }));
  const width = Math.min(40, Math.max(...rows.map(({ place }) => displayWidth(place))));
  return [
    "",
    ` ${paint("bold", "The endpoint describes itself otherwise than the contract:")}`,
    ...rows
      .slice(0, maxDifferences)
      .map(({ place, words }) =>
        clip(`   ${place}${" ".repeat(Math.max(0, width - displayWidth(place)))}  ${words}`, columns),
      ),
    ...(rows.length > maxDifferences ? [`   … ${rows.length - maxDifferences} more`] : []),
  ];
}

interface EndOptions {
  readonly paint: Paint;
  readonly columns: number;
  readonly verbosity: "quiet" | "normal" | "verbose";
  readonly html: string | undefined;
}

function endLines(result: RunResult, options: EndOptions): string[] {
  const { paint, columns, verbosity } = options;
  const failures = failuresOf(result.tests);
  const missing = failures.filter(isNotImplemented);
  const shown = failures.filter((failure) => !isNotImplemented(failure));
  const waiting = new Map(
    [...Map.groupBy(missing, operationOf)].map(([operation, tests]) => [operation, tests.length]),
  );
  const blocks = failureLines(
    shown,
    { paint, columns, verbose: verbosity === "verbose", ...runBlockOptions(result) },
    verbosity,
  );
  const sections = [
    blocks,
    verbosity === "quiet" ? [] : knownLines(result.tests, { paint, columns, verbose: verbosity === "verbose" }),
    boardLines(result.ended?.board ?? [], waiting, paint),
    (result.ended?.board ?? []).length === 0
      ? missing.slice(0, maxOneLiners).map((failure) => oneLine(failure, paint, columns))
      : [],
    verbosity === "quiet" ? [] : warningLines(result.warnings, paint, columns),
    summaryLines(result, paint, columns),
  ];
  const lines = sections.flatMap((section) => (section.length === 0 ? [] : [""].concat(section)));
  if (options.html !== undefined) lines.push(` report  ${visible(options.html)}`);
  return verbosity === "quiet" && lines[0] === "" ? lines.slice(1) : lines;
}

/** The operation a not-implemented test waits for: the one it names, or the one its note begins with. */
function operationOf({ judged, exchanges }: Failure): string {
  const [mismatch] = judged.mismatches;
  return (
    mismatch?.operation ??
    judged.divergence?.operation ??
    exchanges.at(-1)?.operation ??
    judged.note?.split(" ")[0] ??
    ""
  );
}

function failureLines(
  failures: readonly Failure[],
  options: BlockOptions,
  verbosity: EndOptions["verbosity"],
): string[] {
  const { paint, columns } = options;
  if (verbosity === "quiet") return failures.slice(0, maxOneLiners).map((failure) => oneLine(failure, paint, columns));
  const isKept = (failure: Failure): boolean => keepLine(failure, options.compared) !== undefined;
  if (options.verbose || failures.length <= maxBlocks) {
    const kept = failures.find(isKept);
    return spaced(failures.map((failure) => failureBlock(failure, { ...options, kept })));
  }
  const groups = groupFailures(failures, options.clues);
  const full = representatives(groups.map((group) => group.failures));
  const kept = groups.flatMap((group) => group.failures).find((failure) => full.has(failure) && isKept(failure));
  let oneLiners = 0;
  const parts = groups.map((group) => {
    const blocks = group.failures
      .filter((failure) => full.has(failure))
      .map((failure) => failureBlock(failure, { ...options, kept }));
    const others = group.failures.filter((failure) => !full.has(failure));
    const lines = others
      .slice(0, Math.max(0, maxOneLiners - oneLiners))
      .map((failure) => oneLine(failure, paint, columns));
    oneLiners += lines.length;
    if (lines.length < others.length)
      lines.push(paint("dim", `   … ${groupDigits(others.length - lines.length)} more (-v shows all)`));
    const title = group.failures.length > 1 ? titleLines(group, columns).map((line) => paint("bold", line)) : [];
    return spaced([title, ...blocks, lines].filter((part) => part.length > 0));
  });
  return spaced(parts);
}

function titleLines({ failures, title }: FailureGroup, columns: number): string[] {
  return wrapText(`${groupDigits(failures.length)} tests: ${visible(title)}`, columns - 1).map((line) => ` ${line}`);
}

/** Up to `maxBlocks` failures: one of each group in turn, so that no cause goes unseen. */
function representatives(groups: readonly (readonly Failure[])[]): ReadonlySet<Failure> {
  const chosen = new Set<Failure>();
  for (let round = 0; chosen.size < maxBlocks && groups.some((group) => round < group.length); round++) {
    for (const group of groups) {
      const failure = group[round];
      if (failure !== undefined && chosen.size < maxBlocks) chosen.add(failure);
    }
  }
  return chosen;
}

function spaced(parts: readonly (readonly string[])[]): string[] {
  return parts.flatMap((part, at) => (at === 0 ? part : ["", ...part]));
}

/** The end of the test's name says more than its start, and what went wrong more than both. */
function oneLine(failure: Failure, paint: Paint, columns: number): string {
  const id = failure.judged.failure ?? "";
  const room = columns - id.length - 6;
  const headline = clip(visible(shortHeadlineOf(failure)), Math.floor(room * 0.6));
  const name = clipStart(visible(failure.plan.id), room - displayWidth(headline));
  return ` ${paint("red", failure.judged.verdict === "error" ? "!" : "✗")} ${paint("dim", id)} ${name}  ${headline}`;
}
