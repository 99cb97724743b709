import { describe, expect, test } from "vitest";
import { foldRun } from "../../src/verdict/fold-run.ts";
import type { RunEvent } from "../../src/verdict/run-event.ts";
import { ended, exchange, judged, planned, portUnderWay, started } from "../report/sample-run.ts";

function fold(events: readonly RunEvent[], options = {}) {
  const run = foldRun(options);
  for (const event of events) run.add(event);
  return run.result();
}

const small = [started(), planned("a > 1"), planned("a > 2"), planned("b > 1")];

describe("a folded run", () => {
  test("counts every verdict once and is conserved", () => {
    const { counts, planned: all, unjudged, recommended, nearTies, incomplete, conserved } = fold(portUnderWay());
    expect({ counts, all, unjudged, recommended, nearTies, incomplete, conserved }).toMatchInlineSnapshot(`
      {
        "all": 65,
        "conserved": true,
        "counts": {
          "error": 2,
          "fail": 13,
          "known": 1,
          "pass": 47,
          "skip": 2,
        },
        "incomplete": false,
        "nearTies": 2,
        "recommended": 1,
        "unjudged": 0,
      }
    `);
  });

  test("keeps tests in the order they were planned, whatever the order of their verdicts", () => {
    const run = fold([...small, judged("b > 1"), judged("a > 2"), judged("a > 1")]);
    expect(run.tests.map(({ plan }) => plan.id)).toEqual(["a > 1", "a > 2", "b > 1"]);
  });

  test("keeps what was asked of tests that failed, not of those that passed", () => {
    const run = fold([
      ...small,
      exchange("a > 1", "p"),
      judged("a > 1"),
      exchange("a > 1", "p"),
      exchange("a > 2", "p", { n: 2 }),
      judged("a > 2", { verdict: "fail" }),
      exchange("a > 2", "p"),
    ]);
    expect(run.tests.map(({ exchanges }) => exchanges.map(({ n }) => n))).toEqual([[], [1, 2], []]);
  });

  test("keeps everything where that is asked for", () => {
    const run = fold([...small, exchange("a > 1", "p"), judged("a > 1")], { keepPassed: true });
    expect(run.tests[0]?.exchanges).toHaveLength(1);
  });

  test("stays within its bound and says how much it left out", () => {
    const run = fold(
      [...small, exchange("a > 1", "p", { input: "1234" }), exchange("a > 2", "p", { input: "5678901" })],
      { maxRecordText: 6 },
    );
    expect(run.exchangesDropped).toBe(1);
    expect(run.tests.map(({ exchanges }) => exchanges.length)).toEqual([1, 0, 0]);
  });

  test("is incomplete without its end", () => {
    const run = fold([...small, judged("a > 1")]);
    expect(run).toMatchObject({ incomplete: true, unjudged: 2, counts: { pass: 1 } });
  });

  const whole = [...small, judged("a > 1"), judged("a > 2"), judged("b > 1")];
  test.each<[string, readonly RunEvent[]]>([
    ["a verdict is missing", [...whole.slice(0, -1), ended(whole)]],
    ["a test is judged twice", [...whole, judged("a > 1"), ended(whole)]],
    ["a test was never planned", [...whole, judged("c > 1"), ended([...whole, planned("c > 1"), judged("c > 1")])]],
    ["the run counts otherwise", [...whole, ended(whole, { pass: 2, fail: 1 })]],
  ])("is not conserved when %s", (_name, events) => {
    expect(fold([...whole, ended(whole)]).conserved).toBe(true);
    expect(fold(events).conserved).toBe(false);
  });

  test("shows a verdict that nobody planned", () => {
    const run = fold([started(), judged("c > 1", { verdict: "error" })]);
    expect(run.tests.map(({ plan, judged: verdict }) => [plan.file, verdict?.verdict])).toEqual([["c", "error"]]);
  });
});
