/** The charts of a run's measures as SVG. Comes in: distributions and counts of its end. Goes out: whole files. */
import { classesPerDecade, quantile } from "../../verdict/histogram.ts";
import type { FieldDeltas, OperationTiming, PastRun } from "../../verdict/run-event.ts";
import { groupDigits } from "../plain-text.ts";
import { chart, hatchedRect, label, line, plot, rect } from "./chart.ts";
import { logBars, powerText } from "./log-bars.ts";

/** How far a field's numbers part, with what is allowed as a line: right of it is beyond. */
export function deltaChart({ scale, sizes }: FieldDeltas): string {
  const isJudged = scale === "tolerance";
  const around = isJudged ? ([-10, 10] as const) : ([0, 10] as const);
  const { axis, bars, highest, xOf } = logBars(sizes, { around, tick: powerText });
  const shapes = bars.map((bar) => (isJudged && bar.to <= 0 ? rect({ ...bar, kind: "good" }) : hatchedRect(bar)));
  const caption = isJudged ? "distance ÷ allowed" : "distance; none is allowed";
  const parts = [...shapes, ...axis, label(caption, [plot.right, 121], { anchor: "end" })];
  if (!isJudged) return chart([...parts, highestLabel(highest, "end")]);
  const x = xOf(0);
  const isRight = x > (plot.left + plot.right) / 2;
  const side = isRight ? "end" : "start";
  return chart([
    ...parts,
    line([x, 6], [x, plot.bottom], { kind: "ink", width: 2, dash: "4 2" }),
    label("allowed", [isRight ? x - 5 : x + 5, 15], { anchor: side, kind: "ink" }),
    highestLabel(highest, isRight ? "start" : "end"),
  ]);
}

/** How high the highest bar is, in the corner where nothing else is written. */
function highestLabel(highest: number, side: "start" | "end"): string {
  const x = side === "start" ? plot.left : plot.right;
  return label(`highest: ${groupDigits(highest)}`, [x, 15], { anchor: side });
}

/** How long an operation's calls took, with the middle one and the slowest twentieth marked. */
export function timingChart({ ms }: OperationTiming): string {
  const { axis, bars, highest, xOf } = logBars(ms, { around: [0, 20], tick: timeText });
  const marks = [
    { share: 0.5, name: "half" },
    { share: 0.95, name: "95 %" },
  ].map(({ name, share }) => ({ name, x: xOf(Math.log10(Math.max(1e-6, quantile(ms, share))) * classesPerDecade) }));
  const [half, most] = marks.map(({ x }) => x);
  const isTight = half !== undefined && most !== undefined && most - half < 34;
  return chart([
    ...bars.map((bar) => rect({ ...bar, kind: "calm" })),
    ...axis,
    ...marks.flatMap(({ name, x }, at) => [
      line([x, 18], [x, plot.bottom], { kind: "ink", width: 1.5, dash: at === 0 ? "1 0" : "4 2" }),
      label(name, [x, 14], { anchor: isTight ? (at === 0 ? "end" : "start") : "middle", kind: "ink" }),
    ]),
    label(`highest bar: ${groupDigits(highest)} ${highest === 1 ? "call" : "calls"}`, [plot.right, 121], {
      anchor: "end",
    }),
  ]);
}

function timeText(exponent: number): string {
  if (exponent >= 3) return `${powerText(exponent - 3)} s`;
  return exponent >= 0 ? `${powerText(exponent)} ms` : `${powerText(exponent + 3)} µs`;
}

/** A chart without a caption below its axis. */
export const historyHeight = 112;

/** Tests of the last runs: passed below, what failed above it with stripes, errors as a framed part, the rest open. */
export function historyChart(runs: readonly PastRun[]): string {
  const most = Math.max(1, ...runs.map(({ planned }) => planned));
  const slot = (plot.right - plot.left) / Math.max(10, runs.length);
  const bars = runs.flatMap((run, at) => runBar(run, { x: plot.left + at * slot, width: slot - 3, most }));
  const last = runs.length - 1;
  const bad = (run: PastRun | undefined): number => (run?.fail ?? 0) + (run?.error ?? 0);
  const xOf = (at: number): number => plot.left + at * slot + (slot - 3) / 2;
  const counts = runs.length <= 12 ? runs.map((_, at) => at) : [last];
  return chart(
    [
      ...bars,
      line([plot.left, plot.bottom], [plot.right, plot.bottom], { kind: "axis" }),
      ...counts.map((at) => label(groupDigits(bad(runs[at])), [xOf(at), topOf(runs[at], most) - 4], { kind: "ink" })),
      label("this run", [xOf(last), plot.bottom + 16], {
        kind: "ink",
        anchor: last * slot > 270 ? "end" : last === 0 ? "start" : "middle",
      }),
    ],
    historyHeight,
  );
}

function topOf(run: PastRun | undefined, most: number): number {
  return plot.bottom - ((plot.bottom - plot.top) * (run?.planned ?? 0)) / most;
}

function runBar(
  run: PastRun,
  { most, width, x }: { readonly x: number; readonly width: number; readonly most: number },
): string[] {
  const { error, fail, pass, planned } = run;
  const unit = (plot.bottom - plot.top) / most;
  let y = plot.bottom;
  const stack = (
    count: number,
  ): { readonly x: number; readonly y: number; readonly width: number; readonly height: number } => {
    const height = count === 0 ? 0 : Math.max(2, count * unit);
    y -= height;
    return { x, y, width, height };
  };
  const parts: string[] = [];
  if (pass > 0) parts.push(rect({ ...stack(pass), kind: "good" }));
  if (fail > 0) parts.push(hatchedRect(stack(fail)));
  if (error > 0) parts.push(rect({ ...stack(error), kind: "odd" }));
  const rest = planned - pass - fail - error;
  if (rest > 0) {
    const box = stack(rest);
    parts.push(line([x, box.y], [x + width, box.y], { kind: "axis", dash: "2 2" }));
  }
  return parts;
}
