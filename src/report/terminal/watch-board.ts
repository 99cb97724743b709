/**
 * The board of `tally test --watch`: where a port stands, what the last change did to it, what to look at next. Comes in: the
 * events of run after run. Goes out: lines, the same with and without a terminal. A run that a change cut short is not shown.
 */
import { foldRun, type RunResult } from "../../verdict/fold-run.ts";
import type { BoardField, RunEvent } from "../../verdict/run-event.ts";
import { barCells, percent } from "../number-text.ts";
import { clip, clipStart, displayWidth, groupDigits, padTo, plural, visible, wrapText } from "../plain-text.ts";
import type { Reporter, ReporterOptions } from "../reporter.ts";
import { placeOf } from "../field-rows.ts";
import { failureBlock, runBlockOptions } from "./failure-block.ts";
import { nextFailure } from "./next-failure.ts";
import { type Paint, paintWith } from "./paint.ts";
import { progressLine } from "./progress-line.ts";
import { changesBetween, type FieldChange, type RunChanges, type RunState, stateOf } from "./run-changes.ts";
import { summaryLines, warningLines } from "./summary-lines.ts";

const barWidth = 20;
/** Fields of an operation, and names in a list of changes: the board fits on a screen. */
const maxFields = 10;
const maxNames = 5;
/** Lines of the failure that is shown. */
const maxBlock = 16;

export class WatchBoard {
  #before: RunState | undefined;

  /** The reporter of the next run. */
  reporter(options: ReporterOptions): Reporter {
    const fold = foldRun();
    const columns = Math.max(40, options.columns ?? 80);
    const progress = progressLine({
      sink: options.progress,
      live: options.live === true,
      columns,
      heartbeatMs: options.heartbeatMs ?? 10_000,
    });
    const counts = { judged: 0, planned: 0, failed: 0 };
    return {
      event: (event) => {
        fold.add(event);
        count(event, counts);
        if (event.type === "test-judged") progress.show({ ...counts, current: event.id });
      },
      end: async () => {
        progress.stop();
        const result = fold.result();
        if (isCutShort(result)) return;
        // Where nothing was judged there is nothing to compare, and the run before stays the one that counts.
        const now = result.planned > result.unjudged ? stateOf(result) : undefined;
        const changes = now && this.#before && changesBetween(this.#before, now);
        this.#before = now ?? this.#before;
        const lines = boardText(result, changes, { paint: paintWith(options.colour === true), columns });
        options.out.write(`${lines.join("\n")}\n`);
      },
    };
  }
}

function count(event: RunEvent, counts: { judged: number; planned: number; failed: number }): void {
  if (event.type === "test-planned") counts.planned += 1;
  if (event.type !== "test-judged") return;
  counts.judged += 1;
  if (event.verdict === "fail" || event.verdict === "error") counts.failed += 1;
}

function isCutShort({ ended }: RunResult): boolean {
  return ended === undefined || (ended.problem === undefined && ended.stopped === "interrupted");
}

interface BoardStyle {
  readonly paint: Paint;
  readonly columns: number;
}

function boardText(result: RunResult, changes: RunChanges | undefined, style: BoardStyle): string[] {
  const { columns, paint } = style;
  const { ended, started } = result;
  const [endpoint] = started?.endpoints.toReversed() ?? [];
  const head = clip(` ${visible(started?.suite.name ?? "")}  ${visible(endpoint?.url ?? "")}`, columns);
  const next = nextFailure(result, changes?.broken ?? []);
  const block =
    next === undefined
      ? []
      : failureBlock(next.failure, { ...style, verbose: false, kept: next.failure, ...runBlockOptions(result) });
  const shown = block.length > maxBlock ? [...block.slice(0, maxBlock), paint("dim", "   …")] : block;
  const sections = [
    [paint("bold", head)],
    operationLines(ended?.board ?? [], changes?.fields ?? [], style),
    changes === undefined ? [] : changeLines(changes, style),
    next === undefined
      ? []
      : [...wrapText(`next: ${visible(next.why)}`, columns - 1).map((line) => paint("bold", ` ${line}`)), "", ...shown],
    warningLines(result.warnings, paint, columns),
    summaryLines(result, paint, columns),
  ];
  return sections
    .filter((section) => section.length > 0)
    .flatMap((section, at) => (at === 0 ? section : ["", ...section]));
}

function operationLines(board: readonly BoardField[], changed: readonly FieldChange[], style: BoardStyle): string[] {
  const width = Math.min(
    22,
    Math.max(0, ...board.map(({ field, operation }) => Math.max(displayWidth(field), displayWidth(operation) - 2))),
  );
  return [...Map.groupBy(board, ({ operation }) => operation)].flatMap(([operation, fields]) => {
    const name = padTo(clip(visible(operation), width + 2), width + 2);
    if (fields.every(({ implemented }) => !implemented))
      return [` ${name}  ${style.paint("yellow", "not implemented yet")}`];
    const open = fields.filter((field) => field.agree < field.compared);
    const done = fields.length - open.length;
    const head = ` ${name}  ${bar(done, fields.length, style.paint)}  ${done} of ${plural(fields.length, "field")} ${done === 1 ? "agrees" : "agree"}`;
    const rows = open.slice(0, maxFields).map((field) => {
      const change = changed.find((one) => one.operation === operation && one.field === field.field);
      return clip(
        `   ${padTo(clip(visible(field.field), width), width)}  ${fieldText(field, change, style.paint)}`,
        style.columns,
      );
    });
    const more = open.length - maxFields;
    return [head, ...rows, ...(more > 0 ? [style.paint("dim", `   … ${plural(more, "more field")}`)] : [])];
  });
}

function fieldText({ agree, compared }: BoardField, change: FieldChange | undefined, paint: Paint): string {
  const share = `${String(percent(agree, compared)).padStart(3)} %`;
  const counts = `${groupDigits(compared - agree)} of ${groupDigits(compared)} off`;
  const before =
    change === undefined ? "" : `  ${(change.to ?? 0) > (change.from ?? 0) ? "▲" : "▼"} ${shareText(change.from)}`;
  return `${bar(agree, compared, paint)}  ${share}  ${counts}${before}`;
}

function bar(part: number, whole: number, paint: Paint): string {
  const full = barCells(part, whole, barWidth);
  return paint(part === whole ? "green" : "yellow", "█".repeat(full)) + paint("dim", "░".repeat(barWidth - full));
}

function shareText(share: number | undefined): string {
  return share === undefined ? "–" : `${share} %`;
}

function changeLines({ added, broken, fields, fixed, gone }: RunChanges, { columns, paint }: BoardStyle): string[] {
  const named = (sign: string, ink: "green" | "red", what: string, names: readonly string[]): string[] => {
    if (names.length === 0) return [];
    const rows = names.slice(0, maxNames).map((name) => `     ${clipStart(visible(name), columns - 6)}`);
    const more = names.length > maxNames ? [paint("dim", `     … ${groupDigits(names.length - maxNames)} more`)] : [];
    return [`   ${paint(ink, sign)} ${what}`, ...rows, ...more];
  };
  const place = ({ field, from, operation, to }: FieldChange): string =>
    `${placeOf(operation, field)}  ${shareText(from)} → ${shareText(to)}`;
  const better = fields.filter(({ from, to }) => (to ?? -1) > (from ?? -1));
  const agreeing = better.filter(({ to }) => to === 100);
  const worse = fields.filter(({ from, to }) => (to ?? -1) < (from ?? -1));
  const lines = [
    ...named("✓", "green", `${plural(agreeing.length, "field agrees", "fields agree")} now`, agreeing.map(place)),
    ...named("✗", "red", `${plural(worse.length, "field agrees", "fields agree")} less`, worse.map(place)),
    ...named(
      "▲",
      "green",
      `${plural(better.length - agreeing.length, "field agrees", "fields agree")} more`,
      better.filter(({ to }) => to !== 100).map(place),
    ),
    ...named("✓", "green", `${plural(fixed.length, "test passes", "tests pass")} now`, fixed),
    ...named("✗", "red", `${plural(broken.length, "test fails", "tests fail")} now`, broken),
    ...(added > 0 ? [`   + ${plural(added, "new test")}`] : []),
    ...(gone > 0 ? [`   − ${plural(gone, "test is", "tests are")} no longer there`] : []),
  ];
  return [paint("bold", " since the run before"), ...(lines.length > 0 ? lines : ["   nothing changed"])];
}
