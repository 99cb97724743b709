/** Addresses inside the page, and the signs of verdicts. */
import { createHash } from "node:crypto";
import type { TestResult } from "../../verdict/fold-run.ts";
import type { TestPlanned, Verdict } from "../../verdict/run-event.ts";
import { markup, type Html } from "./html-template.ts";

/** The anchor of a test: the same in every report of the suite, so that a link can be kept. */
export function anchorOf({ plan }: Pick<TestResult, "plan">): string {
  return `t-${createHash("sha256").update(plan.id).digest("hex").slice(0, 12)}`;
}

/** Describes and name of a test, without its file. */
export function titleOf({ id, file, name }: TestPlanned): string {
  return id.startsWith(`${file} > `) ? id.slice(file.length + 3) : name;
}

const signs: Readonly<Record<Verdict, readonly [string, string]>> = {
  pass: ["✓", "passed"],
  fail: ["✗", "failed"],
  error: ["!", "error"],
  skip: ["○", "skipped"],
  known: ["~", "known"],
};

/** Sign and word of a verdict: never the sign or the colour alone. */
export function verdictSign(verdict: Verdict | undefined): Html {
  const [sign, word] = verdict === undefined ? (["…", "not judged"] as const) : signs[verdict];
  return markup`<span aria-hidden="true">${sign}</span> ${word}`;
}

/** The sign with its word for those who hear the page. */
export function shortSign(verdict: Verdict | undefined): Html {
  const [sign, word] = verdict === undefined ? (["…", "not judged"] as const) : signs[verdict];
  const kind = verdict ?? "open";
  return markup`<span class="sign ${kind}" title="${word}">${sign}<span class="unseen"> ${word}</span></span>`;
}
