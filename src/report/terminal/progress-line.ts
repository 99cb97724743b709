/**
 * What a person sees while a run is under way: one line rewritten in place on a terminal, a heartbeat now and then elsewhere.
 * Never part of the results.
 */
import { clip, duration, groupDigits, visible } from "../plain-text.ts";
import type { TextSink } from "../reporter.ts";

export interface ProgressLine {
  /** Says how far the run is. */
  show(state: ProgressState): void;
  /** Takes the line away, so that results can be written. */
  clear(): void;
  stop(): void;
}

export interface ProgressState {
  readonly judged: number;
  readonly planned: number;
  readonly failed: number;
  /** What is being judged. */
  readonly current: string;
}

/** Time between two states on a terminal: more often only flickers. */
const frameMs = 100;

export interface ProgressOptions {
  readonly sink: TextSink | undefined;
  readonly live: boolean;
  readonly columns: number;
  readonly heartbeatMs: number;
}

export function progressLine(options: ProgressOptions): ProgressLine {
  const { sink } = options;
  if (sink === undefined) return { show: () => {}, clear: () => {}, stop: () => {} };
  return options.live ? liveLine(sink, options.columns) : heartbeats(sink, options.heartbeatMs);
}

function stateText({ judged, planned, failed }: ProgressState): string {
  return `${groupDigits(judged)} of ${groupDigits(planned)}${failed === 0 ? "" : `, ${groupDigits(failed)} failed`}`;
}

function liveLine(sink: TextSink, columns: number): ProgressLine {
  let shownAt = 0;
  let visibleNow = false;
  const clear = () => {
    if (visibleNow) sink.write("\r\u001B[K");
    visibleNow = false;
  };
  return {
    show: (state) => {
      const now = performance.now();
      if (now - shownAt < frameMs) return;
      shownAt = now;
      visibleNow = true;
      sink.write(`\r${clip(` ${stateText(state)}  ${visible(state.current)}`, columns - 1)}\u001B[K`);
    },
    clear,
    stop: clear,
  };
}

function heartbeats(sink: TextSink, everyMs: number): ProgressLine {
  const startedAt = performance.now();
  let state: ProgressState | undefined;
  const timer = setInterval(() => {
    if (state !== undefined) sink.write(` ${stateText(state)}, ${duration(performance.now() - startedAt)}\n`);
  }, everyMs);
  timer.unref();
  return {
    show: (next) => {
      state = next;
    },
    clear: () => {},
    stop: () => clearInterval(timer),
  };
}
