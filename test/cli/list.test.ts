import { expect, test } from "vitest";
import { readEventLine } from "../../src/verdict/event-line.ts";
import { withTests } from "../kit/length-model.ts";
import { project } from "../kit/project.ts";
import { pythonWith } from "../kit/python.ts";

const files = {
  ...withTests(`
test("counts letters", async () => { expect(await process({ text: "abc" })).toTally({ length: 3 }); });
describe("labels", { tags: ["slow"] }, () => {
  test.skip("are never empty", () => {});
  test("are optional", { level: "recommended", bug: "BUG-17" }, async () => {});
});
test.todo("counts emoji");`),
  "cases/process.jsonl": `{"name":"short","input":{"text":"abc"},"expect":{"length":3}}
{"name":"long","input":{"text":"abcdefgh"},"tags":["slow"],"skip":"flaky upstream"}
`,
};
/** Fails every test that would run it: nothing may. */
const dead = { env: { ENDPOINT: "http://127.0.0.1:1" } };

test("list shows every test and case with its line and what is special about it, and runs nothing", async () => {
  const { exit, stderr, stdout } = await project(files).tally(["list"], dead);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
  expect(stdout).toMatchInlineSnapshot(`
    "tests/a.test.ts
      4  counts letters
      6  labels > are never empty  skip · #slow
      7  labels > are optional  recommended · #slow · BUG-17
      9  counts emoji  todo

    cases/process.jsonl
      1  short
      2  long  skip: flaky upstream · #slow

    4 tests · 2 cases · 3 would be skipped
    "
  `);
});

test("list --json names exactly the tests that a run plans, in the same words", async () => {
  const suite = project(files);
  const listed = await suite.tally(["list", "--json"]);
  const run = await suite.tally(["test", "--reporter", "ndjson"]);
  const planned = run.stdout
    .trim()
    .split("\n")
    .map(readEventLine)
    .flatMap((event) => (event.type === "test-planned" ? [event] : []));
  const { tests, v }: { v: number; tests: { mode: string; note?: string; id: string }[] } = JSON.parse(listed.stdout);
  const byId = (one: { id: string }, other: { id: string }): number => (one.id < other.id ? -1 : 1);
  expect(v).toBe(1);
  expect(
    tests.map((one) => ({ ...one, type: "test-planned", mode: undefined, note: undefined })).toSorted(byId),
  ).toEqual(planned.toSorted(byId));
  expect(tests.map(({ id, mode, note }) => [id, mode, note])).toMatchInlineSnapshot(`
    [
      [
        "tests/a.test.ts > counts letters",
        "run",
        undefined,
      ],
      [
        "tests/a.test.ts > labels > are never empty",
        "skip",
        undefined,
      ],
      [
        "tests/a.test.ts > labels > are optional",
        "run",
        undefined,
      ],
      [
        "tests/a.test.ts > counts emoji",
        "todo",
        undefined,
      ],
      [
        "cases/process.jsonl > short",
        "run",
        undefined,
      ],
      [
        "cases/process.jsonl > long",
        "skip",
        "flaky upstream",
      ],
    ]
  `);
});

test("the selection is that of a run", async () => {
  const suite = project(files);
  const ids = async (...args: string[]): Promise<string[]> => {
    const { stdout } = await suite.tally(["list", "--json", ...args]);
    const { tests }: { tests: { name: string }[] } = JSON.parse(stdout);
    return tests.map(({ name }) => name);
  };
  expect(await ids("-k", "letters or short")).toEqual(["counts letters", "short"]);
  expect(await ids("--tag", "slow")).toEqual(["labels > are never empty", "labels > are optional", "long"]);
  expect(await ids("tests/a.test.ts:4")).toEqual(["counts letters"]);
  expect((await ids("--shard", "1/2")).length + (await ids("--shard", "2/2")).length).toBe(6);
  const none = await suite.tally(["list", "-k", "leters"]);
  expect({ exit: none.exit, said: none.stderr.split("\n")[0] }).toMatchInlineSnapshot(`
    {
      "exit": 2,
      "said": "error[suite-no-match]: No test matches -k leters.",
    }
  `);
});

test("a file that cannot be loaded is told with its problem, and the rest is listed", async () => {
  const suite = project({ ...files, "tests/broken.test.ts": "import './nowhere.ts';\n" });
  const { exit, stderr, stdout } = await suite.tally(["list"]);
  expect(exit).toBe(2);
  expect(stdout.trimEnd().split("\n").at(-1)).toMatchInlineSnapshot(
    `"4 tests · 2 cases · 3 would be skipped · 1 cannot be read"`,
  );
  expect(stderr.split("\n")[0]?.replaceAll(suite.root, "<root>")).toMatchInlineSnapshot(
    `"error[suite-import]: tests/broken.test.ts cannot be loaded: Cannot find module 'tests/nowhere.ts' imported from tests/broken.test.ts."`,
  );
});

const python = pythonWith("pytest");

test.skipIf(python === undefined)("pytest items are listed as a run plans them", async () => {
  const suite = project({
    "tally.toml": `[model]\nname = "m"\n[suite]\ntests = []\npytest = ["tests/test_*.py"]\n`,
    "tests/test_a.py": `import pytest\n\n@pytest.mark.parametrize("n", [1, 2])\ndef test_n(n):\n    raise SystemExit\n\n@pytest.mark.skip(reason="later")\ndef test_later():\n    pass\n`,
    "tests/test_broken.py": "import nowhere_at_all\n",
  });
  const { exit, stderr, stdout } = await suite.tally(["list"], { env: { TALLY_PYTHON: python ?? "" } });
  expect(stdout).toMatchInlineSnapshot(`
    "tests/test_a.py
      3  test_n[1]
      3  test_n[2]
      7  test_later

    3 tests · 0 cases · 1 cannot be read
    "
  `);
  expect([exit, stderr.split("\n")[0]]).toMatchInlineSnapshot(`
    [
      2,
      "error[pytest-load]: tests/test_broken.py could not be collected: ModuleNotFoundError: No module named 'nowhere_at_all'.",
    ]
  `);
});
