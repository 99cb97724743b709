/** What can be wrong when a failure is replayed or kept, and with the list of bugs. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readEventLine } from "../../../src/verdict/event-line.ts";
import type { ErrorCode } from "../../../src/kernel/errors.ts";
import type { Project } from "../../kit/project.ts";
import { bugProject } from "../../kit/wrong-length.ts";
import type { Provocation } from "./provocation.ts";

/** Runs the candidate and gives the id of the failure whose test has this name. */
async function failureOf(made: Project, name: string): Promise<string> {
  await made.tally(["test"]);
  await made.tally(["test", "-e", "node:wrong.ts"]);
  const runs = join(made.root, ".tally/runs");
  const last = readdirSync(runs).toSorted().at(-1) ?? "";
  const lines = readFileSync(join(runs, last, "events.ndjson"), "utf8")
    .trimEnd()
    .split("\n");
  for (const event of lines.map(readEventLine))
    if (event.type === "test-judged" && event.id.endsWith(` > ${name}`)) return event.failure ?? "";
  return "";
}

/** `tally keep` of the failure of a test. */
function keep(
  fact: string,
  code: ErrorCode,
  one: {
    readonly name?: string;
    readonly tests?: string;
    readonly files?: Readonly<Record<string, string>>;
    readonly args?: readonly string[];
    readonly first?: readonly string[];
  },
): Provocation {
  const { name = "short", tests = `test.todo("x");`, files = {}, args = [], first } = one;
  return {
    fact,
    codes: [code],
    files: { ...bugProject(tests), ...files },
    arrange: async (made) => {
      const id = await failureOf(made, name);
      if (first) await made.tally(["keep", id, ...first]);
      return { args: [id, ...args] };
    },
    args: ["keep"],
    exit: 2,
  };
}

const several = `test("several", async () => { expect((await process({ text: "aa" })).length).toBe((await process({ text: "x" })).length + 1); throw new Error("no"); });`;
const same = `test("same", async () => { await process({ text: "x" }); await process({ text: "y" }); throw new Error("no"); });`;
const sensitive: Readonly<Record<string, string>> = {
  "tally.toml": (bugProject("")["tally.toml"] ?? "").replace(
    'input = { text = "string" }',
    'input = { text = { type = "string", sensitive = true } }',
  ),
};

const bugs = bugProject(`test("x", { bug: "BUG-17" }, () => {});`);

export const bugProvocations: readonly Provocation[] = [
  {
    fact: "a report whose endpoint is a program",
    codes: ["replay-endpoint"],
    files: bugProject(`test.todo("x");`),
    arrange: async (made) => ({ args: [await failureOf(made, "short"), "--from", ".tally/runs"] }),
    args: ["replay"],
    exit: 2,
  },
  { fact: "a bug that is not there", codes: ["bug-unknown"], files: bugs, args: ["bug", "show", "BUG-71"], exit: 2 },
  { fact: "a mistyped verb of bugs", codes: ["bug-verb"], files: bugs, args: ["bug", "chekc"], exit: 2 },
  { fact: "a check of bugs on one side", codes: ["bug-sides"], files: bugs, args: ["bug", "check"], exit: 2 },
  {
    fact: "a bug that expects two things of one record",
    codes: ["bug-contradiction"],
    files: {
      ...bugs,
      "cases/more.jsonl": `{"name":"a","operation":"process","bug":"BUG-3","input":{"text":"a"},"expect":{"length":1}}
{"name":"b","operation":"process","bug":"BUG-3","input":{"text":"a"},"expect":{"length":2}}
`,
    },
    args: ["bug"],
    exit: 5,
  },
  {
    fact: "one of several endpoints without a name",
    codes: ["side-name"],
    files: bugProject(`test.todo("x");`),
    args: ["test", "-e", "connector", "-e", "http://127.0.0.1:9"],
    exit: 2,
  },
  {
    fact: "a name of an endpoint with a blank in it",
    codes: ["side-name"],
    files: bugProject(`test.todo("x");`),
    args: ["test", "-e", "connector", "-e", "a b=http://127.0.0.1:9"],
    exit: 2,
  },
  {
    fact: "two endpoints of one name",
    codes: ["side-name"],
    files: bugProject(`test.todo("x");`),
    args: ["test", "-e", "a=node:wrong.ts", "-e", "a=http://127.0.0.1:9"],
    exit: 2,
  },
  {
    fact: "a reporter of one run for several endpoints",
    codes: ["side-flag"],
    files: bugProject(`test.todo("x");`),
    args: ["test", "-e", "connector", "-e", "a=node:wrong.ts", "--reporter", "junit=junit.xml"],
    exit: 2,
  },
  {
    fact: "a baseline that does not say for which of two candidates it is",
    codes: ["side-flag"],
    files: bugProject(`test.todo("x");`),
    args: ["test", "-e", "a=node:connector2.ts", "-e", "b=node:wrong.ts", "--baseline", "x.toml"],
    exit: 2,
  },
  {
    fact: "a baseline of a side that there is not",
    codes: ["flag-value"],
    files: bugProject(`test.todo("x");`),
    args: ["test", "-e", "connector", "-e", "b=node:wrong.ts", "--baseline", "c=x.toml"],
    exit: 2,
  },
  {
    fact: "a program to start for two endpoints",
    codes: ["side-flag"],
    files: bugProject(`test.todo("x");`),
    args: ["test", "-e", "a=http://127.0.0.1:9", "-e", "b=http://127.0.0.1:10", "--start", "node server.mjs"],
    exit: 2,
  },
  {
    ...keep("a replay of a record that the report does not show", "replay-sensitive", { files: sensitive }),
    args: ["replay"],
  },
  keep("a failure without an exchange", "keep-nothing", {
    name: "nothing",
    tests: `test("nothing", () => { throw new Error("no"); });`,
  }),
  keep("a failure of several records that are all right", "keep-several", { name: "same", tests: same }),
  keep("a record that the test did not ask", "keep-exchange", {
    name: "several",
    tests: several,
    args: ["--exchange", "7"],
  }),
  keep("a failure in which both sides answered alike", "keep-unexpected", {
    name: "same",
    tests: same,
    args: ["--exchange", "2"],
  }),
  keep("a record with a sensitive field", "keep-sensitive", { files: sensitive }),
  keep("an expectation of a sensitive field", "keep-sensitive", {
    files: {
      "tally.toml": (bugProject("")["tally.toml"] ?? "").replace(
        'label = "string?"',
        'label = { type = "string?", sensitive = true }',
      ),
    },
    args: ["--expect", '{"label": "x"}'],
  }),
  keep("an expectation that is no JSON", "keep-expect", { args: ["--expect", "{length: 3}"] }),
  keep("an expectation that the contract does not know", "keep-expect", { args: ["--expect", '{"lenght": 3}'] }),
  keep("a record that is kept with another expectation", "keep-conflict", {
    first: [],
    args: ["--expect", '{"length": 9}'],
  }),
  keep("a name that is taken", "keep-name", {
    args: ["--name", "long"],
    files: { "cases/regressions.jsonl": `{"name":"long","operation":"process","input":{"text":"long"}}\n` },
  }),
  keep("a table that is no JSONL", "keep-table", { args: ["--to", "cases/more.csv"] }),
  keep("a table that is torn", "keep-table", {
    files: { "torn.jsonl": `{"name":"x","operation":"process","input":{"te` },
    args: ["--to", "torn.jsonl"],
  }),
];
