/** One failure in full, as lines of a terminal. Comes in: a test with its verdict and exchanges. Goes out: lines. */
import type { Problem } from "../../kernel/errors.ts";
import type { RunResult } from "../../verdict/fold-run.ts";
import type { Clue, Exchange, TestFailure } from "../../verdict/run-event.ts";
import { type Failure, reasonText } from "../failure-groups.ts";
import { fieldRows, kindText, mismatchesOf, placeOf, unplacedMismatches } from "../field-rows.ts";
import { keepLine } from "../keep-line.ts";
import { clip, visible, visibleBlock, visibleJson, wrapText } from "../plain-text.ts";
import { curlLine, replayLine } from "../shell-line.ts";
import { inStageOrder, type StageDepths, stageDepths } from "../stage-order.ts";
import { fieldTable } from "./field-table.ts";
import type { Paint } from "./paint.ts";

export interface BlockOptions {
  readonly paint: Paint;
  readonly columns: number;
  readonly verbose: boolean;
  /** Address of the side under test, for `curl`. */
  readonly url: string | undefined;
  readonly side: "candidate" | "answer";
  readonly depths: StageDepths;
  /** Whether reference answers are to be expected: a candidate is under test. */
  readonly compared: boolean;
  readonly clues: readonly Clue[];
  /** The one failure whose block names what comes after replaying: more would only be noise. */
  readonly kept?: Failure | undefined;
}

/** What a run says about how its failures are shown. */
export function runBlockOptions(result: RunResult): Omit<BlockOptions, "paint" | "columns" | "verbose"> {
  const endpoints = result.started?.endpoints ?? [];
  const candidate = endpoints.find(({ role }) => role === "candidate");
  return {
    url: (candidate ?? endpoints[0])?.url,
    side: candidate === undefined ? "answer" : "candidate",
    depths: stageDepths(result.started?.operations ?? []),
    compared: candidate !== undefined,
    clues: result.ended?.clues ?? [],
  };
}

/** Lines of output, diff or detail shown at most. */
const maxLines = 20;
/** A longer curl line helps nobody on a terminal; the HTML report has it. */
const maxCurl = 400;

/** The block of one failure. */
export function failureBlock(failure: Failure, options: BlockOptions): string[] {
  const { plan, judged } = failure;
  const { paint, columns } = options;
  const mark = paint("red", judged.verdict === "error" ? "!" : "✗");
  const lines = wrapText(clip(visible(plan.id), 600), columns - 3).map(
    (line, at) => ` ${at === 0 ? mark : " "} ${paint("bold", line)}`,
  );
  lines.push(...aboutLines(failure, columns).map((line) => paint("dim", line)));
  if (judged.divergence !== undefined) {
    const place = visible(placeOf(judged.divergence.operation, judged.divergence.path));
    lines.push(`   first difference  ${paint("cyan", place)}`);
  }
  if (judged.fault !== undefined) lines.push(...faultLines(judged.fault, options));
  else if (judged.mismatches.length === 0 && judged.failures.length === 0)
    lines.push(`   ${visible(judged.note ?? reasonText(judged.reason))}`);
  else if (judged.note !== undefined) lines.push(`   ${visible(judged.note)}`);
  for (const exchange of stagesInOrder(failure, options)) lines.push(...exchangeLines(exchange, failure, options));
  const unplaced = unplacedMismatches(judged, failure.exchanges);
  if (unplaced.length > 0) lines.push(...unplaced.map((mismatch) => `   ${unplacedLine(mismatch)}`).slice(0, maxLines));
  for (const error of judged.failures) lines.push(...errorLines(error, judged.mismatches.length > 0, options));
  lines.push(...outputLines(judged.output, options), ...reproduceLines(failure, options));
  return lines;
}

function unplacedLine(mismatch: Failure["judged"]["mismatches"][number]): string {
  const values = `expected ${visible(mismatch.reference ?? "–")}, got ${visible(mismatch.candidate ?? kindText(mismatch.kind))}`;
  return `${visible(placeOf(mismatch.operation, mismatch.path))}: ${values}`;
}

/** What the fields below do not say. */
function aboutLines({ plan, judged }: Failure, columns: number): string[] {
  const parts = judged.mismatches.length > 0 && judged.reason === "mismatch" ? [] : [reasonText(judged.reason)];
  if (judged.level === "recommended") parts.push("recommended only");
  if (plan.bug !== undefined) parts.push(visible(plan.bug));
  return parts.length === 0 ? [] : wrapText(parts.join(" · "), columns - 3).map((line) => `   ${line}`);
}

/** Exchanges worth showing: those with a mismatch or a fault, and the stage where the sides part. */
function stagesInOrder(failure: Failure, options: BlockOptions): readonly Exchange[] {
  const { judged } = failure;
  const exchanges = inStageOrder(failure.exchanges, options.depths);
  if (options.verbose) return exchanges;
  const chosen = exchanges.filter(
    (exchange) =>
      mismatchesOf(exchange, judged, exchanges).length > 0 ||
      exchange.fault !== undefined ||
      exchange.operation === judged.divergence?.operation,
  );
  return (chosen.length > 0 ? chosen : exchanges).slice(0, 4);
}

function exchangeLines(exchange: Exchange, failure: Failure, options: BlockOptions): string[] {
  const { paint, columns } = options;
  const asked = exchange.asked === "stage" ? "  (stage before)" : "";
  const operation = visible(exchange.operation);
  const room = columns - operation.length - asked.length - 5;
  const lines = [
    `   ${paint("cyan", operation)}  ${clip(visibleJson(exchange.input.slice(0, 4 * room)), room)}${paint("dim", asked)}`,
  ];
  if (exchange.answer === undefined) return lines;
  const rows = fieldRows(exchange, mismatchesOf(exchange, failure.judged, failure.exchanges));
  lines.push(...fieldTable(rows, { paint, columns, all: options.verbose, side: options.side }));
  if (exchange.traceback !== undefined) lines.push(...boundedLines(exchange.traceback, "     ", columns));
  if (options.compared && exchange.reference === undefined) lines.push(paint("dim", "     reference: not recorded"));
  return lines;
}

function faultLines(fault: Problem, { paint, columns }: BlockOptions): string[] {
  const head = wrapText(`${fault.code}: ${visible(fault.message)}`, columns - 3);
  const lines = head.map((line) => `   ${paint("red", line)}`);
  lines.push(...wrapText(`hint: ${visible(fault.hint)}`, columns - 5).map((line) => `     ${line}`));
  if (fault.detail !== undefined)
    lines.push(...boundedLines(fault.detail, "     ", columns).map((line) => paint("dim", line)));
  return lines;
}

function errorLines(error: TestFailure, judgedByField: boolean, options: BlockOptions): string[] {
  const { paint, columns } = options;
  const lines: string[] = [];
  if (!judgedByField) {
    lines.push(...boundedLines(error.message, "   ", columns).map((line) => paint("red", line)));
    if (error.diff !== undefined)
      lines.push(...boundedLines(error.diff, "     ", columns).map((line) => diffInk(line, paint)));
  }
  if (error.frame !== undefined)
    lines.push(...boundedLines(error.frame, "   ", columns).map((line) => frameInk(line, paint)));
  if (error.at !== undefined) {
    lines.push(paint("dim", `   at ${visible(error.at.file)}:${error.at.line}:${error.at.column}`));
  }
  return lines;
}

function diffInk(line: string, paint: Paint): string {
  const start = line.trimStart();
  if (start.startsWith("-")) return paint("green", line);
  return start.startsWith("+") ? paint("red", line) : paint("dim", line);
}

function frameInk(line: string, paint: Paint): string {
  return line.trimStart().startsWith(">") ? line : paint("dim", line);
}

function outputLines(output: string | undefined, { paint, columns }: BlockOptions): string[] {
  if (output === undefined || output.trim() === "") return [];
  return [
    paint("dim", "   output"),
    ...boundedLines(output.trimEnd(), "     ", columns).map((line) => paint("dim", line)),
  ];
}

/** Text of several lines, each cut to the width, only so many of them. */
function boundedLines(text: string, margin: string, columns: number): string[] {
  const all = visibleBlock(text).replaceAll("\t", "  ").split("\n");
  const shown = all.slice(0, maxLines).map((line) => clip(`${margin}${line}`, columns));
  if (all.length > maxLines) shown.push(`${margin}… ${all.length - maxLines} more lines`);
  return shown;
}

function reproduceLines(failure: Failure, { compared, kept, paint, url }: BlockOptions): string[] {
  const { exchanges, judged } = failure;
  const lines: string[] = [];
  if (judged.failure !== undefined) lines.push(`   ${paint("dim", "reproduce")}  ${replayLine(judged.failure)}`);
  const at = judged.mismatches[0]?.exchange;
  const exchange = exchanges.find(({ n }) => n === at) ?? exchanges.find(({ asked }) => asked === "test");
  const curl =
    exchange === undefined || url === undefined ? undefined : curlLine(url, exchange.operation, exchange.input);
  if (curl !== undefined && curl.length <= maxCurl) lines.push(`   ${curl}`);
  const keep = failure === kept ? keepLine(failure, compared) : undefined;
  if (keep !== undefined) lines.push(`   ${paint("dim", "as a case")}  ${keep}`);
  return lines;
}
