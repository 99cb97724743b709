/** Deltas, timing and the last runs: a chart each, and beside it in words what it shows. */
import type { RunResult } from "../../verdict/fold-run.ts";
import { quantile } from "../../verdict/histogram.ts";
import type { FieldDeltas, OperationTiming, PastRun } from "../../verdict/run-event.ts";
import { placeOf } from "../field-rows.ts";
import { threeDigits, toleranceText } from "../number-text.ts";
import { duration, groupDigits, plural } from "../plain-text.ts";
import { type Html, markup } from "./html-template.ts";
import { chartHeight, chartWidth } from "./chart.ts";
import { deltaChart, historyChart, historyHeight, timingChart } from "./measure-charts.ts";

/** Charts in all, and those that are not folded away. */
const [maxCharts, maxOpen] = [60, 6];

export interface Measures {
  readonly deltas: readonly FieldDeltas[];
  readonly timings: readonly OperationTiming[];
  /** The runs before and this one; empty where there was none before. */
  readonly runs: readonly PastRun[];
}

/** What of a run is drawn: fields with most beyond their tolerance first. */
export function measuresOf({ counts, ended, planned, started }: RunResult): Measures {
  const history = ended?.history ?? [];
  const now = {
    run: started?.run ?? "",
    at: started?.at ?? "",
    planned,
    pass: counts.pass,
    fail: counts.fail,
    error: counts.error,
  };
  return {
    deltas: (ended?.deltas ?? []).toSorted((a, b) => b.beyond - a.beyond || b.within - a.within).slice(0, maxCharts),
    timings: (ended?.timings ?? []).slice(0, maxCharts),
    runs: history.length === 0 ? [] : [...history, now],
  };
}

/** The charts as files. */
export function measureFiles({ deltas, runs, timings }: Measures): [name: string, text: string][] {
  return [
    ...deltas.map((field, at): [string, string] => [chartName("delta", at), deltaChart(field)]),
    ...timings.map((timing, at): [string, string] => [chartName("timing", at), timingChart(timing)]),
    ...(runs.length === 0 ? [] : [["history.svg", historyChart(runs)] satisfies [string, string]]),
  ];
}

function chartName(kind: string, at: number): string {
  return `${kind}-${String(at + 1).padStart(3, "0")}.svg`;
}

export function deltaSection({ deltas }: Measures): Html | undefined {
  if (deltas.length === 0) return undefined;
  const cards = deltas.map(deltaCard);
  return markup`<section id="deltas">
    <h2>Deltas <span class="none">numbers that are not equal to the reference’s, over all inputs</span></h2>
    ${chartCards(cards, "field")}
  </section>`;
}

function chartCards(cards: readonly Html[], one: string): Html {
  return markup`<div class="charts">${cards.slice(0, maxOpen)}</div>
    ${
      cards.length > maxOpen &&
      markup`<details class="more charts-more">
        <summary>${plural(cards.length - maxOpen, `more ${one}`)}</summary>
        <div class="charts">${cards.slice(maxOpen)}</div>
      </details>`
    }`;
}

function deltaCard({ beyond, field, operation, scale, sizes, tolerance, within }: FieldDeltas, at: number): Html {
  const name = placeOf(operation, field);
  const largest = scale === "abs" ? threeDigits(sizes.max) : `${threeDigits(sizes.max)} times what is allowed`;
  const judged =
    scale === "abs" ? `${groupDigits(beyond)} beyond` : `${groupDigits(within)} within, ${groupDigits(beyond)} beyond`;
  const allowed = scale === "abs" ? "nothing" : toleranceText(tolerance);
  return markup`<figure class="chart">
    <figcaption><b>${name}</b><br /><span class="none">allowed: ${allowed}</span></figcaption>
    <img src="${chartName("delta", at)}" width="${chartWidth}" height="${chartHeight}" alt="Deltas of ${name}: ${judged}; the largest is ${largest}" />
    <p class="none"><span class="sign ${beyond > 0 ? "fail" : "pass"}" aria-hidden="true">${beyond > 0 ? "✗" : "✓"}</span> ${judged} · largest ${largest}</p>
  </figure>`;
}

export function timingSection({ timings }: Measures): Html | undefined {
  if (timings.length === 0) return undefined;
  return markup`<section id="timing">
    <h2>Timing <span class="none">of the calls, from question to whole answer</span></h2>
    ${chartCards(timings.map(timingCard), "operation")}
  </section>`;
}

function timingCard({ calls, ms, operation, records }: OperationTiming, at: number): Html {
  const [half, most, slowest] = [quantile(ms, 0.5), quantile(ms, 0.95), ms.max].map(callTime);
  const words = `half of them within ${half}, 95 % within ${most}, the slowest ${slowest}`;
  return markup`<figure class="chart">
    <figcaption><b>${operation}</b><br /><span class="none">${plural(calls, "call")} with ${plural(records, "record")}</span></figcaption>
    <img src="${chartName("timing", at)}" width="${chartWidth}" height="${chartHeight}" alt="Duration of calls of ${operation}: ${words}" />
    <p class="none">${words}</p>
  </figure>`;
}

/** The runs before this one on the same machine, and this one. */
export function historySection({ runs }: Measures): Html | undefined {
  const [before, now] = runs.slice(-2);
  if (before === undefined || now === undefined) return undefined;
  return markup`<section id="history">
    <h2>Last runs <span class="none">${changeText(before, now)}</span></h2>
    <div class="charts">
      <figure class="chart">
        <img src="history.svg" width="${chartWidth}" height="${historyHeight}" alt="Tests of the last ${runs.length} runs; the table has the numbers" />
        <p class="none">Above each run: tests that did not pass. Solid: passed; striped: failed; plain above: could not be judged.</p>
      </figure>
      <table class="runs">
        <thead><tr><th scope="col">run</th><th scope="col" class="number">tests</th><th scope="col" class="number">passed</th><th scope="col" class="number">failed</th><th scope="col" class="number">errors</th></tr></thead>
        <tbody>${runs.toReversed().map((run, at) => runRow(run, at === 0))}</tbody>
      </table>
    </div>
  </section>`;
}

function runRow({ at, error, fail, partial, pass, planned }: PastRun, isNow: boolean): Html {
  const when = at.slice(0, 16).replace("T", " ");
  return markup`<tr><th scope="row">${isNow ? markup`<b>this run</b>` : when}${partial === true && markup` <span class="none">a part</span>`}</th><td class="number">${groupDigits(planned)}</td><td class="number">${groupDigits(pass)}</td><td class="number">${groupDigits(fail)}</td><td class="number">${groupDigits(error)}</td></tr>`;
}

function changeText(before: PastRun, now: PastRun): string {
  if (before.planned !== now.planned || before.partial === true) return "of this suite on this machine";
  const difference = now.pass - before.pass;
  if (difference === 0) return "as many tests pass as in the run before";
  const tests = plural(
    Math.abs(difference),
    difference > 0 ? "more test" : "test fewer",
    difference > 0 ? "more tests" : "tests fewer",
  );
  return `${tests} ${Math.abs(difference) === 1 ? "passes" : "pass"} than in the run before`;
}

/** Calls are often faster than a millisecond. */
function callTime(ms: number): string {
  return ms < 10 ? `${threeDigits(Number(ms.toFixed(2)))} ms` : duration(ms);
}
