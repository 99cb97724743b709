/**
 * The vocabulary of a run: one event is one line of its NDJSON stream, and the stream is the source of every report.
 * Engines produce these, outlets consume them, neither knows the other. Pure data; version 1 (schema/events.schema.json).
 * Wall-clock values stand only under `at` and `ms`. `RecordText` is the JSON text of a record, as it was on the wire;
 * in the NDJSON it is spliced in as JSON (`src/verdict/event-line.ts`).
 */
import type { Mismatch } from "../compare/mismatch.ts";
import type { Tolerance } from "../contract/contract.ts";
import type { Problem } from "../kernel/errors.ts";
import type { Json } from "../kernel/json-value.ts";
import type { Histogram } from "./histogram.ts";

/** What became of one planned test. `known`: accepted in the baseline. */
export type Verdict = "pass" | "fail" | "error" | "skip" | "known";

/** Why a test did not pass, as a stable word. */
export type Reason =
  /** A field beyond its tolerance. */
  | "mismatch"
  /** An assertion of the author that is not about fields, or an exception in the test. */
  | "assertion"
  /** The candidate does not have this operation yet. */
  | "not-implemented"
  /** Right alone and wrong in a batch, or the other way round. */
  | "batch-dependent"
  /** The endpoint or the connector could not be judged. */
  | "fault"
  | "timeout"
  /** A hook before or after the test failed. */
  | "hook"
  /** The file of the test did not load or died. */
  | "file"
  | "skipped"
  | "todo"
  /** Not run because the run stopped before (`-x`, three faults in a row, Ctrl-C, --max-time). */
  | "not-run"
  /** Of an entry of the baseline: its test passes; nothing fails as it says; it stands for too many tests. */
  | "baseline-passing"
  | "baseline-unused"
  | "baseline-wide";

/** What the baseline says to a test, or of an entry that is no longer true. */
export interface BaselineMark {
  readonly state: "known" | "different" | "expired" | "passing" | "unused" | "wide";
  readonly reason: string;
  readonly owner: string;
  /** The last day on which the failure is accepted. */
  readonly expires: string;
  /** `tally.baseline.toml:12`; absent for an entry that is only being written. */
  readonly at?: string;
}

export interface EndpointOutline {
  readonly role: "reference" | "candidate";
  /** Redacted: no user, password or query string. */
  readonly url: string;
  readonly name?: string;
  /** `python 3.11.7 (.venv/bin/python)`, `node 24.21.0`, or nothing. */
  readonly runtime?: string;
  readonly version?: string;
}

export interface OperationOutline {
  readonly name: string;
  readonly after?: string;
  /** Declared output fields; empty when nothing is declared. */
  readonly fields: readonly {
    readonly name: string;
    readonly type: string;
    readonly doc?: string;
    readonly unit?: string;
  }[];
}

/** Something that the contract and the endpoint's own description say differently. */
export interface DescriptionDifference {
  readonly operation: string;
  /** Absent when the operation itself is not there. */
  readonly side?: "input" | "output";
  readonly field?: string;
  /** The type on each side, or `not there`. */
  readonly contract: string;
  readonly endpoint: string;
}

export interface RunStarted {
  readonly type: "run-started";
  readonly v: 1;
  /** Id of the run: also the name of its folder under .tally/runs. */
  readonly run: string;
  readonly at: string;
  readonly tally: string;
  readonly suite: { readonly name: string; readonly version?: string; readonly digest: string };
  readonly seed: number;
  readonly endpoints: readonly EndpointOutline[];
  readonly operations: readonly OperationOutline[];
  /** The selection as it was asked for (`-k`, paths, tags, shard), empty when everything runs. */
  readonly selection: readonly string[];
  /** Whether tests of level `recommended` fail the run too (`--strict`). */
  readonly strict?: boolean;
  /** The accepted failures that the run was held against. */
  readonly baseline?: { readonly file: string; readonly digest: string; readonly entries: number };
  /** Name of the endpoint where the suite was run on several (`-e production=…`). */
  readonly side?: string;
  /** The tables `model` and `operations` of the contract: a failure can be judged again where the contract is not. */
  readonly contract?: Readonly<Record<string, Json>>;
  /** Where the candidate describes itself otherwise than the contract does. */
  readonly differences?: readonly DescriptionDifference[];
}

export interface TestPlanned {
  readonly type: "test-planned";
  /** `path > describe > name`. */
  readonly id: string;
  readonly file: string;
  readonly line?: number;
  readonly name: string;
  readonly kind: "test" | "case";
  readonly level: "required" | "recommended";
  readonly tags: readonly string[];
  readonly bug?: string;
}

/** One record asked and answered within a test: written for failures, for all tests with `--log all`. */
export interface Exchange {
  readonly type: "exchange";
  /** Id of the test. */
  readonly id: string;
  /** Counts within the test, from 1. */
  readonly n: number;
  readonly operation: string;
  readonly input: string;
  /** What the endpoint under test answered; absent when it did not. */
  readonly answer?: string;
  readonly fault?: Problem;
  /** What the reference answered to the same input; absent when not recorded or when the reference itself is under test. */
  readonly reference?: string;
  /** Where the author's code raised, for an error answer of a connector that Tally runs. */
  readonly traceback?: string;
  /** Records in the call that carried this one. */
  readonly batch: number;
  /** The answer to the record alone, where it was asked again and differs. */
  readonly alone?: string;
  /** Asked by the test itself, or by Tally to show an upstream stage. */
  readonly asked: "test" | "stage";
  readonly ms: number;
}

/** A mismatch with the exchange it was found in. */
export interface LocatedMismatch extends Mismatch {
  readonly operation: string;
  /** `n` of the exchange, where it is known. */
  readonly exchange?: number;
  /** Index of the record within the call, when the call had several. */
  readonly record?: number;
}

/** An error of a test as shown to a person. */
export interface TestFailure {
  readonly message: string;
  /** Expected and received, line by line, without colour. */
  readonly diff?: string;
  /** Place in the suite's own source. */
  readonly at?: { readonly file: string; readonly line: number; readonly column: number };
  /** A few lines of source with the place marked. */
  readonly frame?: string;
}

export interface TestJudged {
  readonly type: "test-judged";
  readonly id: string;
  readonly verdict: Verdict;
  readonly reason?: Reason;
  /** Failure id: 8 hex digits, the same on every machine; what `tally replay` takes. */
  readonly failure?: string;
  readonly level: "required" | "recommended";
  /** A `skip` or `todo` reason, or one sentence about the verdict. */
  readonly note?: string;
  readonly mismatches: readonly LocatedMismatch[];
  /** Assertions and exceptions that are not field mismatches. */
  readonly failures: readonly TestFailure[];
  readonly fault?: Problem;
  readonly baseline?: BaselineMark;
  /** First stage and field, in the order of the stages, where candidate and reference part. */
  readonly divergence?: { readonly operation: string; readonly path: string };
  /** Labels that flipped although both scores lie within tolerance of the threshold. */
  readonly nearTies?: number;
  /** Console output of the test. */
  readonly output?: string;
  readonly ms: number;
}

export interface LogLine {
  readonly type: "log";
  /** `suite`, `connector`, `start` (the command of --start). */
  readonly source: string;
  readonly text: string;
  readonly id?: string;
}

export interface Warning {
  readonly type: "warning";
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  /** How often it happened; warnings of one kind and place are counted, not repeated. */
  readonly count?: number;
}

export interface Progress {
  readonly type: "progress";
  readonly planned: number;
  readonly judged: number;
}

/** How much of the contract agrees over all inputs of the suite: the progress board of a port. */
export interface BoardField {
  readonly operation: string;
  readonly field: string;
  /** Records whose value agrees with the reference answer, and records compared. */
  readonly agree: number;
  readonly compared: number;
  readonly implemented: boolean;
}

/** How long the calls of an operation took. */
export interface OperationTiming {
  readonly operation: string;
  readonly calls: number;
  /** Records in those calls. */
  readonly records: number;
  /** Milliseconds a call. */
  readonly ms: Histogram;
}

/** How far the numbers of a field part from the reference's, over all inputs of the suite; equal ones are not in it. */
export interface FieldDeltas {
  readonly operation: string;
  readonly field: string;
  /** `tolerance`: the distance as a multiple of what is allowed. `abs`: the distance itself, where nothing is allowed. */
  readonly scale: "tolerance" | "abs";
  readonly tolerance: Tolerance;
  readonly within: number;
  readonly beyond: number;
  readonly sizes: Histogram;
}

/** What the inputs on which a field disagrees have in common, and those on which it agrees have not. */
export interface Clue {
  readonly operation: string;
  readonly field: string;
  /** Goes on after `where`: `query has upper-case NULL`. */
  readonly words: string;
  /** Inputs looked at on which the field disagrees, and those of them that the words are true of. */
  readonly off: number;
  readonly offWith: number;
  /** The same of the inputs on which it agrees. */
  readonly agree: number;
  readonly agreeWith: number;
}

/** A run before this one, of the same suite against the same role. */
export interface PastRun {
  readonly run: string;
  readonly at: string;
  readonly planned: number;
  readonly pass: number;
  readonly fail: number;
  readonly error: number;
  /** Only some of the tests were selected, or it stopped early. */
  readonly partial?: boolean;
}

export interface RunEnded {
  readonly type: "run-ended";
  readonly planned: number;
  readonly pass: number;
  readonly fail: number;
  readonly error: number;
  readonly skip: number;
  readonly known: number;
  /** Of `fail`: tests of level `recommended`, which fail the run only under --strict. */
  readonly recommended: number;
  readonly nearTies: number;
  /** Calls made to the endpoint under test, records in them, and calls that were repeated. */
  readonly calls: number;
  readonly records: number;
  readonly retries: number;
  readonly board: readonly BoardField[];
  readonly timings?: readonly OperationTiming[];
  readonly deltas?: readonly FieldDeltas[];
  readonly clues?: readonly Clue[];
  /** Oldest first. */
  readonly history?: readonly PastRun[];
  /** Why nothing ran or the run stopped early. */
  readonly stopped?: string;
  readonly problem?: Problem;
  readonly exit: number;
  readonly ms: number;
}

export type RunEvent = RunStarted | TestPlanned | Exchange | TestJudged | LogLine | Warning | Progress | RunEnded;
