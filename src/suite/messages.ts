/**
 * What Tally and the child process of a test file say to each other. Records travel as JSON text, so Tally relays
 * them between child and endpoint without taking them apart.
 */
import type { Operation } from "../contract/contract.ts";
import type { Problem } from "../kernel/errors.ts";
import type { Exchange, LocatedMismatch, Reason, TestFailure, Verdict } from "../verdict/run-event.ts";

/** First message to a child: load this file and say which tests it has. */
export interface LoadFile {
  readonly type: "load";
  /** Absolute path, and the path that test ids begin with. */
  readonly file: string;
  readonly id: string;
  readonly root: string;
  readonly operations: Readonly<Record<string, Operation>> | undefined;
  readonly seed: number;
  readonly testTimeoutMs: number;
  /** Send each call by itself. */
  readonly noGather: boolean;
  /** Run test by test and announce each: how a test that killed its process is found. */
  readonly oneByOne: boolean;
  /** The file stops by itself after so many failures. */
  readonly maxFailures: number;
  /** How often each test runs. */
  readonly repeat: number;
  /** Send the exchanges of passing tests too. */
  readonly logAll: boolean;
}

/** Second message: run the tests with these indices. */
export interface RunTests {
  readonly type: "run";
  readonly indices: readonly number[];
}

/** The answer to one record of a call. */
export type CallAnswer =
  | { readonly kind: "answered"; readonly text: string; readonly batch: number; readonly ms: number }
  | { readonly kind: "fault"; readonly fault: Problem; readonly ms: number }
  | { readonly kind: "not-implemented" };

/** Answers of one round, in the order of its calls and of their records. */
export interface RoundAnswered {
  readonly type: "answers";
  readonly round: number;
  readonly answers: readonly (readonly CallAnswer[])[];
}

/** The same, as it travels. */
export interface AnswersPacked extends Omit<RoundAnswered, "answers"> {
  readonly answers: PackedAnswers;
}

/** No new test may start; those under way are given up. */
export interface StopTests {
  readonly type: "stop";
}

export type ToChild = LoadFile | RunTests | AnswersPacked | StopTests;

export interface CollectedTest {
  readonly index: number;
  /** Where it is, when the process holds several files. */
  readonly file?: string;
  readonly id: string;
  readonly name: string;
  readonly line?: number;
  readonly level: "required" | "recommended";
  readonly tags: readonly string[];
  readonly bug?: string;
  readonly mode: "run" | "skip" | "todo";
  readonly note?: string;
  readonly timeoutMs: number;
}

/** What a file holds; `problem` when it could not be loaded. */
export interface Collected {
  readonly type: "collected";
  readonly tests: readonly CollectedTest[];
  readonly problem?: Problem;
  /** Of several files, those that could not be loaded. */
  readonly broken?: readonly { readonly file: string; readonly problem: Problem }[];
  readonly warnings: readonly { readonly code: string; readonly message: string; readonly hint?: string }[];
}

/** The calls of one round, sorted by test. */
export interface CallRound {
  readonly type: "calls";
  readonly round: number;
  readonly calls: readonly RoundCall[];
}

/** The same, as it travels. */
export interface CallsPacked extends Omit<CallRound, "calls"> {
  readonly calls: PackedRound;
}

export interface RoundCall {
  readonly operation: string;
  readonly records: readonly string[];
  /** Not to be joined with any other call; with `single`, not even its records with each other. */
  readonly apart: boolean;
  readonly single: boolean;
}

export interface Started {
  readonly type: "started";
  readonly index: number;
}

/** What became of one test, as the child saw it. */
export interface TestOutcome {
  readonly verdict: Exclude<Verdict, "known">;
  readonly reason?: Reason;
  readonly note?: string;
  readonly mismatches: readonly LocatedMismatch[];
  readonly failures: readonly TestFailure[];
  readonly fault?: Problem;
  readonly nearTies: number;
  /** `operation.field` that agreed only after normalising. */
  readonly normalized?: readonly string[];
  readonly output?: string;
  readonly exchanges: readonly Omit<Exchange, "type" | "id">[];
  readonly ms: number;
}

export interface Judged {
  readonly type: "judged";
  readonly index: number;
  readonly outcome: TestOutcome;
}

/** Tests that were judged since the last such message. */
export interface JudgedTogether {
  readonly type: "judged-together";
  readonly tests: readonly Judged[];
}

export interface ChildLog {
  readonly type: "log";
  readonly text: string;
}

/** A failure that belongs to no test: of afterAll, of something nobody awaited. It fails the file. */
export interface LooseFailure {
  readonly type: "loose";
  readonly where: string;
  readonly failure: TestFailure;
  readonly fault?: Problem;
}

/** All tests asked for are judged. */
export interface Finished {
  readonly type: "finished";
}

export type FromChild = Collected | CallsPacked | Started | JudgedTogether | ChildLog | Finished | LooseFailure;

/** Calls in a row that differ in nothing but their records. */
export interface PackedCalls extends Omit<RoundCall, "records"> {
  /** How many records each call has. */
  readonly sizes: readonly number[];
  /** Their texts. */
  readonly records: string;
}

/** A round, packed (round-wire.ts). */
export type PackedRound = readonly PackedCalls[];

/** All answers of a round, one after the other. */
export interface PackedAnswers {
  /** Texts of what was answered; empty for what was not. */
  readonly texts: string;
  readonly batches: readonly number[];
  readonly ms: readonly number[];
  /** What was not answered, with its place. */
  readonly others: readonly (readonly [number, CallAnswer])[];
}
