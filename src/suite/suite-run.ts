/** One run of a suite: what it was asked for, and what all its parts share. */
import type { Contract } from "../contract/contract.ts";
import type { Endpoint } from "../endpoint/endpoint.ts";
import type { ExitCode, Problem } from "../kernel/errors.ts";
import type { BaselineBook } from "../verdict/baseline-book.ts";
import type { RunEvent } from "../verdict/run-event.ts";
import type { Asker } from "./asker.ts";
import type { Ledger } from "./ledger.ts";
import type { ReferenceAnswers } from "./reference/reference-answers.ts";
import type { Selection } from "./selection.ts";

export interface SuiteOptions {
  readonly contract: Contract;
  readonly endpoint: Endpoint;
  /** `reference` when the connector itself is under test: its answers are then recorded. */
  readonly role: "reference" | "candidate";
  /** What the endpoint is called where several are asked. */
  readonly side?: string | undefined;
  readonly run: string;
  readonly tally: string;
  readonly at: string;
  readonly selection: Selection;
  readonly seed: number;
  readonly repeat: number;
  readonly callTimeoutMs: number;
  readonly testTimeoutMs: number;
  readonly maxTimeMs: number;
  readonly batch: number;
  readonly noGather: boolean;
  /** Records an operation that are asked alone at the end; 0 for none. */
  readonly gatherCheck: number;
  /** Test files that run at the same time. */
  readonly jobs: number;
  /** Stop after so many failures. */
  readonly maxFailures: number;
  readonly strict: boolean;
  readonly logAll: boolean;
  /** Fields declared sensitive appear as they are instead of as a keyed hash. */
  readonly showSensitive: boolean;
  /** Failures that are accepted; `digest` is that of the file. */
  readonly baseline?: { readonly book: BaselineBook; readonly digest: string } | undefined;
  readonly emit: (event: RunEvent) => void;
  /** Is given the `emit` that sensitive values do not pass: for lines that are printed outside of the suite. */
  readonly onRedacted?: (emit: (event: RunEvent) => void) => void;
  /** Ends the run early; its reason is the exit code (130, 143). */
  readonly signal: AbortSignal;
  /** Asked before the run is told to have ended: what went wrong around it, so that it must not be green. */
  readonly fault?: () => Promise<Problem | undefined>;
}

export interface SuiteResult {
  readonly exit: ExitCode;
}

/** What all parts of one run share. */
export interface RunState {
  readonly options: SuiteOptions;
  readonly ledger: Ledger;
  readonly asker: Asker;
  readonly references: ReferenceAnswers | undefined;
  readonly stopping: AbortSignal;
  /** Problems of files and tables that could not be read. */
  readonly problems: Problem[];
  readonly stop: (why: string, exit?: ExitCode) => void;
}

export interface SuiteFiles {
  /** Test files, pytest files and case tables that can hold selected tests. */
  readonly tests: readonly string[];
  readonly pytest: readonly string[];
  readonly cases: readonly string[];
  /** Pytest files among the selected ones that this Tally has no Python for. */
  readonly leftOut: readonly string[];
  /** Ids seen while running, for the nearest names of a selection without a match. */
  readonly ids: string[];
}
