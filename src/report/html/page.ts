/**
 * The HTML report as one page. Comes in: a folded run. Goes out: the markup of index.html and the names of the bars it shows.
 * Readable with scripts disabled and under `default-src 'none'; img-src 'self'; style-src 'self'`.
 */
import type { RunResult } from "../../verdict/fold-run.ts";
import { type Failure, failuresOf, isNotImplemented } from "../failure-groups.ts";
import { percent } from "../number-text.ts";
import { runBlockOptions } from "../terminal/failure-block.ts";
import { anchorOf, shortSign, titleOf } from "./anchors.ts";
import { boardSection, maxWaiting } from "./board.ts";
import { deltaSection, historySection, measuresOf, timingSection } from "./measure-sections.ts";
import { footer, helpSection, logSection, sideLine, warningSection } from "./closing.ts";
import { failureSection } from "./failure-section.ts";
import { type Html, markup } from "./html-template.ts";
import { knownSection } from "./known-section.ts";
import { pageHead } from "./page-head.ts";
import { scriptName } from "./script.ts";
import { outcomeOf, overview, verdictSentence } from "./overview.ts";
import { passShare, testList } from "./test-list.ts";

export interface PageOptions {
  /** Files of the same run in the same folder, to link to. */
  readonly beside: readonly string[];
}

/** The whole page. */
export function reportPage(result: RunResult, { beside }: PageOptions): string {
  const failures = failuresOf(result.tests);
  const waiting = failures.filter(isNotImplemented);
  const events = beside.find((name) => name.endsWith(".ndjson"));
  const measures = measuresOf(result);
  const { section, shown, placed } = failureSection(
    failures.filter((failure) => !isNotImplemented(failure)),
    runBlockOptions(result),
    events,
  );
  const linked = new Set([...placed, ...waiting.slice(0, maxWaiting)].map(anchorOf));
  const parts: readonly (readonly [string, string, Html | undefined])[] = [
    ["history", "Last runs", historySection(measures)],
    ["progress", "Progress", boardSection(result.ended?.board ?? [], result.started?.operations ?? [], waiting)],
    ["deltas", "Deltas", deltaSection(measures)],
    ["failures", "Failures", section],
    ["known", "Known", knownSection(result.tests)],
    ["timing", "Timing", timingSection(measures)],
    ["tests", "All tests", testList(result.tests, linked)],
    ["warnings", "Warnings", warningSection(result.warnings)],
    ["log", "Log", logSection(result.logs)],
    ["help", "How to read this", helpSection()],
  ];
  const sections = parts.filter(([, , content]) => content !== undefined);
  const sign = { good: "✓", bad: "✗", open: "…" }[outcomeOf(result)];
  const page = markup`<!doctype html>
    <html lang="en">
      ${pageHead(`${sign} ${verdictSentence(result)} · ${result.started?.suite.name ?? "Tally"}`, scriptName)}
      <body>
        <a class="jump" href="#main">Skip to the report</a>
        <nav aria-label="Sections">
          <ul>
            ${sections.map(([id, title]) => markup`<li><a href="#${id}">${title}</a>${id === "failures" && sideFailures(shown)}</li>`)}
          </ul>
        </nav>
        <main id="main" tabindex="-1">
          ${overview(result)} ${sections.map(([, , content]) => content)} ${footer(result, beside)}
        </main>
      </body>
    </html> `;
  return page.text;
}

function sideFailures(shown: readonly Failure[]): Html {
  return markup`<ol>
    ${shown.map((failure) => markup`<li><a href="#${anchorOf(failure)}">${shortSign(failure.judged.verdict)} ${sideLine(titleOf(failure.plan).split(" > ").at(-1) ?? "")}</a></li>`)}
  </ol>`;
}

/** Percentages that the page shows as bars. */
export function barsOf(result: RunResult): ReadonlySet<number> {
  const files = Map.groupBy(result.tests, ({ plan }) => plan.file);
  const board = (result.ended?.board ?? []).map(({ agree, compared }) => percent(agree, compared));
  return new Set([...board, ...[...files.values()].map(passShare)]);
}
