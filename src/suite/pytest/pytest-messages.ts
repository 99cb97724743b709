/** What Tally and the process of the pytest files say to each other (protocol/pytest.md). */
import type { Tolerance } from "../../contract/contract.ts";
import type { WireOperation } from "../../connector/worker-protocol.ts";
import type { TestFailure } from "../../verdict/run-event.ts";

/** The version both sides must speak. */
export const pytestProtocol = 1;

export interface PytestHello {
  readonly type: "hello";
  readonly protocol: number;
  readonly tally: string;
  readonly root: string;
  /** Absolute paths. */
  readonly files: readonly string[];
  readonly operations: Readonly<Record<string, WireOperation>> | null;
  readonly repeat: number;
  /** Whether calls of items to come may be asked ahead. */
  readonly gather: boolean;
}

export interface PytestTest {
  readonly index: number;
  readonly file: string;
  readonly names: readonly string[];
  readonly line: number | null;
  readonly level: "required" | "recommended";
  readonly tags: readonly string[];
  readonly bug: string | null;
  /** Seconds. */
  readonly timeout: number | null;
}

export interface PytestCollected {
  readonly type: "collected";
  readonly pytest: string;
  readonly tests: readonly PytestTest[];
  readonly broken: readonly { readonly file: string; readonly message: string; readonly traceback: string }[];
  /** Files some of whose tests pytest itself has left out (`-m`, `-k`). */
  readonly deselected: readonly string[];
}

export interface PytestFatal {
  readonly type: "fatal";
  readonly code: string;
  readonly message: string;
}

export interface PytestCall {
  readonly operation: string;
  readonly index: number;
  readonly records: readonly string[];
}

/** One answer held against what a test expects of it. */
export interface PytestPair {
  /** `n` of the exchange within the test; null for a record that no test of this process asked for. */
  readonly exchange: number | null;
  readonly operation: string | null;
  readonly answer: string;
  readonly expected: string;
  readonly tolerances: Readonly<Record<string, Tolerance>>;
}

export interface PytestCompare {
  readonly type: "compare";
  readonly index: number;
  readonly many: boolean;
  readonly tolerance: Tolerance | null;
  readonly pairs: readonly PytestPair[];
}

export interface PytestJudged {
  readonly type: "judged";
  readonly index: number;
  readonly outcome: "passed" | "failed" | "skipped";
  readonly by?: "hook" | "mismatch" | "assertion";
  readonly note?: string;
  readonly failures: readonly Pick<TestFailure, "message" | "at">[];
  readonly output?: string;
  readonly ms: number;
  /** It has run once more, as it was told to. */
  readonly again?: true;
  /** Whether this item can be run once more. */
  readonly repeatable: boolean;
}

/** What is answered to a question. */
export type PytestQuestion =
  | ({ readonly type: "call" } & PytestCall)
  | { readonly type: "foresee"; readonly calls: readonly PytestCall[] }
  | PytestCompare
  | PytestJudged;

export type FromPytest =
  | PytestCollected
  | PytestFatal
  | PytestQuestion
  | { readonly type: "started"; readonly index: number }
  | { readonly type: "finished" };

export type ToPytest =
  | PytestHello
  | { readonly type: "run"; readonly indices: readonly number[] }
  | {
      readonly type: "answers";
      readonly answers: readonly (
        | { readonly answer: string; readonly exchange: number }
        | { readonly fault: { readonly code: string; readonly message: string } }
      )[];
    }
  | { readonly type: "foreseen" }
  | { readonly type: "compared"; readonly mismatches: readonly string[] }
  | { readonly type: "refused"; readonly code: string; readonly message: string; readonly hint: string }
  | { readonly type: "next"; readonly again: boolean; readonly stop: boolean };
