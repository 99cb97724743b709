/** Failures that the baseline accepts, as lines of a terminal: listed and shown, so that nobody forgets them. */
import type { TestResult } from "../../verdict/fold-run.ts";
import { headlineOf } from "../failure-groups.ts";
import { clip, plural, visible, wrapText } from "../plain-text.ts";
import type { Paint } from "./paint.ts";

/** Shown unless all are asked for. */
const maxKnown = 10;

export interface KnownOptions {
  readonly paint: Paint;
  readonly columns: number;
  readonly verbose: boolean;
}

/** Two lines each: what fails how, and why that is accepted. */
export function knownLines(tests: readonly TestResult[], { columns, paint, verbose }: KnownOptions): string[] {
  const known = tests.flatMap(({ judged, ...test }) => (judged?.verdict === "known" ? [{ ...test, judged }] : []));
  if (known.length === 0) return [];
  const shown = verbose ? known : known.slice(0, maxKnown);
  const lines = [` known  ${plural(known.length, "failure is", "failures are")} accepted in the baseline`];
  for (const one of shown) {
    lines.push(`   ${paint("yellow", "~")} ${clip(visible(one.plan.id), columns - 5)}`);
    const { note = "" } = one.judged;
    const how = headlineOf(one);
    if (how !== note) lines.push(clip(`     ${visible(how)}`, columns));
    lines.push(...wrapText(visible(note), columns - 5).map((line) => paint("dim", `     ${line}`)));
  }
  if (shown.length < known.length) lines.push(`   … ${known.length - shown.length} more (-v shows all)`);
  return lines;
}
