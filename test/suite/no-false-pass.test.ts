/** Whatever a test leaves open, drops or forgets is seen: no run is green that did not judge what it seemed to. */
import { expect, test } from "vitest";
import { faux } from "../faux/faux.ts";
import { fauxModel } from "../faux/faux-model.ts";
import { tell } from "../kit/events.ts";
import { withTests } from "../kit/length-model.ts";
import { project } from "../kit/project.ts";

test("a test whose time is over while the endpoint owes an answer could not be judged", async () => {
  await using model = await faux.never();
  const suite = project(withTests(`test("a", async () => { await process({ text: "a" }); });`));
  const { exit, judged } = await tell(suite, ["-e", model.url, "--timeout", "3s", "--test-timeout", "500ms"]);
  expect({ exit, verdict: judged[0]?.verdict, code: judged[0]?.fault?.code }).toEqual({
    exit: 3,
    verdict: "error",
    code: "test-unanswered",
  });
});

test("a fault in beforeAll is a fault of its tests, not a failure", async () => {
  await using model = await faux.fewer();
  const suite = project(
    withTests(
      `describe("d", () => { let rows: unknown; beforeAll(async () => { rows = await process([{ text: "a" }, { text: "b" }]); }); test("one", () => { expect(rows).toBeDefined(); }); test("two", () => {}); });`,
    ),
  );
  const { exit, verdicts } = await tell(suite, ["-e", model.url]);
  expect({ exit, verdicts }).toEqual({ exit: 3, verdicts: { "d > one": "error fault", "d > two": "error fault" } });
});

test("a fault in a call that tests share is a fault of all of them", async () => {
  await using model = await faux.fewer();
  const suite = project(
    withTests(`let shared: Promise<unknown> | undefined; const get = () => (shared ??= process([{ text: "a" }, { text: "b" }]));
      test("one", async () => { await get(); }); test("two", async () => { await get(); });`),
  );
  const { exit, verdicts } = await tell(suite, ["-e", model.url]);
  expect({ exit, verdicts }).toEqual({ exit: 3, verdicts: { one: "error fault", two: "error fault" } });
});

test("a failing afterAll fails the run", async () => {
  const suite = project(
    withTests(`describe("d", () => { afterAll(() => { expect(1).toBe(2); }); test("a", () => {}); });`),
  );
  const { exit, verdicts } = await tell(suite);
  expect({ exit, verdicts }).toEqual({ exit: 1, verdicts: { "d > a": "pass", "(afterAll of d)": "fail hook" } });
});

test("what nobody awaited fails its test, or its file once the test is over", async () => {
  const suite = project(
    withTests(`
      test("call without await", () => { void process({ text: "a" }).then((row) => expect(row).toTally({ length: 99 })); });
      test("forEach with async", () => { ["a", "b"].forEach(async (text) => { expect(await process({ text })).toTally({ length: 99 }); }); });
      test("rejection", () => { void Promise.reject(new Error("nobody heard")); });
      test("good", async () => { expect(await process({ text: "abc" })).toTally({ length: 3 }); });
    `),
  );
  const { exit, judged, verdicts } = await tell(suite);
  expect({ exit, verdicts: { ...verdicts } }).toMatchObject({
    exit: 1,
    verdicts: {
      "call without await": "fail assertion",
      "forEach with async": "fail assertion",
      rejection: "fail assertion",
      good: "pass",
    },
  });
  expect(judged.find(({ id }) => id.endsWith("call without await"))?.failures[0]?.message).toBe(
    "the test was over while a call was still open: await the operation",
  );
});

test("an exception of a timer after its test is over fails the file, and the other tests stay judged", async () => {
  const suite = project(
    withTests(`
      test("leaves a timer", () => { setTimeout(() => { throw new Error("boom later"); }, 20); });
      test("takes a while", async () => { await new Promise((go) => setTimeout(go, 120)); });
    `),
  );
  const { exit, judged, verdicts } = await tell(suite);
  expect(exit).toBe(1);
  expect(verdicts).toMatchObject({ "leaves a timer": "pass", "takes a while": "pass" });
  expect(judged.flatMap(({ failures }) => failures.map(({ message }) => message))).toEqual(["boom later"]);
});

test("a test that is written down too late fails the file", async () => {
  const suite = project(
    withTests(
      `test("a", async () => { await new Promise((go) => setTimeout(go, 60)); }); setTimeout(() => { test("late", () => {}); }, 10);`,
    ),
  );
  const { exit, judged } = await tell(suite);
  expect(exit).toBe(1);
  expect(judged.flatMap(({ failures }) => failures.map(({ message }) => message.split("\n")[0]))).toEqual([
    "error[suite-outside]: test was called outside of a test that tally runs.",
  ]);
});

test("an expectation that would compare nothing is a mistake", async () => {
  const suite = project(
    withTests(`
      const row: { lenght?: number } = { lenght: undefined };
      test("undefined", async () => { expect(await process({ text: "a" })).toTally({ length: row.lenght }); });
      test("approx of undefined", async () => { expect(await process({ text: "a" })).toTally({ half: approx(row.lenght as number) }); });
      test("nothing", async () => { expect(await process({ text: "a" })).toTally({}); });
      test("a promise", async () => { const asked = process({ text: "a" }); expect(asked as never).toTally({ length: 9 } as never); await asked; });
      test("null", () => { expect(null as never).toTally({ length: 9 } as never); });
      test("a map", async () => { expect(await process({ text: "a" })).toTally(new Map([["length", 9]]) as never); });
      test("infinity", () => { expect(-Infinity).not.toEqual(approx(Infinity)); expect(Infinity).toEqual(approx(Infinity)); });
      test("matcher in a list", () => { expect({ list: [1, "x"] }).toTally({ list: [1, expect.any(String)] }); });
      test("matcher in a list that fails", () => { expect({ list: [1, 2] }).toTally({ list: [1, expect.any(String)] }); });
    `),
  );
  expect((await tell(suite)).verdicts).toEqual({
    undefined: "fail assertion",
    "approx of undefined": "fail assertion",
    nothing: "fail assertion",
    "a promise": "fail assertion",
    null: "fail assertion",
    "a map": "fail assertion",
    infinity: "pass",
    "matcher in a list": "pass",
    "matcher in a list that fails": "fail mismatch",
  });
});

test("records that are answered in a batch and not alone do not pass", async () => {
  await using model = await fauxModel(
    { process: ({ text }) => ({ length: String(text).length, half: 1, label: null }) },
    { change: (answers) => (answers.length === 1 ? [] : answers) },
  );
  const suite = project(
    withTests(
      `for (const text of ["a", "bb"]) test(text, async () => { expect(await process({ text })).toTally({ length: text.length }); });`,
    ),
  );
  const { exit, verdicts } = await tell(suite, ["-e", model.url]);
  expect({ exit, verdicts }).toEqual({ exit: 3, verdicts: { a: "pass", bb: "pass", process: "error fault" } });
});

test("--max-time does not wait for a test that sleeps", async () => {
  const suite = project(
    withTests(`test("sleeps", async () => { await new Promise((go) => setTimeout(go, 20_000)); });`),
  );
  const began = Date.now();
  const { exit, verdicts } = await tell(suite, ["--max-time", "800ms"]);
  expect({ exit, verdicts, soon: Date.now() - began < 15_000 }).toEqual({
    exit: 6,
    verdicts: { sleeps: "skip not-run" },
    soon: true,
  });
});

test("an undeclared field of a stage is no mistake of the test that asks the next", async () => {
  const chained = withTests(
    `test("a", async () => { expect(await inference({ text: "abcdef" })).toTally({ long: true }); });`,
  );
  const toml = (chained["tally.toml"] ?? "").replace(
    'after = "process"\ninput = { text = "string" }',
    'input = "process"',
  );
  const suite = project({ ...chained, "tally.toml": toml });
  await using model = await fauxModel({
    process: ({ text }) => ({ length: String(text).length, half: 1, label: null, debug: true }),
    inference: ({ length }) => ({ long: Number(length) > 3, score: 0.9 }),
  });
  const { exit, verdicts } = await tell(suite, ["-e", model.url]);
  expect({ exit, verdicts }).toEqual({ exit: 0, verdicts: { a: "pass" } });
});
