/** One failure in full: where the sides part, every stage side by side, the author's code, how to see it again. */
import type { Problem } from "../../kernel/errors.ts";
import type { Exchange, TestFailure } from "../../verdict/run-event.ts";
import { type Failure, headlineOf, reasonText } from "../failure-groups.ts";
import { fieldRows, mismatchesOf, placeOf, unplacedMismatches } from "../field-rows.ts";
import { keepLine } from "../keep-line.ts";
import { clip, duration, plural, visibleJson } from "../plain-text.ts";
import { curlLine, replayLine } from "../shell-line.ts";
import { inStageOrder, type StageDepths } from "../stage-order.ts";
import { anchorOf, titleOf, verdictSign } from "./anchors.ts";
import { fieldGrid } from "./field-grid.ts";
import { type Html, markup } from "./html-template.ts";

export interface ArticleOptions {
  readonly url: string | undefined;
  readonly side: "candidate" | "answer";
  readonly depths: StageDepths;
  readonly compared: boolean;
}

const maxExchanges = 12;
const maxText = 6000;
const maxInput = 2000;
/** Longer lines are cut off by shells and browsers alike; the replay line does the same. */
const maxCurl = 8000;

/** The whole block of one failure. */
export function failureArticle(failure: Failure, options: ArticleOptions): Html {
  const { plan, judged } = failure;
  const parts = titleOf(plan).split(" > ");
  const place = plan.line === undefined ? plan.file : `${plan.file}:${plan.line}`;
  const exchanges = inStageOrder(failure.exchanges, options.depths);
  return markup`<article class="failure ${judged.verdict}" id="${anchorOf(failure)}" tabindex="-1">
    <header>
      <p class="crumbs">
        <span class="badge ${judged.verdict}">${verdictSign(judged.verdict)}</span>
        <span class="path">${place}</span>${parts.slice(0, -1).map((part) => markup` <span class="sep">›</span> ${part}`)}
      </p>
      <h3><a href="#${anchorOf(failure)}">${clip(parts.at(-1) ?? plan.id, 400)}</a></h3>
      <p class="meta">
        <span>${reasonText(judged.reason)}</span>${judged.level === "recommended" && markup`<span>recommended only</span>`}
        ${plan.bug !== undefined && markup`<span>${plan.bug}</span>`}${plan.tags.map((tag) => markup`<span class="tag">${tag}</span>`)}
        <span>${duration(judged.ms)}</span>
      </p>
    </header>
    ${firstDifference(failure, options)} ${judged.fault !== undefined && faultBox(judged.fault)}
    ${judged.fault === undefined && judged.mismatches.length === 0 && judged.failures.length === 0 && markup`<p class="say">${headlineOf(failure)}</p>`}
    ${judged.note !== undefined && judged.reason !== "timeout" && markup`<p class="say">${judged.note}</p>`}
    ${exchanges.slice(0, maxExchanges).map((exchange) => stage(exchange, failure, options))}
    ${exchanges.length > maxExchanges && markup`<p class="none">${plural(exchanges.length - maxExchanges, "more call")} of this test: see events.ndjson.</p>`}
    ${unplaced(failure)} ${judged.failures.map((error) => assertion(error, judged.mismatches.length > 0))}
    ${
      judged.output !== undefined &&
      judged.output.trim() !== "" &&
      markup`<details class="more">
        <summary>Console output</summary>
        <pre>${clip(judged.output.slice(0, 2 * maxText), maxText)}</pre>
      </details>`
    }
    ${reproduce(failure, options)}
  </article>`;
}

function firstDifference({ judged, exchanges }: Failure, { side }: ArticleOptions): Html | undefined {
  const { divergence } = judged;
  if (divergence === undefined) return undefined;
  const rows = exchanges
    .filter(({ operation }) => operation === divergence.operation)
    .flatMap((exchange) => fieldRows(exchange, mismatchesOf(exchange, judged, exchanges)));
  const row = rows.find(({ path, state }) => path === divergence.path && state !== "same");
  const values =
    row === undefined
      ? undefined
      : markup`: reference <code>${clip((row.reference ?? row.expected ?? "–").slice(0, 200), 80)}</code>, ${side}
          <code>${clip((row.candidate ?? "missing").slice(0, 200), 80)}</code>`;
  return markup`<p class="first">
    The sides part first at <b>${placeOf(divergence.operation, divergence.path)}</b>${values}
  </p>`;
}

/** One call of the test. Where reference and candidate agree in everything, it is folded away. */
function stage(exchange: Exchange, { judged, exchanges }: Failure, options: ArticleOptions): Html {
  const rows = fieldRows(exchange, mismatchesOf(exchange, judged, exchanges));
  const recorded = exchange.reference !== undefined;
  const grid = fieldGrid(rows, { ...options, recorded, label: `Fields of ${exchange.operation}` });
  const input = visibleJson(exchange.input.slice(0, 2 * maxInput));
  const agrees = recorded && exchange.answer !== undefined && rows.every(({ state }) => state === "same");
  if (agrees && exchanges.length > 1) {
    return markup`<details class="more stage">
      <summary>
        <b>${exchange.operation}</b>
        <span class="none">all ${plural(rows.length, "field")} agree ·</span> <code>${clip(input, 60)}</code>
      </summary>
      <pre class="input">${clip(input, maxInput)}</pre>
      ${grid}
    </details>`;
  }
  const facts = [
    exchange.asked === "stage" ? "asked by Tally to show the stage before" : undefined,
    exchange.batch > 1 ? `in a batch of ${exchange.batch}` : "alone",
    duration(exchange.ms),
  ].filter((fact) => fact !== undefined);
  return markup`<section class="stage">
    <h4>${exchange.operation} <span class="none">${facts.join(" · ")}</span></h4>
    <pre class="input"><span class="none">input </span>${clip(input, maxInput)}</pre>
    ${exchange.fault !== undefined && exchange.fault.message !== judged.fault?.message && faultBox(exchange.fault)}
    ${exchange.traceback !== undefined && markup`<pre class="frame">${clip(exchange.traceback.slice(-maxText), maxText)}</pre>`}
    ${exchange.answer === undefined ? markup`<p class="none">No answer.</p>` : grid}
  </section>`;
}

function unplaced({ judged, exchanges }: Failure): Html | undefined {
  const mismatches = unplacedMismatches(judged, exchanges);
  if (mismatches.length === 0) return undefined;
  const operations = Map.groupBy(mismatches, ({ operation }) => operation);
  return markup`${[...operations].map(
    ([operation, of]) =>
      markup`<section class="stage">
        <h4>${operation}</h4>
        ${fieldGrid(fieldRows(undefined, of), { side: "candidate", compared: false, recorded: false, label: `Fields of ${operation}` })}
      </section>`,
  )}`;
}

function faultBox(fault: Problem): Html {
  return markup`<div class="fault">
    <p><b>${fault.code}</b> ${fault.message}</p>
    <p>${fault.hint}</p>
    ${fault.detail !== undefined && markup`<pre>${clip(fault.detail.slice(0, 2 * maxText), maxText)}</pre>`}
  </div>`;
}

/** The values of a field are in the grid already; then only the author's code is shown. */
function assertion(error: TestFailure, judgedByField: boolean): Html | undefined {
  if (judgedByField && error.frame === undefined) return undefined;
  return markup`<div class="assertion">
    ${!judgedByField && markup`<p class="say">${clip(error.message.slice(0, 2 * maxText), maxText)}</p>`}
    ${!judgedByField && error.diff !== undefined && markup`<pre class="diff">${error.diff.slice(0, maxText).split("\n").map(diffLine)}</pre>`}
    ${error.frame !== undefined && markup`<pre class="frame">${error.frame.split("\n").map(frameLine)}</pre>`}
    ${error.at !== undefined && markup`<p class="none">${error.at.file}:${error.at.line}:${error.at.column}</p>`}
  </div>`;
}

function diffLine(line: string): Html {
  if (line.startsWith("-")) return markup`<span class="minus">${line}</span>\n`;
  return line.startsWith("+") ? markup`<span class="plus">${line}</span>\n` : markup`${line}\n`;
}

function frameLine(line: string): Html {
  return line.trimStart().startsWith(">") ? markup`<b>${line}</b>\n` : markup`${line}\n`;
}

function reproduce(failure: Failure, { compared, url }: ArticleOptions): Html | undefined {
  const { exchanges, judged } = failure;
  const keep = keepLine(failure, compared);
  const at = judged.mismatches[0]?.exchange;
  const exchange = exchanges.find(({ n }) => n === at) ?? exchanges.find(({ asked }) => asked === "test");
  const curl =
    exchange === undefined || url === undefined ? undefined : curlLine(url, exchange.operation, exchange.input);
  if (judged.failure === undefined && curl === undefined) return undefined;
  return markup`<div class="repro">
    <p class="none">See it again</p>
    ${judged.failure !== undefined && markup`<pre class="copy">${replayLine(judged.failure)}</pre>`}
    ${curl !== undefined && curl.length <= maxCurl && markup`<pre class="copy">${curl}</pre>`}
    ${
      keep !== undefined &&
      markup`<p class="none">Keep it as a case of the suite</p>
        <pre class="copy">${keep}</pre>`
    }
  </div>`;
}
