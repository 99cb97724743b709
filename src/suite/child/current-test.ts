/** The test that is running "here": carried through awaits, so that concurrent tests keep their calls and output apart. */
import { AsyncLocalStorage } from "node:async_hooks";
import type { LocatedMismatch } from "../../verdict/run-event.ts";
import { ExchangeLog } from "./exchange-log.ts";
import type { CallAnswer } from "../messages.ts";

/** One run of one test (or of a hook of a describe): everything it left behind. */
export interface RunningTest {
  /** Position in the file, which orders the records of a round. */
  readonly order: number;
  readonly name: string;
  /** Calls without an answer yet. */
  waiting: number;
  calls: number;
  readonly exchanges: ExchangeLog;
  readonly mismatches: LocatedMismatch[];
  nearTies: number;
  /** Judged: what fails from now on is no longer its own. */
  finished: boolean;
  /** What failed beside the awaited part of the test: rejections nobody handled, exceptions of timers. */
  readonly strays: unknown[];
  /** `operation.field` that agreed only after the normalisation the contract asks for. */
  readonly normalized: string[];
  output: string;
  /** How the random numbers of this test go on: `Math.random` is seeded by --seed and the test. */
  readonly random: () => number;
  /** Answers to records asked alone, when the test runs again to see whether its batch decided (key: see `answerKey`). */
  readonly alone: ReadonlyMap<string, CallAnswer> | undefined;
  /** What @vitest/expect wants to know of a test. */
  readonly task: {
    readonly type: "test";
    readonly fullTestName: string;
    readonly promises: Promise<unknown>[];
    readonly onFinished: (() => unknown)[];
    result?: { state: string; errors?: unknown[] };
  };
  assertions: number;
  expectedAssertions: number | undefined;
  wantsAssertions: boolean;
}

const storage = new AsyncLocalStorage<RunningTest>();

/** The running test, or undefined while a file is being loaded. */
export function currentTest(): RunningTest | undefined {
  return storage.getStore();
}

/** Runs a function as (part of) a test. */
export function asTest<T>(running: RunningTest, run: () => T): T {
  return storage.run(running, run);
}

/** A fresh run of a test. */
export function newRun(
  of: { order: number; name: string; id: string },
  random: () => number,
  alone?: ReadonlyMap<string, CallAnswer>,
): RunningTest {
  return {
    order: of.order,
    name: of.name,
    waiting: 0,
    calls: 0,
    exchanges: new ExchangeLog(),
    mismatches: [],
    nearTies: 0,
    finished: false,
    strays: [],
    normalized: [],
    output: "",
    random,
    alone,
    task: { type: "test", fullTestName: of.id, promises: [], onFinished: [] },
    assertions: 0,
    expectedAssertions: undefined,
    wantsAssertions: false,
  };
}

/** What a record asked alone is found by. */
export function answerKey(operation: string, record: string): string {
  return `${operation}\n${record}`;
}
