/**
 * `test`, `describe` and the hooks of `tallyml` on top of Vitest's own. Comes in: what a test file writes down. Goes out:
 * tests of Vitest, with the names, the order and the concurrency that `tally test` gives them.
 */
import * as vitest from "vitest";
import { EndpointFault } from "../child/operation.ts";
import { asTest, type RunningTest } from "../child/current-test.ts";
import { eachTitle } from "../child/each-title.ts";
import type { DescribeApi, EachCall, TestApi, TestCall } from "../child/test-api.ts";
import type { HookName, TestFunction, TestOptions } from "../child/test-tree.ts";
import { asHook, beginTest, endTest } from "./vitest-session.ts";
import { withExpect } from "./vitest-expect.ts";

/** A file or describe while it is being filled. */
interface Scope {
  readonly parent: Scope | undefined;
  /** Options that its tests inherit. */
  readonly options: TestOptions;
  /** Hooks around each test, or `sequential`: its tests run one after the other. */
  serial: boolean;
  /** Vitest's own node, once it is there. */
  suite: vitest.RunnerTestSuite | undefined;
}

const root: Scope = { parent: undefined, options: {}, serial: false, suite: undefined };
let scope = root;

type Add = (name: string, options: TestOptions, run: TestFunction | undefined) => void;

export const test: TestApi = Object.assign(callWith(addTest, {}), variants(addTest), {
  recommended: callWith(addTest, { level: "recommended" }),
});

export const describe: DescribeApi = Object.assign(callWith(addDescribe, {}), variants(addDescribe));

function variants(add: Add): Omit<DescribeApi, never> {
  const conditional = (condition: boolean): TestCall => callWith(add, condition ? { skip: true } : {});
  return Object.assign(callWith(add, {}), {
    skip: callWith(add, { skip: true }),
    only: callWith(add, { only: true }),
    todo: callWith(add, { todo: true }),
    sequential: callWith(add, { sequential: true }),
    each: eachWith(add),
    skipIf: (condition: unknown) => conditional(Boolean(condition)),
    runIf: (condition: unknown) => conditional(!condition),
  });
}

function callWith(add: Add, preset: TestOptions): TestCall {
  return (name: string, second?: TestFunction | TestOptions, third?: TestFunction | number): void => {
    const { options, run } = readArguments(second, third);
    add(name, { ...preset, ...options }, run);
  };
}

function eachWith(add: Add): EachCall {
  return (rows) =>
    (name: string, second: TestOptions | ((...row: never[]) => unknown), third?: unknown): void => {
      const { options, run } = readArguments(second, third);
      for (const [index, row] of rows.entries()) {
        const values: readonly unknown[] = Array.isArray(row) ? row : [row];
        add(eachTitle(name, row, index), options, run && (() => Reflect.apply(run, undefined, values)));
      }
    };
}

function readArguments(second: unknown, third: unknown): { options: TestOptions; run: TestFunction | undefined } {
  const run = [second, third].find((argument): argument is TestFunction => typeof argument === "function");
  const options: TestOptions = typeof second === "object" && second !== null ? second : {};
  return { options: typeof third === "number" ? { ...options, timeout: third } : options, run };
}

function addTest(name: string, options: TestOptions, run: TestFunction | undefined): void {
  const serial = options.sequential === true || isSerial(scope);
  // A describe that holds it must not meet its neighbours either.
  if (options.sequential === true) keepApart(scope);
  vitest.test(name, vitestOptions(options, !serial), run && ((context) => runTest(name, run, context)));
}

function addDescribe(name: string, options: TestOptions, body: TestFunction | undefined): void {
  const parent = scope;
  vitest.describe(
    name,
    vitestOptions(options, undefined),
    body &&
      (async () => {
        const own: Scope = { parent, options, serial: options.sequential === true, suite: currentSuite() };
        scope = own;
        if (own.suite) own.suite.concurrent = true;
        if (own.serial) keepApart(own);
        try {
          await body();
        } finally {
          scope = parent;
        }
      }),
  );
}

function currentSuite(): vitest.RunnerTestSuite | undefined {
  return vitest.TestRunner.getCurrentSuite().suite;
}

function isSerial(of: Scope): boolean {
  return of.serial || (of.parent !== undefined && isSerial(of.parent));
}

/** A describe, and those around it, run by themselves. */
function keepApart(of: Scope): void {
  for (let at: Scope | undefined = of; at !== undefined; at = at.parent) {
    if (at.suite) at.suite.concurrent = false;
  }
}

/** What Vitest makes of our options: `level` and `bug` go with the test, for reporters. */
function vitestOptions(options: TestOptions, concurrent: boolean | undefined): vitest.TestOptions {
  const { bug, level, only, skip, tags, timeout, todo } = options;
  return {
    ...(timeout === undefined ? {} : { timeout }),
    ...(tags === undefined ? {} : { tags: [...tags] }),
    ...(only === undefined ? {} : { only }),
    ...(skip === undefined ? {} : { skip: skip !== false }),
    ...(todo === undefined ? {} : { todo }),
    ...(concurrent === undefined ? {} : { concurrent }),
    meta: { ...(bug === undefined ? {} : { bug }), ...(level === undefined ? {} : { level }) },
  };
}

/** Tests under way, for the hooks around them. */
const underWay = new WeakMap<object, RunningTest>();

function runningOf({ task }: vitest.TestContext): RunningTest {
  const known = underWay.get(task);
  if (known !== undefined && !known.finished) return known;
  const made = beginTest(task.fullName, task.name);
  underWay.set(task, made);
  return made;
}

async function runTest(name: string, run: TestFunction, context: vitest.TestContext): Promise<void> {
  const running = runningOf(context);
  try {
    await asTest(running, () => withExpect(context.expect, run));
    // The author may have caught it; that the endpoint did not answer stays.
    const fault = running.exchanges.list.find((exchange) => exchange.fault !== undefined)?.fault;
    if (fault !== undefined) throw new EndpointFault(fault);
    if (running.waiting > 0) vitest.assert.fail(`"${name}" was over while a call was still open: await the operation`);
  } finally {
    endTest(running);
  }
}

/** A hook of all tests below; around each test it may ask as part of that test. */
function hook(name: HookName): (run: TestFunction) => void {
  return (run) => {
    keepApart(scope);
    if (name === "beforeAll" || name === "afterAll") {
      const around = name === "beforeAll" ? vitest.beforeAll : vitest.afterAll;
      around(() => asHook(name, run));
      return;
    }
    const each = name === "beforeEach" ? vitest.beforeEach : vitest.afterEach;
    scope.serial = true;
    // Tests of this file or describe that were written down before the hook.
    for (const task of vitest.TestRunner.getCurrentSuite().tasks) if (task.type === "test") task.concurrent = false;
    each((context) => asTest(runningOf(context), () => withExpect(context.expect, run)));
  };
}

export const beforeAll = hook("beforeAll");
export const beforeEach = hook("beforeEach");
export const afterEach = hook("afterEach");
export const afterAll = hook("afterAll");
