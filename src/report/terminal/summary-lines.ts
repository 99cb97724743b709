/** How a run went, as the last lines of a terminal. */
import type { RunResult } from "../../verdict/fold-run.ts";
import type { Warning } from "../../verdict/run-event.ts";
import { clip, duration, groupDigits, plural, visible, visibleBlock, wrapText } from "../plain-text.ts";
import type { Paint } from "./paint.ts";

/** `12 failed, 30 passed in 1.1 s` and what has to be known with it. */
export function summaryLines(result: RunResult, paint: Paint, columns: number): string[] {
  const { ended } = result;
  const lines = [` ${countsText(result, paint)}${ended === undefined ? "" : ` in ${duration(ended.ms)}`}`];
  if (result.recommended > 0 && result.started?.strict !== true) {
    lines.push(
      ` ${plural(result.recommended, "of the failed is", "of the failed are")} recommended only (fails the run with --strict)`,
    );
  }
  if (result.nearTies > 0)
    lines.push(` ${plural(result.nearTies, "near-tie")}: labels flipped within tolerance of the threshold`);
  if (result.incomplete)
    lines.push(
      paint(
        "yellow",
        ` incomplete: the run broke off; ${plural(result.unjudged, "test was", "tests were")} not judged`,
      ),
    );
  else if (!result.conserved)
    lines.push(paint("red", " the counts of this run do not add up; please report this as a bug in Tally"));
  if (ended?.stopped !== undefined)
    lines.push(...wrapText(visible(ended.stopped), columns - 1).map((line) => paint("yellow", ` ${line}`)));
  if (ended?.problem !== undefined) {
    const { code, detail, message, hint } = ended.problem;
    lines.push(...wrapText(`error[${code}]: ${visible(message)}`, columns - 1).map((line) => paint("red", ` ${line}`)));
    // A traceback is as wide as it is: cut off, it says less.
    if (detail !== undefined)
      lines.push(
        ...visibleBlock(detail)
          .trimEnd()
          .split("\n")
          .map((line) => `   | ${line}`),
      );
    lines.push(...wrapText(`hint: ${visible(hint)}`, columns - 3).map((line) => `   ${line}`));
  }
  // What draws from Math.random fails again only with the same seed.
  if (result.counts.fail > 0 && result.started) lines.push(paint("dim", ` seed ${result.started.seed}`));
  return lines;
}

function countsText({ counts, ended, planned }: RunResult, paint: Paint): string {
  const parts: string[] = [];
  if (counts.fail > 0) parts.push(paint(["red", "bold"], `${groupDigits(counts.fail)} failed`));
  if (counts.error > 0) parts.push(paint(["red", "bold"], plural(counts.error, "error")));
  if (counts.pass > 0) parts.push(paint(["green", "bold"], `${groupDigits(counts.pass)} passed`));
  if (counts.skip > 0) parts.push(paint("yellow", `${groupDigits(counts.skip)} skipped`));
  if (counts.known > 0) parts.push(paint("yellow", `${groupDigits(counts.known)} known`));
  if (parts.length === 0)
    return planned === 0 && ended?.problem === undefined && ended?.stopped === undefined
      ? "nothing to run"
      : "nothing judged";
  return parts.join(", ");
}

/** Warnings shown at most. */
const maxWarnings = 10;

export function warningLines(warnings: readonly Warning[], paint: Paint, columns: number): string[] {
  const lines = warnings.slice(0, maxWarnings).flatMap((warning) => {
    const times = warning.count === undefined || warning.count < 2 ? "" : ` (${groupDigits(warning.count)} times)`;
    const head = wrapText(`warning[${visible(warning.code)}]: ${visible(warning.message)}${times}`, columns - 1);
    const hint = warning.hint === undefined ? [] : wrapText(`hint: ${visible(warning.hint)}`, columns - 3);
    return head.map((line) => paint("yellow", ` ${line}`)).concat(hint.map((line) => clip(`   ${line}`, columns)));
  });
  if (warnings.length > maxWarnings) lines.push(` … ${warnings.length - maxWarnings} more warnings`);
  return lines;
}
