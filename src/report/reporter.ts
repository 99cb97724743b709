/**
 * What every reporter is. Comes in: run events, one by one. Goes out: text to a sink, or files to a path.
 * A reporter is fed events only; it knows no engine, no endpoint and no contract.
 */
import type { RunEvent } from "../verdict/run-event.ts";

/** Consumes the events of one run. */
export interface Reporter {
  /** Takes the next event; never waits. */
  event(event: RunEvent): void;
  /** Writes what is left. Called once, also when the run broke off. */
  end(): Promise<void>;
}

/** Where text goes: `process.stdout`, an open file, a test's array. */
export interface TextSink {
  write(text: string): unknown;
}

export interface ReporterOptions {
  /** Results. */
  readonly out: TextSink;
  /** Progress and heartbeats; left out, nothing is said while the run is under way. */
  readonly progress?: TextSink;
  /** `progress` is a terminal: one line, rewritten in place. */
  readonly live?: boolean;
  readonly colour?: boolean;
  /** Width of the terminal; 80 unless told. */
  readonly columns?: number;
  readonly verbosity?: "quiet" | "normal" | "verbose";
  /** `NAME=PATH`: the file to write instead of `out`, or the folder of the HTML report. */
  readonly path?: string;
  /** Path of the HTML report that is written beside, for the terminal to name. */
  readonly html?: string;
  /** Files of the same run in the folder of the HTML report, for it to link to: `events.ndjson`, `junit.xml`. */
  readonly beside?: readonly string[];
  /** Of `github`: the Markdown file to append a summary to. */
  readonly summary?: string;
  /** Of `github`: the suite's folder, relative to the repository's root, with `/`; empty when it is the root. */
  readonly sourceFolder?: string;
  /** Time between two heartbeats where `progress` is no terminal; 10 s unless told. */
  readonly heartbeatMs?: number;
}
