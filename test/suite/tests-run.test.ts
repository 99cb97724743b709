import { expect, test } from "vitest";
import { tell } from "../kit/events.ts";
import { withTests } from "../kit/length-model.ts";
import { project } from "../kit/project.ts";

test("tests pass, fail, are skipped and are to be done", async () => {
  const suite = project(
    withTests(`
      test("right", async () => { expect(await process({ text: "abc" })).toTally({ length: 3, half: 1.5, label: null }); });
      test("wrong", async () => { expect(await process({ text: "abc" })).toTally({ length: 4 }); });
      test("no assertion", () => {});
      test.skip("left out", () => { throw new Error("never"); });
      test("left out with a reason", { skip: "not on Mondays" }, () => {});
      test.todo("some day");
      test("without a body");
      it("is the same as test", () => { expect(1).toBe(1); });
      test.runIf(false)("not here", () => {});
      test.skipIf(false)("here", () => {});
    `),
  );
  const { ended, exit, verdicts } = await tell(suite);
  expect(verdicts).toEqual({
    right: "pass",
    wrong: "fail mismatch",
    "no assertion": "pass",
    "left out": "skip skipped",
    "left out with a reason": "skip skipped",
    "some day": "skip todo",
    "without a body": "skip todo",
    "is the same as test": "pass",
    "not here": "skip skipped",
    here: "pass",
  });
  expect(exit).toBe(1);
  expect({ ...ended, ms: 0 }).toMatchObject({ planned: 10, pass: 4, fail: 1, skip: 5, error: 0, exit: 1 });
});

test("one record in, one out; many in, many out, in order; none in, none out", async () => {
  const suite = project(
    withTests(`
      test("one", async () => { expect((await process({ text: "abcd" })).length).toBe(4); });
      test("many", async () => { expect((await process([{ text: "a" }, { text: "bb" }, { text: "" }])).map((row) => row.length)).toEqual([1, 2, 0]); });
      test("none", async () => { expect(await process([])).toEqual([]); });
      test("many with toTally", async () => { expect(await process([{ text: "a" }, { text: "bb" }])).toTally([{ length: 1 }, { length: 2 }]); });
    `),
  );
  expect((await tell(suite)).verdicts).toEqual({
    one: "pass",
    many: "pass",
    none: "pass",
    "many with toTally": "pass",
  });
});

test("toTally names the field, both values and how far apart they are", async () => {
  const suite = project(
    withTests(`
      test("far", async () => { expect(await process({ text: "abc" })).toTally({ half: 1.25 }); });
      test("second of two", async () => { expect(await process([{ text: "a" }, { text: "bb" }])).toTally([{ length: 1 }, { length: 3 }]); });
      test("lists of different length", async () => { expect(await process([{ text: "a" }])).toTally([{ length: 1 }, { length: 3 }]); });
    `),
  );
  const { judged } = await tell(suite);
  expect(judged.map(({ failures, mismatches }) => ({ message: failures[0]?.message, mismatches })))
    .toMatchInlineSnapshot(`
    [
      {
        "message": "the answer does not tally
      half  expected 1.25  got 1.5  (abs 0.25, rel 0.2, 1.13e15 ulp; tolerance rel 1e-9)",
        "mismatches": [
          {
            "candidate": "1.5",
            "delta": {
              "abs": 0.25,
              "rel": 0.2,
              "ulp": 1125899906842624,
            },
            "exchange": 1,
            "kind": "value",
            "operation": "process",
            "path": "half",
            "reference": "1.25",
            "tolerance": {
              "rel": 1e-9,
            },
          },
        ],
      },
      {
        "message": "the answer does not tally
      record 1: length  expected 3  got 2  (abs 1, rel 0.333)",
        "mismatches": [
          {
            "candidate": "2",
            "delta": {
              "abs": 1,
              "rel": 0.3333333333333333,
            },
            "exchange": 2,
            "kind": "value",
            "operation": "process",
            "path": "length",
            "record": 1,
            "reference": "3",
          },
        ],
      },
      {
        "message": "the answer does not tally
      the record  expected 2  got 1  (another length)",
        "mismatches": [
          {
            "candidate": "1",
            "kind": "length",
            "operation": "",
            "path": "",
            "reference": "2",
          },
        ],
      },
    ]
  `);
});

test("approx, tolerances and asymmetric matchers stand in for values", async () => {
  const suite = project(
    withTests(`
      test("approx", async () => { expect(await process({ text: "abc" })).toTally({ half: approx(1.4, { abs: 0.2 }) }); });
      test("approx too far", async () => { expect(await process({ text: "abc" })).toTally({ half: approx(1.4, { abs: 0.01 }) }); });
      test("a tolerance for all", async () => { expect(await process({ text: "abc" })).toTally({ half: 1.4 }, { abs: 0.2 }); });
      test("matcher", async () => { expect(await process({ text: "abc" })).toTally({ length: expect.any(Number) }); });
      test("matcher that fails", async () => { expect(await process({ text: "abc" })).toTally({ length: expect.any(String) }); });
      test("approx in another matcher", async () => { expect(await process({ text: "abc" })).toEqual({ length: 3, half: approx(1.5), label: null }); });
      test("not", async () => { expect(await process({ text: "abc" })).not.toTally({ length: 4 }); });
      test("not, but it does", async () => { expect(await process({ text: "abc" })).not.toTally({ length: 3 }); });
    `),
  );
  expect((await tell(suite)).verdicts).toEqual({
    approx: "pass",
    "approx too far": "fail mismatch",
    "a tolerance for all": "pass",
    matcher: "pass",
    "matcher that fails": "fail mismatch",
    "approx in another matcher": "pass",
    not: "pass",
    "not, but it does": "fail mismatch",
  });
});

test("every matcher works, soft ones go on, assertions are counted", async () => {
  const suite = project(
    withTests(`
      test("toEqual", () => { expect({ a: [1, 2] }).toEqual({ a: [1, 3] }); });
      test("soft", () => { expect.soft(1).toBe(2); expect.soft(3).toBe(4); });
      test("rejects", async () => { await expect(Promise.reject(new Error("no"))).rejects.toThrow("no"); });
      test("assertions", () => { expect.assertions(2); expect(1).toBe(1); });
      test("hasAssertions", () => { expect.hasAssertions(); });
      test("thrown string", () => { throw "just text"; });
    `),
  );
  const { judged, verdicts } = await tell(suite);
  expect(verdicts).toEqual({
    toEqual: "fail assertion",
    soft: "fail assertion",
    rejects: "pass",
    assertions: "fail assertion",
    hasAssertions: "fail assertion",
    "thrown string": "fail assertion",
  });
  expect(judged.flatMap(({ failures }) => failures.map(({ diff, message }) => ({ message, diff }))))
    .toMatchInlineSnapshot(`
      [
        {
          "diff": "- Expected
      + Received

        {
          "a": [
            1,
      -     3,
      +     2,
          ],
        }",
          "message": "expected { a: [ 1, 2 ] } to deeply equal { a: [ 1, 3 ] }",
        },
        {
          "diff": "- Expected
      + Received

      - 2
      + 1",
          "message": "expected 1 to be 2 // Object.is equality",
        },
        {
          "diff": "- Expected
      + Received

      - 4
      + 3",
          "message": "expected 3 to be 4 // Object.is equality",
        },
        {
          "diff": undefined,
          "message": "expected 2 assertions, but 1 were made",
        },
        {
          "diff": undefined,
          "message": "expected at least one assertion, but none was made",
        },
        {
          "diff": undefined,
          "message": "thrown: just text",
        },
      ]
    `);
  const first = judged.find(({ verdict }) => verdict === "fail");
  expect(first?.failures[0]).toMatchObject({ at: { file: "tests/a.test.ts", line: 4 } });
  expect(first?.failures[0]?.frame).toContain("> 4 |");
});

test("the author's own mistakes are told with the nearest name", async () => {
  const suite = project(
    withTests(`
      test("misspelt expectation", async () => { expect(await process({ text: "abc" })).toTally({ lenght: 3 }); });
      test("mistyped expectation", async () => { expect(await process({ text: "abc" })).toTally({ length: "3" }); });
      test("misspelt input", async () => { await process({ texts: "abc" }); });
      test("missing input", async () => { await process({}); });
      test("mistyped input", async () => { await process({ text: 3 }); });
      test("null input", async () => { await process({ text: null }); });
    `),
  );
  const { judged } = await tell(suite);
  expect(judged.map(({ failures }) => failures[0]?.message)).toMatchInlineSnapshot(`
    [
      "error[expected-unknown]: The output of process has no field lenght.
    hint: Did you mean length?",
      "error[expected-type]: The value expected for process.length is the string "3"; the contract says int.
    hint: Change what the test expects, or the type in tally.toml.",
      "error[input-unknown]: process: the contract has no input texts.
    hint: Did you mean text?",
      "error[input-missing]: process: input text is missing.
    hint: Give it a value; a nullable field takes null, but must be there.",
      "error[input-type]: process: input text is the number 3; the contract says string.
    hint: Change the test's input or the type in tally.toml.",
      "error[input-type]: process: input text is null; the contract says string.
    hint: Change the test's input or the type in tally.toml.",
    ]
  `);
});

test("hooks run around their tests, in order and one test at a time", async () => {
  const suite = project(
    withTests(`
      const log: string[] = [];
      beforeAll(() => { log.push("all+"); });
      afterAll(() => { log.push("all-"); console.log(log.join(" ")); });
      describe("inner", () => {
        beforeEach(async () => { await process({ text: "x" }); log.push("each+"); });
        afterEach(() => { log.push("each-"); });
        test("a", async () => { await process({ text: "a" }); log.push("a"); });
        test("b", () => { log.push("b"); });
      });
      test.sequential("last", () => { log.push("last"); expect(log.join(" ")).toBe("all+ each+ a each- each+ b each- last"); });
      describe("broken", () => { beforeEach(() => { throw new Error("no set-up"); }); test("never", () => { log.push("never"); }); });
      describe("broken for all", () => { beforeAll(() => { throw new Error("no set-up at all"); }); test("never either", () => {}); test("nor this", () => {}); });
    `),
  );
  const { judged, verdicts } = await tell(suite);
  expect(verdicts).toEqual({
    "inner > a": "pass",
    "inner > b": "pass",
    last: "pass",
    "broken > never": "fail hook",
    "broken for all > never either": "fail hook",
    "broken for all > nor this": "fail hook",
  });
  expect(judged.find(({ id }) => id.endsWith("nor this"))?.failures[0]?.message).toBe("beforeAll: no set-up at all");
});

test("each makes a test of every row and names it", async () => {
  const suite = project(
    withTests(`
      test.each([["a", 1], ["bb", 2]])("%s has %i", async (text, length) => { expect(await process({ text })).toTally({ length }); });
      test.each([{ text: "ccc", is: { n: 3 } }])("$text is $is.n (%#)", async ({ text, is }) => { expect(await process({ text })).toTally({ length: is.n }); });
      describe.each([1, 2])("group %d", (n) => { test("same name", () => { expect(n).toBeGreaterThan(0); }); });
      test.each([1, 1])("twice", (n) => { expect(n).toBe(1); });
    `),
  );
  expect((await tell(suite)).verdicts).toEqual({
    "a has 1": "pass",
    "bb has 2": "pass",
    "ccc is 3 (0)": "pass",
    "group 1 > same name": "pass",
    "group 2 > same name": "pass",
    twice: "pass",
    "twice #2": "pass",
  });
});

test("with .only the others are skipped and say why", async () => {
  const suite = project(
    withTests(`test("a", () => {}); test.only("b", () => {}); describe.only("c", () => { test("d", () => {}); });`),
  );
  const { judged, verdicts } = await tell(suite);
  expect(verdicts).toEqual({ a: "skip skipped", b: "pass", "c > d": "pass" });
  expect(judged.find(({ id }) => id.endsWith("> a"))?.note).toBe("another test has .only");
});

test("what a test prints belongs to it", async () => {
  const suite = project(
    withTests(`
      test("quiet", () => { console.log("nobody sees this"); });
      test("loud", async () => { console.log("before"); await process({ text: "a" }); console.error("after"); throw new Error("x"); });
    `),
  );
  const { judged } = await tell(suite);
  expect(judged.map(({ output }) => output)).toEqual([undefined, "before\nafter\n"]);
});

test("random numbers are the same for the same seed, whatever runs beside", async () => {
  const source = `test("a", () => { console.log(Math.random()); throw 1; }); test("b", async () => { await process({ text: "" }); console.log(Math.random()); throw 1; });`;
  const suite = project(withTests(source));
  const outputs = async (args: readonly string[]): Promise<unknown> =>
    (await tell(suite, args)).judged.map(({ output }) => output);
  const first = await outputs(["--seed", "7"]);
  expect(await outputs(["--seed", "7", "-k", "b or a"])).toEqual(first);
  expect(await outputs(["--seed", "8"])).not.toEqual(first);
});

test("a recommended test fails the run only under --strict", async () => {
  const suite = project(withTests(`test.recommended("nice", () => { expect(1).toBe(2); }); test("must", () => {});`));
  expect((await tell(suite)).exit).toBe(0);
  expect((await tell(suite, ["--strict"])).exit).toBe(1);
});

test("--repeat runs each test again and says when it failed", async () => {
  const suite = project(withTests(`let n = 0; test("third time", () => { n += 1; expect(n).toBeLessThan(3); });`));
  const { judged } = await tell(suite, ["--repeat", "5"]);
  expect(judged[0]).toMatchObject({ verdict: "fail", note: "passed 2 times before, of 5 asked" });
});
