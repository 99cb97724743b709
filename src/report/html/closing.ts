/** The end of the page: warnings, what was printed, how to read it all. */
import type { RunResult } from "../../verdict/fold-run.ts";
import type { LogLine, Warning } from "../../verdict/run-event.ts";
import { clip, groupDigits, plural } from "../plain-text.ts";
import { type Html, markup } from "./html-template.ts";

const maxWarnings = 100;
const maxLog = 40_000;

export function warningSection(warnings: readonly Warning[]): Html | undefined {
  if (warnings.length === 0) return undefined;
  return markup`<section id="warnings">
    <h2>Warnings</h2>
    <ul class="warnings">
      ${warnings.slice(0, maxWarnings).map(
        ({ code, message, hint, count }) =>
          markup`<li>
              <b>${code}</b>
              ${message}${count !== undefined && count > 1 && markup` <span class="none">${groupDigits(count)} times</span>`}${hint !== undefined && markup`<br />${hint}`}
            </li>`,
      )}
    </ul>
    ${warnings.length > maxWarnings && markup`<p class="none">… ${groupDigits(warnings.length - maxWarnings)} more</p>`}
  </section>`;
}

/** What was printed outside of tests; the end of it where it is long. */
export function logSection(logs: readonly LogLine[]): Html | undefined {
  if (logs.length === 0) return undefined;
  const sources = Map.groupBy(logs, ({ source }) => source);
  return markup`<section id="log">
    <h2>Log</h2>
    ${[...sources].map(([source, lines]) => {
      const text = lines.map((line) => (line.text.endsWith("\n") ? line.text : `${line.text}\n`)).join("");
      const cut = text.length > maxLog ? `…${text.slice(-maxLog)}` : text;
      return markup`<details class="more">
        <summary>${source} <span class="none">${plural(lines.length, "entry", "entries")}</span></summary>
        <pre>${cut}</pre>
      </details>`;
    })}
  </section>`;
}

const legend: readonly (readonly [string, string])[] = [
  ["✗ mismatch", "The field is beyond its tolerance: the test fails."],
  [
    "≠ differs",
    "Reference and candidate part here, but no test judges this field; often the cause of a mismatch further down.",
  ],
  ["≈ rounding", "They part by no more than rounding (a relative 1e-9)."],
  ["= agrees", "The same value."],
  ["expected", "What the author of the test wrote."],
  ["reference", "What the reference answered to the same input when the suite was recorded."],
  [
    "delta",
    "abs: |candidate − reference|. rel: abs / |reference|. ulp: representable numbers from one to the other. Three digits; the values themselves are never rounded.",
  ],
  ["! error", "Could not be judged: the endpoint or the connector did not answer. Never counted as a difference."],
  ["~ known", "Accepted in the baseline, with a reason and an expiry."],
  ["≈ near-tie", "A label flipped although both scores lie within tolerance of the threshold. Counted, not failed."],
];

export function helpSection(): Html {
  return markup`<section id="help">
    <h2>How to read this</h2>
    <dl class="legend">
      ${legend.map(
        ([term, meaning]) =>
          markup`<div>
            <dt>${term}</dt>
            <dd>${meaning}</dd>
          </div>`,
      )}
    </dl>
  </section>`;
}

export function footer({ started }: RunResult, beside: readonly string[]): Html {
  const files = beside.map((name, at) => markup`${at > 0 && " · "}<a href="${name}">${name}</a>`);
  return markup`<footer>
    <p>
      Written by Tally ${started?.tally}${files.length > 0 && markup` from the same events as ${files}`}. This page needs
      no script and loads nothing from elsewhere.
    </p>
  </footer>`;
}

/** One line of the list of failures at the side. */
export function sideLine(text: string): string {
  return clip(text, 70);
}
