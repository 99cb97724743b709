import { expect, test } from "vitest";
import { tell } from "../kit/events.ts";
import { contract, connector, withTests } from "../kit/length-model.ts";
import { normal, project } from "../kit/project.ts";

const good = `import { test, operation } from "tallyml"; const process = operation("process"); test("good", async () => { await process({ text: "a" }); });`;

/** A project with a good file and one that is broken in the way given. */
function beside(broken: string, name = "tests/broken.test.ts") {
  return project({ "tally.toml": contract, "connector.ts": connector, "tests/good.test.ts": good, [name]: broken });
}

test.each([
  ["a syntax error", `import { test } from "tallyml";\ntest("x", () => { const = 3; });`],
  ["an enum", `import { test } from "tallyml";\nenum Colour { red }\ntest("x", () => {});`],
  ["a parameter property", `class A { constructor(private x: number) {} }`],
  ["a type imported as a value", `import { TestOptions } from "tallyml";`],
  ["an import without ending", `import { x } from "./other";`],
  ["code that throws", `const nothing: any = undefined;\nnothing.x.y();`],
  ["an operation that is not there", `import { operation } from "tallyml";\noperation("proces");`],
  ["no test", `export const x = 1;`],
])("a file with %s is one error, and the other files run", async (_, broken) => {
  const suite = beside(broken);
  const { exit, judged, verdicts } = await tell(suite);
  const fault = judged.find(({ id }) => id === "tests/broken.test.ts")?.fault;
  expect(verdicts).toEqual({ good: "pass", "tests/broken.test.ts": "error file" });
  expect(exit).toBe(2);
  expect({
    code: fault?.code,
    message: normal(fault?.message ?? "", suite.root),
    detail: normal(fault?.detail ?? "", suite.root),
  }).toMatchSnapshot();
});

test("a test that never settles is ended by its timeout; the others are judged", async () => {
  const suite = project(
    withTests(
      `test("never", async () => { await new Promise(() => {}); }); test("fine", async () => { await process({ text: "a" }); });`,
    ),
  );
  const { exit, judged, verdicts } = await tell(suite, ["--test-timeout", "300ms"]);
  expect({ exit, verdicts }).toEqual({ exit: 1, verdicts: { fine: "pass", never: "fail timeout" } });
  expect(judged.at(-1)?.failures[0]?.message).toBe("not settled after 300 ms");
});

test("a test that loops for ever loses only itself", async () => {
  const suite = project(
    withTests(`
      test("before", async () => { await process({ text: "a" }); });
      test("loops", () => { for (;;); });
      test("after", async () => { expect(await process({ text: "abc" })).toTally({ length: 3 }); });
    `),
  );
  const { exit, judged, verdicts } = await tell(suite, ["--test-timeout", "300ms"]);
  expect({ exit, verdicts }).toEqual({ exit: 1, verdicts: { before: "pass", loops: "fail timeout", after: "pass" } });
  expect(judged.find(({ id }) => id.endsWith("loops"))?.failures[0]?.message).toContain("an endless loop?");
});

test("a test that ends its process loses only itself", async () => {
  const suite = project(
    withTests(`
      test("before", async () => { await process({ text: "a" }); });
      test("exits", () => { globalThis.process.exit(7); });
      test("is killed", () => { globalThis.process.kill(globalThis.process.pid, "SIGKILL"); });
      test("after", async () => { expect(await process({ text: "abc" })).toTally({ length: 3 }); });
    `),
  );
  const { exit, judged, verdicts } = await tell(suite);
  expect({ exit, verdicts }).toEqual({
    exit: 1,
    verdicts: { before: "pass", exits: "fail file", "is killed": "fail file", after: "pass" },
  });
  expect(judged.find(({ id }) => id.endsWith("is killed"))?.failures[0]?.message).toContain("SIGKILL");
});

test("a file that does not come to an end while it loads is one error", async () => {
  const suite = beside(`import { test } from "tallyml"; await new Promise(() => {}); test("a", () => {});`);
  const { judged, verdicts } = await tell(suite, ["--test-timeout", "1s"]);
  expect(verdicts).toEqual({ good: "pass", "tests/broken.test.ts": "error file" });
  expect(judged.find(({ id }) => id === "tests/broken.test.ts")?.fault?.code).toBe("suite-load-timeout");
});

test("a suite without any file has nothing to judge", async () => {
  const suite = project({ "tally.toml": contract, "connector.ts": connector });
  const { exit, stderr } = await suite.tally(["test"]);
  expect(exit).toBe(5);
  expect(normal(stderr, suite.root)).toMatchInlineSnapshot(`
    "error[suite-empty]: Nothing to judge: no test and no case in <root> (looked for tests/**/*.test.ts, cases/**/*.{jsonl,csv}).
      hint: Write a first test (docs/guide/tests.md), or set [suite] tests and cases in tally.toml.
      more: docs/reference/errors.md#suite-empty
    "
  `);
});

test("a suite whose tests are all skipped has judged nothing", async () => {
  const { ended, exit } = await tell(project(withTests(`test.skip("a", () => {}); test.todo("b");`)));
  expect({ exit, skip: ended.skip }).toEqual({ exit: 5, skip: 2 });
});
