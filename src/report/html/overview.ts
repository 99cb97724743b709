/** The top of the page: the verdict in one sentence, the counts, who was compared with whom. */
import type { RunResult } from "../../verdict/fold-run.ts";
import { duration, groupDigits, plural } from "../plain-text.ts";
import { markName } from "../foreign-page.ts";
import { shareName } from "./images.ts";
import { type Html, markup, type HtmlValue } from "./html-template.ts";

export type Outcome = "good" | "bad" | "open";

/** Whether a run is good news. */
export function outcomeOf({ counts, planned, incomplete, started, recommended, ended }: RunResult): Outcome {
  const failed = counts.fail - (started?.strict === true ? 0 : recommended);
  if (failed > 0 || counts.error > 0 || ended?.problem !== undefined) return "bad";
  return incomplete || planned === 0 || counts.pass + counts.known === 0 ? "open" : "good";
}

/** The verdict as a sentence: `13 of 65 tests fail`. */
export function verdictSentence(result: RunResult): string {
  const { counts, planned, unjudged, incomplete } = result;
  const judged = planned - unjudged;
  if (planned === 0) return "Nothing was run";
  if (counts.fail > 0)
    return `${groupDigits(counts.fail)} of ${plural(planned, "test")} ${counts.fail === 1 ? "fails" : "fail"}`;
  if (counts.error > 0) return `${groupDigits(counts.error)} of ${plural(planned, "test")} could not be judged`;
  if (incomplete) return `The run broke off after ${groupDigits(judged)} of ${plural(planned, "test")}`;
  if (counts.pass === 0 && counts.known === 0) return "Nothing was judged";
  return counts.pass === planned
    ? planned === 1
      ? "The test passes"
      : `All ${groupDigits(planned)} tests pass`
    : "No test fails";
}

const exits: Readonly<Record<number, string>> = {
  0: "all judged, all agree",
  1: "a test failed or records disagree",
  2: "usage or configuration",
  3: "the endpoint could not be judged",
  4: "the connector failed",
  5: "nothing to judge, or bad data",
  6: "incomplete",
  7: "trust",
  70: "a bug in Tally",
  130: "interrupted",
  143: "terminated",
};

export function overview(result: RunResult): Html {
  const { started, ended } = result;
  const facts = [
    ended === undefined ? undefined : `in ${duration(ended.ms)}`,
    started === undefined ? undefined : moment(started.at),
  ];
  return markup`<header class="hero ${outcomeOf(result)}">
      <p class="brand">
        <img src="${markName}" width="28" height="28" alt="" />
        <b>${started?.suite.name ?? "Tally"}</b> ${started?.suite.version}
      </p>
      <h1>${verdictSentence(result)}</h1>
      <p class="when">
        ${facts.filter((fact) => fact !== undefined).map((fact, at) => markup`${at > 0 && " · "}${fact}`)}
      </p>
      <img class="share" src="${shareName}" alt="${countsSentence(result)}" />
      ${countList(result)}
    </header>
    ${notices(result)}
    <dl class="facts">
      ${factRows(result).map(
        ([name, value]) =>
          markup`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>`;
}

function moment(at: string): string {
  const parts = at.match(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)/);
  return parts === null ? at : `${parts[1] ?? ""} ${parts[2] ?? ""} UTC`;
}

function countsSentence({ counts, unjudged }: RunResult): string {
  const parts = [
    `${counts.fail} failed`,
    `${counts.error} errors`,
    `${counts.pass} passed`,
    `${counts.skip} skipped`,
    `${counts.known} known`,
  ];
  return unjudged > 0 ? `${parts.join(", ")}, ${unjudged} not judged` : parts.join(", ");
}

function countList(result: RunResult): Html {
  const { counts, planned, unjudged, nearTies, recommended } = result;
  const item = (kind: string, sign: string, count: number, word: string, href: string) =>
    markup`<li class="${kind}">
      <a href="${href}"><span aria-hidden="true" class="sign">${sign}</span> <b>${groupDigits(count)}</b> ${word}</a>
    </li>`;
  return markup`<ul class="counts">
    ${counts.fail > 0 && item("fail", "✗", counts.fail, "failed", "#failures")}${counts.error > 0 && item("error", "!", counts.error, counts.error === 1 ? "error" : "errors", "#failures")}
    ${planned > 0 && item("pass", "✓", counts.pass, "passed", "#tests")}${counts.skip > 0 && item("skip", "○", counts.skip, "skipped", "#tests")}
    ${counts.known > 0 && item("known", "~", counts.known, "known", "#known")}${unjudged > 0 && item("open", "…", unjudged, "not judged", "#tests")}
    ${nearTies > 0 && item("near", "≈", nearTies, nearTies === 1 ? "near-tie" : "near-ties", "#help")}${recommended > 0 && item("skip", "○", recommended, "of the failed recommended only", "#failures")}
  </ul>`;
}

function notices(result: RunResult): Html {
  const { ended, incomplete, conserved, started, unjudged } = result;
  const notes: Html[] = [];
  if (incomplete)
    notes.push(
      markup`<b>Incomplete.</b> The stream of events has no end;
        ${plural(unjudged, "planned test was", "planned tests were")} not judged.`,
    );
  else if (!conserved) notes.push(markup`<b>The counts do not add up.</b> Please report this as a bug in Tally.`);
  if (ended?.stopped !== undefined) notes.push(markup`<b>Only a part of the run.</b> ${ended.stopped}`);
  if (ended?.problem !== undefined)
    notes.push(markup`<b>${ended.problem.code}</b> ${ended.problem.message}<br />${ended.problem.hint}`);
  const differences = started?.differences ?? [];
  if (differences.length > 0)
    notes.push(
      markup`<b>The endpoint describes itself otherwise than the contract:</b> ${differences.map(
        ({ contract, endpoint, field, operation, side }) =>
          markup`<br /><code>${[operation, side, field].filter((part) => part !== undefined).join(" ")}</code> contract: ${contract}, endpoint: ${endpoint}`,
      )}`,
    );
  return markup`${notes.map((note) => markup`<p class="notice" role="note">${note}</p>`)}`;
}

function factRows({ started, ended }: RunResult): [string, HtmlValue][] {
  const rows: [string, HtmlValue][] = [];
  for (const endpoint of (started?.endpoints ?? []).toReversed()) {
    const about = [endpoint.name, endpoint.version, endpoint.runtime].filter((part) => part !== undefined);
    rows.push([
      endpoint.role,
      markup`<code>${endpoint.url}</code>${about.length > 0 && markup`<br /><span class="none">${about.join(" · ")}</span>`}`,
    ]);
  }
  if (started !== undefined) {
    rows.push(["suite digest", markup`<code class="long">${started.suite.digest}</code>`]);
    if (started.selection.length > 0) rows.push(["selection", markup`<code>${started.selection.join(" ")}</code>`]);
    rows.push(
      ["seed", markup`<code>${started.seed}</code>`],
      ["run", markup`<code>${started.run}</code>`],
      ["tally", markup`<code>${started.tally}</code>`],
    );
  }
  if (ended !== undefined) {
    const calls = `${plural(ended.calls, "call")} with ${plural(ended.records, "record")}`;
    rows.push(["asked", ended.retries > 0 ? `${calls}, ${plural(ended.retries, "retry", "retries")}` : calls]);
    rows.push(["exit code", markup`<code>${ended.exit}</code> ${exits[ended.exit]}`]);
  }
  return rows;
}
