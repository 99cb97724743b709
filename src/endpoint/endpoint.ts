/**
 * What can be called: anything that answers operations, whatever is behind it (HTTP, a unix socket, a program on
 * stdin/stdout, a Python or Node connector). Comes in: the JSON text of records. Goes out: the JSON text of as many
 * records in the same order, or a fault as data. Knows no contract, no test and no tolerance, and never throws for
 * what an endpoint does wrong.
 */
import type { Problem } from "../kernel/errors.ts";

/** The JSON text of one record, as it was or will be on the wire. */
export type RecordText = string;

/** Types by the names of fields, as an endpoint writes them. */
export type DescribedFields = Readonly<Record<string, string>>;

/** What `GET /` (or `$describe`) said; every part optional. */
export interface Description {
  readonly name?: string;
  readonly version?: string;
  readonly maxBatch?: number;
  readonly operations?: readonly string[];
  /** `after` of the operations that name one. */
  readonly after?: Readonly<Record<string, string>>;
  /** Of the operations that say it. */
  readonly fields?: Readonly<
    Record<string, { readonly input?: DescribedFields | undefined; readonly output?: DescribedFields | undefined }>
  >;
  /** `python 3.11.7 (/usr/bin/python3)`, `node 24.21.0`. */
  readonly runtime?: string;
  /** What was odd while it loaded, in sentences. */
  readonly notes?: readonly string[];
}

/** What became of one call. */
export type CallOutcome =
  | {
      readonly kind: "answered";
      readonly answers: readonly RecordText[];
      readonly ms: number;
      readonly notes: readonly CallNote[];
    }
  /** Could not be judged; `splitting` says whether asking fewer records may help. */
  | {
      readonly kind: "fault";
      readonly fault: Problem;
      readonly splitting: boolean;
      readonly stop: boolean;
      readonly ms: number;
    }
  /** This operation is not there, although the endpoint is. */
  | { readonly kind: "not-implemented"; readonly ms: number }
  /** 413: ask fewer records at a time. */
  | { readonly kind: "too-large"; readonly fault: Problem; readonly ms: number };

/** Something odd about an answer that did not spoil it: bare NaN tokens, a BOM, bytes after the body. */
export interface CallNote {
  readonly code: string;
  readonly message: string;
  /** How often in this answer; once unless told. */
  readonly count?: number;
}

export interface CallOptions {
  /** Total deadline of the call, retries included. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface Endpoint {
  /** Redacted address, fit for reports. */
  readonly url: string;
  /** Starts what has to be started. Throws a TallyError when that fails. Idempotent. */
  start(): Promise<void>;
  /** What the endpoint says of itself, or undefined. Asked once. */
  describe(): Promise<Description | undefined>;
  call(operation: string, records: readonly RecordText[], options: CallOptions): Promise<CallOutcome>;
  /** Where the author's code raised for this record, if Tally runs that code: the traceback of its last error answer. */
  tracebackOf?(operation: string, record: RecordText): string | undefined;
  /** Calls sent again because nothing had been answered. */
  readonly retries: number;
  /** How many calls may be under way at once. */
  readonly concurrency: number;
  close(): Promise<void>;
}
