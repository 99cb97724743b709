import { describe, expect, test } from "vitest";
import type { ExitCode } from "../../src/kernel/errors.ts";
import { exitOfRun, type RunFacts, strongestExit } from "../../src/verdict/exit-code.ts";

const facts = (over: Partial<RunFacts>): RunFacts => ({
  planned: 0,
  pass: 0,
  fail: 0,
  error: 0,
  skip: 0,
  known: 0,
  recommended: 0,
  notRun: 0,
  strict: false,
  computed: false,
  faults: [],
  others: [],
  ...over,
});

describe("the exit code of a run", () => {
  const table: readonly [string, ExitCode, Partial<RunFacts>][] = [
    ["all agree", 0, { planned: 2, pass: 2 }],
    ["a test failed", 1, { planned: 2, pass: 1, fail: 1 }],
    ["only recommended tests failed", 0, { planned: 2, pass: 1, fail: 1, recommended: 1 }],
    [
      "only recommended tests failed, and the run is strict",
      1,
      { planned: 2, pass: 1, fail: 1, recommended: 1, strict: true },
    ],
    ["a required and a recommended test failed", 1, { planned: 2, fail: 2, recommended: 1 }],
    ["the endpoint could not be judged", 3, { planned: 2, pass: 1, error: 1 }],
    ["the connector failed", 4, { planned: 2, pass: 1, error: 1, faults: [4] }],
    ["the connector and the endpoint failed", 4, { planned: 2, error: 2, faults: [3, 4] }],
    ["a test failed and another could not be judged", 1, { planned: 2, fail: 1, error: 1, faults: [3] }],
    ["no tests", 5, {}],
    ["all tests are skipped", 5, { planned: 2, skip: 2 }],
    ["some tests are skipped", 0, { planned: 2, pass: 1, skip: 1 }],
    ["all failures are known", 0, { planned: 2, known: 2 }],
    ["a computed selection is empty", 0, { computed: true }],
    ["the run stopped before the end", 6, { planned: 3, pass: 1, skip: 2, notRun: 2 }],
    ["the run stopped before the first test", 6, { planned: 3, skip: 3, notRun: 3 }],
    ["the run was interrupted", 130, { planned: 3, pass: 1, skip: 2, notRun: 2, others: [130] }],
    ["interrupted after a failure", 1, { planned: 3, fail: 1, skip: 2, notRun: 2, others: [130] }],
    ["a verdict was lost", 70, { planned: 3, pass: 1, fail: 1 }],
    ["a file did not load beside failures", 2, { planned: 2, fail: 1, error: 1, faults: [2] }],
  ];
  test.each(table)("%s: %i", (_name, exit, over) => {
    expect(exitOfRun(facts(over))).toBe(exit);
  });

  test("follows one order of precedence", () => {
    const order: readonly ExitCode[] = [70, 7, 2, 1, 5, 4, 3, 130, 143, 6, 0];
    for (const [at, code] of order.entries()) expect(strongestExit(order.slice(at).toReversed())).toBe(code);
    expect(strongestExit([])).toBe(0);
  });
});
