import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tell } from "../kit/events.ts";
import { contract, connector, withTests } from "../kit/length-model.ts";
import { normal, type Project, project } from "../kit/project.ts";

function twoFiles(): Project {
  const head = `import { describe, expect, operation, test } from "tallyml"; const process = operation("process");`;
  return project({
    "tally.toml": contract,
    "connector.ts": connector,
    "tests/words.test.ts": `${head}
describe("nulls", () => {
  test("upper case", { tags: ["smoke"] }, async () => { await process({ text: "NULL" }); });
  test("lower case", { tags: ["slow"] }, async () => { await process({ text: "null" }); });
});
test("fails", async () => { expect(await process({ text: "abc" })).toTally({ length: 4 }); });`,
    "tests/deep/marks.test.ts": `${head}
test("quotes", { tags: ["smoke", "slow"] }, async () => { await process({ text: "''" }); });`,
    "cases/process.jsonl": `{"name":"three","input":{"text":"abc"},"expect":{"length":3},"tags":["smoke"]}\n{"name":"none","input":{"text":""},"expect":{"length":0}}\n`,
  });
}

const all = ["three", "none", "quotes", "fails", "nulls > lower case", "nulls > upper case"].toSorted();

test.each([
  [[], all],
  [
    ["-k", "CASE"],
    ["none", "nulls > lower case", "nulls > upper case", "three"],
  ],
  [["-k", "NULLS and not upper"], ["nulls > lower case"]],
  [
    ["-k", "quotes or three"],
    ["quotes", "three"],
  ],
  [["-k", "/^cases.*NO/"], ["none"]],
  [["tests/deep"], ["quotes"]],
  [["cases/process.jsonl:2"], ["none"]],
  [["tests/words.test.ts:4"], ["nulls > lower case"]],
  [
    ["tests/words.test.ts:3", "tests/deep/marks.test.ts"],
    ["nulls > upper case", "quotes"],
  ],
  [
    ["--tag", "smoke"],
    ["nulls > upper case", "quotes", "three"],
  ],
  [
    ["--tag", "smoke", "--tag", "!slow"],
    ["nulls > upper case", "three"],
  ],
])("%j selects %j", async (args, selected) => {
  const { verdicts } = await tell(twoFiles(), args);
  expect(Object.keys(verdicts).toSorted()).toEqual(selected);
});

test("shards are disjoint and cover the suite", async () => {
  const suite = twoFiles();
  const shards = await Promise.all(
    [1, 2, 3].map(async (i) => Object.keys((await tell(suite, ["--shard", `${i}/3`])).verdicts)),
  );
  expect(shards.flat().toSorted()).toEqual(all);
});

test("--last-failed runs what failed, until it passes", async () => {
  const suite = twoFiles();
  const again = async (): Promise<object> => {
    const { exit, verdicts } = await tell(suite, ["--last-failed"]);
    return { exit, ran: Object.keys(verdicts) };
  };
  expect((await suite.tally(["test", "--last-failed"])).exit).toBe(2);
  await suite.tally(["test"]);
  expect(await again()).toEqual({ exit: 1, ran: ["fails"] });
  expect((await suite.tally(["test", "-k", "quotes"])).exit).toBe(0);
  expect((await suite.tally(["test", "tests/words.test.ts:3"])).exit).toBe(0);
  expect((await suite.tally(["test", "-k", "nosuch"])).exit).toBe(2);
  expect((await suite.tally(["test", "-k", "fails", "-e", "http://127.0.0.1:9"])).exit).toBe(3);
  expect((await suite.tally(["test", "-k", "fails", "--max-time", "1ms"])).exit).toBe(6);
  expect(await again()).toEqual({ exit: 1, ran: ["fails"] });
  const words = readFileSync(join(suite.root, "tests/words.test.ts"), "utf8");
  suite.write({ "tests/words.test.ts": words.replace("length: 4", "length: 3") });
  expect(await again()).toEqual({ exit: 0, ran: ["fails"] });
  const { exit, stdout } = await suite.tally(["test", "--last-failed"]);
  expect({ exit, said: stdout.includes("nothing to run") }).toEqual({ exit: 0, said: true });
});

test("--last-failed is of the endpoint that is asked: another one that passes forgets nothing", async () => {
  const suite = twoFiles();
  const words = readFileSync(join(suite.root, "tests/words.test.ts"), "utf8");
  const right = words.replace("length: 4", "length: 3");
  await suite.tally(["test"]);
  suite.write({ "tests/words.test.ts": right });
  expect((await suite.tally(["test", "-e", "node:connector.ts"])).exit).toBe(0);
  suite.write({ "tests/words.test.ts": words });
  const again = async (...flags: string[]): Promise<string[]> =>
    Object.keys((await tell(suite, ["--last-failed", ...flags])).verdicts);
  expect(await again()).toEqual(["fails"]);
  expect(await again("-e", "node:connector.ts")).toEqual([]);
  // One that was never asked begins with what failed anywhere.
  expect(await again("-e", "node:./connector.ts")).toEqual(["fails"]);
});

test("--last-failed runs all tests of a file that was broken, or whose failed test has another name", async () => {
  const suite = twoFiles();
  const words = readFileSync(join(suite.root, "tests/words.test.ts"), "utf8");
  const inFile = ["fails", "nulls > lower case", "nulls > upper case"];
  const again = async (): Promise<object> => {
    const { exit, verdicts } = await tell(suite, ["--last-failed"]);
    return { exit, ran: Object.keys(verdicts).toSorted() };
  };
  suite.write({ "tests/words.test.ts": `${words}\n}` });
  expect((await suite.tally(["test"])).exit).toBe(2);
  suite.write({ "tests/words.test.ts": words });
  expect(await again()).toEqual({ exit: 1, ran: inFile });
  expect(await again()).toEqual({ exit: 1, ran: ["fails"] });
  suite.write({ "tests/words.test.ts": words.replace('"fails"', '"four"') });
  expect(await again()).toEqual({ exit: 1, ran: ["four", ...inFile.slice(1)] });
  suite.write({ "tests/words.test.ts": words.replace(/\ntest\("fails.*/, "") });
  expect(await again()).toEqual({ exit: 0, ran: inFile.slice(1) });
  expect(await again()).toEqual({ exit: 0, ran: [] });
});

test("tests that .only leaves out are told, and fail the run where CI is set", async () => {
  const suite = project(withTests(`test.only("one", () => {}); test("two", () => {}); test("three", () => {});`));
  const { exit, stdout } = await suite.tally(["test"]);
  expect(exit).toBe(0);
  expect(normal(stdout, suite.root)).toMatchInlineSnapshot(`
    " lengths-ml-test 1.0.0 · sha256:<digest> · tally 0.1.0
     reference  node:connector.ts  lengths node <version>

     ✓ tests/a.test.ts                     3  2 skipped

     warning[only]: .only leaves out 2 tests.
       hint: Take .only away; to run one test alone: tally test -k NAME

     1 passed, 2 skipped in <time>
    "
  `);
  const ci = await tell(suite, [], { env: { CI: "1" } });
  expect({ exit: ci.exit, code: ci.ended.problem?.code }).toEqual({ exit: 2, code: "suite-only" });
});

test("a failure that .only leaves out stays one", async () => {
  const source = `test("fails", () => { expect(1).toBe(2); }); test("other", () => {});`;
  const suite = project(withTests(source));
  await suite.tally(["test"]);
  suite.write(withTests(source.replace(`test("other"`, `test.only("other"`)));
  expect((await suite.tally(["test"])).exit).toBe(0);
  suite.write(withTests(source));
  expect((await tell(suite, ["--last-failed"])).verdicts).toEqual({ fails: "fail assertion" });
});

test.each([
  ["--batch", "0"],
  ["-j", "0"],
  ["--repeat", "0"],
  ["--max-failures", "0"],
  ["-k", "a and"],
  ["-k", "or b"],
  ["-k", "a and or b"],
  ["-k", "not"],
  ["-k", "/(/"],
])("%s %s is refused", async (flag, value) => {
  const { exit, stderr } = await twoFiles().tally(["test", flag, value]);
  expect({ exit, said: stderr.includes("error[flag-value]") }).toEqual({ exit: 2, said: true });
});

test("the column skip of a CSV takes truth values and reasons", async () => {
  const suite = project({
    "tally.toml": contract,
    "connector.ts": connector,
    "cases/process.csv": `name,input.text,expect.length,skip\na,a,9,false\nb,b,9,\nc,c,9,true\nd,d,9,later\ne,e,9,FALSE\n`,
  });
  const { judged } = await tell(suite);
  expect(Object.fromEntries(judged.map(({ id, note, verdict }) => [id.at(-1), [verdict, note]]))).toEqual({
    a: ["fail", undefined],
    b: ["fail", undefined],
    c: ["skip", "skipped"],
    d: ["skip", "later"],
    e: ["fail", undefined],
  });
});

test("a selection that matches nothing is a mistake, told with the nearest", async () => {
  const { exit, stderr, stdout } = await twoFiles().tally(["test", "-k", "uper"]);
  expect(exit).toBe(2);
  expect(`${stdout}${stderr}`).toContain("nulls > upper case");
});

test("a path that is no file of the suite is a mistake, told with the nearest", async () => {
  const suite = twoFiles();
  const { exit, stderr } = await suite.tally(["test", "tests/word.test.ts"]);
  expect(exit).toBe(2);
  expect(normal(stderr, suite.root)).toMatchInlineSnapshot(`
    "error[suite-file-unknown]: tests/word.test.ts is no test file and no case table of this suite.
      hint: Did you mean tests/words.test.ts?
      more: docs/reference/errors.md#suite-file-unknown
    "
  `);
});

test("paths count from the folder they are typed in", async () => {
  const suite = twoFiles();
  const { verdicts } = await tell(suite, ["marks.test.ts"], { cwd: `${suite.root}/tests/deep` });
  expect(Object.keys(verdicts)).toEqual(["quotes"]);
});

test.each([
  ["tests\\words.test.ts:4", "tests/words.test.ts:4"],
  [".\\tests\\words.test.ts:4", "tests/words.test.ts:4"],
  ["./tests/words.test.ts:4:17", "tests/words.test.ts:4"],
  ["ABSOLUTE/tests/words.test.ts:4", "tests/words.test.ts:4"],
  ["tests\\deep", "tests/deep"],
])("a path as an editor of any system gives it: %s", async (typed, meant) => {
  const suite = twoFiles();
  const path = typed.replace("ABSOLUTE", suite.root);
  const [one, other] = [await tell(suite, [path]), await tell(suite, [meant])];
  expect(one.verdicts).toEqual(other.verdicts);
  expect(one.events.find((event) => event.type === "run-started")?.selection).toEqual([meant]);
});

test("a backslash in the name of a file is a backslash", async () => {
  const suite = twoFiles();
  suite.write({ "tests/odd\\name.test.ts": `import { test } from "tallyml"; test("odd", () => {});` });
  const { events } = await tell(suite, ["tests/odd\\name.test.ts"]);
  expect(events.find((event) => event.type === "run-started")?.selection).toEqual(["tests/odd\\name.test.ts"]);
});

test("-x stops at the first failure; what did not run is said", async () => {
  const suite = project(
    withTests(`
      test.sequential("a", () => { expect(1).toBe(2); });
      test.sequential("b", () => {});
      test.sequential("c", () => { expect(1).toBe(2); });
    `),
  );
  const { ended, exit, verdicts } = await tell(suite, ["-x"]);
  expect({ exit, planned: ended.planned, stopped: ended.stopped }).toEqual({
    exit: 1,
    planned: 3,
    stopped: "stopped after the first failure",
  });
  expect(verdicts).toMatchObject({ a: "fail assertion", c: "skip not-run" });
});
