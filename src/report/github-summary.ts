/**
 * A run as the Markdown summary of a step. Comes in: a folded run. Goes out: text appended to the file that GitHub names, as
 * other programs of the step append theirs; all of it stays below GitHub's limit.
 */
import { appendFileSync, existsSync, statSync } from "node:fs";
import { type RunResult } from "../verdict/fold-run.ts";
import { type Failure, failuresOf, headlineOf, worstFirst } from "./failure-groups.ts";
import { verdictSentence } from "./html/overview.ts";
import { groupDigits, visible } from "./plain-text.ts";
import { failureBlock, runBlockOptions } from "./terminal/failure-block.ts";

/** Bytes; GitHub drops a whole summary of more than 1 MiB. */
const maxBytes = 900_000;
/** Failures shown in full. */
const maxBlocks = 50;
const maxBlock = 10_000;

/** Adds a text of at most so many bytes to a summary. A file that cannot be written is done without: the terminal has said it all. */
export function appendSummary(path: string, make: (room: number) => string): void {
  try {
    const room = maxBytes - (existsSync(path) ? statSync(path).size : 0);
    appendFileSync(path, make(room));
  } catch {
    // The step's output has everything.
  }
}

/** Markdown of at most so many bytes. */
export function runSummary(result: RunResult, room: number): string {
  const failures = worstFirst(failuresOf(result.tests));
  const parts = [heading(result), boardTable(result), knownList(result), problemText(result)].filter(
    (part) => part !== "",
  );
  let left = room - Buffer.byteLength(parts.join("\n")) - 200;
  if (left < 0) return "";
  let shown = 0;
  for (const failure of failures) {
    const part = shown < maxBlocks ? failureDetails(failure, result) : failureLine(failure);
    const bytes = Buffer.byteLength(part) + 1;
    if (bytes > left) break;
    left -= bytes;
    shown += 1;
    parts.push(part);
  }
  if (shown < failures.length) parts.push(`\n… and ${groupDigits(failures.length - shown)} more failures.\n`);
  return `${parts.join("\n")}\n`;
}

function heading(result: RunResult): string {
  const { counts, ended, started, unjudged } = result;
  const sign = ended?.exit === 0 ? "✅" : "❌";
  const cells: readonly (readonly [string, number])[] = [
    ["failed", counts.fail],
    ["errors", counts.error],
    ["passed", counts.pass],
    ["skipped", counts.skip],
    ["known", counts.known],
    ["not judged", unjudged],
  ];
  const present = cells.filter(([name, count]) => count > 0 || name === "passed");
  return [
    `### ${sign} ${html(visible(started?.suite.name ?? "tally"))}: ${html(verdictSentence(result))}`,
    "",
    `| ${present.map(([name]) => name).join(" | ")} |`,
    `|${present.map(() => "--:|").join("")}`,
    `| ${present.map(([, count]) => groupDigits(count)).join(" | ")} |`,
    "",
    ...(started?.endpoints ?? []).map(
      ({ role, url }) =>
        `${role} <code>${html(visible(url))}</code> · suite <code>${started?.suite.digest.slice(0, 19)}</code>\n`,
    ),
  ].join("\n");
}

/** Fields that do not agree everywhere. */
function boardTable({ ended }: RunResult): string {
  const open = (ended?.board ?? []).filter(({ agree, compared, implemented }) => !implemented || agree < compared);
  if (open.length === 0) return "";
  const rows = open
    .slice(0, 100)
    .map(
      ({ agree, compared, field, implemented, operation }) =>
        `| <code>${cell(operation)}.${cell(field)}</code> | ${implemented ? `${groupDigits(agree)} of ${groupDigits(compared)}` : "not implemented yet"} |`,
    );
  return ["| field | records that agree with the reference |", "|---|--:|", ...rows, ""].join("\n");
}

/** Failures that the baseline accepts, folded away. */
function knownList({ tests }: RunResult): string {
  const known = tests.flatMap(({ judged, plan }) => (judged?.verdict === "known" ? [{ id: plan.id, judged }] : []));
  if (known.length === 0) return "";
  const lines = known
    .slice(0, 100)
    .map(({ id, judged }) => `- <code>${cell(id)}</code> ${html(visible(judged.note ?? "").slice(0, 300))}`);
  return `<details><summary>${groupDigits(known.length)} known: accepted in the baseline</summary>\n\n${lines.join("\n")}\n\n</details>\n`;
}

function problemText({ ended }: RunResult): string {
  if (ended?.problem === undefined) return ended?.stopped === undefined ? "" : `${html(visible(ended.stopped))}\n`;
  const { code, detail, hint, message } = ended.problem;
  return fence([`error[${code}]: ${message}`, ...(detail === undefined ? [] : [detail]), `hint: ${hint}`].join("\n"));
}

function failureDetails(failure: Failure, result: RunResult): string {
  const options = { paint: (_ink: unknown, text: string) => text, columns: 120, verbose: false };
  const block = failureBlock(failure, { ...options, ...runBlockOptions(result) }).join("\n");
  const text = block.length > maxBlock ? `${block.slice(0, maxBlock)}…` : block;
  return `<details><summary><code>${cell(failure.plan.id)}</code> ${html(visible(headlineOf(failure)).slice(0, 300))}</summary>\n\n${fence(text)}\n</details>\n`;
}

function failureLine(failure: Failure): string {
  return `- <code>${cell(failure.plan.id)}</code> ${html(visible(headlineOf(failure)).slice(0, 300))}`;
}

function fence(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
  const ticks = "`".repeat(longest + 1);
  return `${ticks}text\n${text}\n${ticks}\n`;
}

/** Names are data: no markup, no link, no mention, no end of a table's cell. */
export function cell(text: string): string {
  return html(visible(text)).replaceAll("|", "&#124;");
}

export function html(text: string): string {
  return text.replace(/[&<>"'`*_~@#[\]\\!]/g, (char) => `&#${char.charCodeAt(0)};`);
}
