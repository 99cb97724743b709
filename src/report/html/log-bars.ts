/** A histogram as bars over a logarithmic axis. Comes in: classes and what to mark. Goes out: parts of a chart. */
import { classesPerDecade, type Histogram } from "../../verdict/histogram.ts";
import { label, line, plot } from "./chart.ts";

/** Bars in a chart at most: narrower ones cannot be told apart. */
const maxBars = 48;
const maxTicks = 6;

/** A bar over the classes from `from` up to, but not including, `to`. */
export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface LogBars {
  readonly bars: readonly Bar[];
  /** Count of the highest bar. */
  readonly highest: number;
  /** The place of a class's beginning on the axis. */
  readonly xOf: (at: number) => number;
  readonly axis: readonly string[];
}

export interface LogBarsOptions {
  /** Classes that the axis shows whatever there is. */
  readonly around: readonly [number, number];
  /** The text at a power of ten. */
  readonly tick: (exponent: number) => string;
}

/** Bars of whole decades' parts; their bounds are multiples of their width, so none lies across a power of ten. */
export function logBars({ classes }: Histogram, { around, tick }: LogBarsOptions): LogBars {
  const lowest = Math.min(around[0], classes[0]?.at ?? 0);
  const highest = Math.max(around[1], (classes.at(-1)?.at ?? 0) + 1);
  const step = stepOf(highest - lowest);
  const [from, to] = [Math.floor(lowest / step) * step, Math.ceil(highest / step) * step];
  const width = (plot.right - plot.left) / (to - from);
  const xOf = (at: number): number => plot.left + (at - from) * width;
  const counts = new Map<number, number>();
  for (const { at, count } of classes) {
    const bin = Math.floor(at / step) * step;
    counts.set(bin, (counts.get(bin) ?? 0) + count);
  }
  const most = Math.max(1, ...counts.values());
  const bars = [...counts].map(([at, count]): Bar => {
    const height = Math.max(2, ((plot.bottom - plot.top) * count) / most);
    const gap = Math.min(1, (step * width) / 4);
    return {
      from: at,
      to: at + step,
      count,
      x: xOf(at) + gap / 2,
      y: plot.bottom - height,
      width: step * width - gap,
      height,
    };
  });
  return { bars, highest: most, xOf, axis: axisParts(from, to, xOf, tick) };
}

/** Classes in one bar: a part of a decade, or whole decades where there are many. */
function stepOf(range: number): number {
  const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
  return steps.find((step) => range / step <= maxBars) ?? 1000;
}

function axisParts(
  from: number,
  to: number,
  xOf: (at: number) => number,
  tick: (exponent: number) => string,
): string[] {
  const decades = [Math.ceil(from / classesPerDecade), Math.floor(to / classesPerDecade)] as const;
  const step = Math.max(1, Math.ceil((decades[1] - decades[0] + 1) / maxTicks));
  const parts = [line([plot.left, plot.bottom], [plot.right, plot.bottom], { kind: "axis" })];
  for (let exponent = Math.ceil(decades[0] / step) * step; exponent <= decades[1]; exponent += step) {
    const x = xOf(exponent * classesPerDecade);
    const anchor = x < plot.left + 16 ? "start" : x > plot.right - 16 ? "end" : "middle";
    parts.push(
      line([x, plot.bottom], [x, plot.bottom + 4], { kind: "axis" }),
      label(tick(exponent), [x, plot.bottom + 16], { anchor }),
    );
  }
  return parts;
}

/** `1`, `10`, `1000`; with an exponent where that is shorter. */
export function powerText(exponent: number): string {
  if (exponent >= 0 && exponent <= 3) return String(10 ** exponent);
  return exponent < 0 && exponent >= -2 ? (10 ** exponent).toFixed(-exponent) : `1e${exponent}`;
}
