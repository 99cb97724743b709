/** `test`, `describe` and the hooks, as test files import them from "tallyml". */
import { tallyError } from "../../kernel/errors.ts";
import { eachTitle } from "./each-title.ts";
import {
  currentDescribe,
  type DescribeNode,
  describeNode,
  type HookName,
  type TestFunction,
  type TestOptions,
} from "./test-tree.ts";

/** A row of `test.each` spread over the parameters: an array row gives several, any other row one. */
type RowArguments<Row> = Row extends readonly unknown[] ? [...Row] : [row: Row];

/** `test("name", fn)`, `test("name", { tags: ["smoke"] }, fn)`, `test("name", fn, 5_000)`. */
export interface TestCall {
  (name: string, run?: TestFunction, timeoutMs?: number): void;
  (name: string, options: TestOptions, run?: TestFunction): void;
}

/** `each(rows)("name", (…row) => …)`: a test or a describe for each row. */
export interface EachCall {
  <const Row>(rows: readonly Row[]): {
    (name: string, run: (...row: RowArguments<Row>) => unknown, timeoutMs?: number): void;
    (name: string, options: TestOptions, run: (...row: RowArguments<Row>) => unknown): void;
  };
}

interface Variants<Call> {
  readonly skip: Call;
  readonly only: Call;
  readonly todo: Call;
  readonly sequential: Call;
  readonly each: EachCall;
  /** `skipIf(condition)`, `runIf(condition)`: the test is skipped where the condition says so. */
  readonly skipIf: (condition: unknown) => Call;
  readonly runIf: (condition: unknown) => Call;
}

/** `test`, and everything that hangs on it: `test.skip`, `test.each` … */
export interface TestApi extends TestCall, Variants<TestCall> {
  /** A failure is reported and fails the run only under --strict. */
  readonly recommended: TestCall;
}

/** `describe`, and everything that hangs on it. */
export interface DescribeApi extends TestCall, Variants<TestCall> {}

type Add = (name: string, options: TestOptions, run: TestFunction | undefined, line: number | undefined) => void;

/**
 * Writes a test down; it runs when its file is loaded completely. Tests run at the same time unless they are `sequential`.
 *
 * @example
 * ```ts
 * import { expect, operation, test } from "tallyml";
 * const process = operation("process");
 * test("counts null words", { tags: ["smoke"] }, async () => {
 *   expect(await process({ query: "SELECT NULL, null" })).toTally({ null_values: 2 });
 * });
 * test.each([["", 0], ["a", 1]])("%j has length %d", (text, length) => {
 *   expect(text).toHaveLength(length);
 * });
 * ```
 */
export const test: TestApi = Object.assign(callWith(addTest, {}), variants(addTest), {
  recommended: callWith(addTest, { level: "recommended" }),
});

/**
 * The same as `test`.
 *
 * @example
 * ```ts
 * import { expect, it } from "tallyml";
 * it("adds up", () => expect(1 + 1).toBe(2));
 * ```
 */
export const it: TestApi = test;

/**
 * Groups tests: a name in front of theirs, options that they inherit, hooks of their own.
 *
 * @example
 * ```ts
 * import { describe, expect, test } from "tallyml";
 * describe("an empty text", { tags: ["edge"] }, () => {
 *   test("has no characters", () => expect([...""]).toEqual([]));
 * });
 * ```
 */
export const describe: DescribeApi = Object.assign(callWith(addDescribe, {}), variants(addDescribe));

/**
 * Runs once before the tests of this file or describe.
 *
 * @example
 * ```ts
 * import { beforeAll, expect, test } from "tallyml";
 * let calls = 0;
 * beforeAll(() => {
 *   calls += 1;
 * });
 * test("counts", () => expect(calls).toBe(1));
 * ```
 */
export const beforeAll = hook("beforeAll");
/**
 * Runs before each test; the tests of its file or describe then run one after the other.
 *
 * @example
 * ```ts
 * import { beforeEach, expect, test } from "tallyml";
 * let calls = 0;
 * beforeEach(() => {
 *   calls += 1;
 * });
 * test("counts", () => expect(calls).toBe(1));
 * ```
 */
export const beforeEach = hook("beforeEach");
/**
 * Runs after each test, also a failed one; the tests of its file or describe then run one after the other.
 *
 * @example
 * ```ts
 * import { afterEach, expect, test } from "tallyml";
 * let calls = 0;
 * afterEach(() => {
 *   calls += 1;
 * });
 * test("counts", () => expect(calls).toBe(0));
 * ```
 */
export const afterEach = hook("afterEach");
/**
 * Runs once after the tests of this file or describe.
 *
 * @example
 * ```ts
 * import { afterAll, expect, test } from "tallyml";
 * let calls = 0;
 * afterAll(() => {
 *   calls += 1;
 * });
 * test("counts", () => expect(calls).toBe(0));
 * ```
 */
export const afterAll = hook("afterAll");

function variants(add: Add): Variants<TestCall> {
  const conditional = (condition: boolean): TestCall => callWith(add, condition ? { skip: true } : {});
  return {
    skip: callWith(add, { skip: true }),
    only: callWith(add, { only: true }),
    todo: callWith(add, { todo: true }),
    sequential: callWith(add, { sequential: true }),
    each: eachWith(add),
    skipIf: (condition) => conditional(Boolean(condition)),
    runIf: (condition) => conditional(!condition),
  };
}

function callWith(add: Add, preset: TestOptions): TestCall {
  return function call(name: string, second?: TestFunction | TestOptions, third?: TestFunction | number): void {
    const { options, run } = readArguments(second, third);
    add(name, { ...preset, ...options }, run, callerLine(call));
  };
}

function eachWith(add: Add): EachCall {
  return (rows) =>
    function call(
      name: string,
      second: TestOptions | ((...row: never[]) => unknown),
      third?: number | ((...row: never[]) => unknown),
    ): void {
      const { options, run } = readArguments(second, third);
      const line = callerLine(call);
      for (const [index, row] of rows.entries()) {
        const values: readonly unknown[] = Array.isArray(row) ? row : [row];
        add(eachTitle(name, row, index), options, run && (() => Reflect.apply(run, undefined, values)), line);
      }
    };
}

function readArguments(second: unknown, third: unknown): { options: TestOptions; run: TestFunction | undefined } {
  const run = [second, third].find((argument): argument is TestFunction => typeof argument === "function");
  const options: TestOptions = typeof second === "object" && second !== null ? second : {};
  return { options: typeof third === "number" ? { ...options, timeout: third } : options, run };
}

function place(what: string): DescribeNode {
  const node = currentDescribe();
  if (node === undefined) throw tallyError("suite-outside", { what });
  return node;
}

function addTest(name: string, options: TestOptions, run: TestFunction | undefined, line: number | undefined): void {
  const parent = place("test");
  const mode = run === undefined && !options.skip ? { ...options, todo: true } : options;
  parent.children.push({ kind: "test", name, options: mode, run, parent, line, index: 0 });
}

function addDescribe(name: string, options: TestOptions, body: TestFunction | undefined): void {
  const parent = place("describe");
  parent.children.push(describeNode(name, options, parent, body));
}

function hook(name: HookName): (run: TestFunction) => void {
  return (run) => {
    place(name).hooks[name].push(run);
  };
}

/** Line of the suite's own source that called `below`; native type stripping keeps lines exact. */
function callerLine(below: (...args: never[]) => unknown): number | undefined {
  const holder: { stack?: string } = {};
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 1;
  Error.captureStackTrace(holder, below);
  Error.stackTraceLimit = limit;
  const line = /:(\d+):\d+\)?$/m.exec(holder.stack ?? "")?.[1];
  return line === undefined ? undefined : Number(line);
}
