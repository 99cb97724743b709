import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readEventLine } from "../../../src/verdict/event-line.ts";
import { normal, type Project, project } from "../../kit/project.ts";
import { bugProject } from "../../kit/wrong-length.ts";

/** The failures of a candidate's run, by name of the test. */
async function failures(made: Project, endpoint = "node:wrong.ts"): Promise<Record<string, string>> {
  await made.tally(["test"]);
  const { stdout } = await made.tally(["test", "-e", endpoint, "--reporter", "ndjson"]);
  const events = stdout.split("\n").filter((line) => line !== "");
  const judged = events.map(readEventLine).filter((event) => event.type === "test-judged");
  return Object.fromEntries(judged.map(({ failure = "", id }) => [id.split(" > ").at(-1) ?? "", failure]));
}

/** A kept table without what differs from run to run. */
function table(made: Project, file = "cases/regressions.jsonl"): string {
  return normal(readFileSync(join(made.root, file), "utf8"), made.root)
    .replaceAll(/"at": "[^"]+"/g, '"at": "<time>"')
    .replaceAll(/"run": "[^"]+"/g, '"run": "<run>"');
}

async function said(
  made: Project,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { exit, stderr, stdout } = await made.tally(args, { env });
  return `exit ${exit}\n${normal(stdout + stderr, made.root)}`;
}

test("a failure is kept as a case that is red on the faulty side and green on research", async () => {
  const made = project(
    bugProject(`test("bb has two", async () => { expect(await process({ text: "bb" })).toTally({ length: 2 }); });`),
  );
  const ids = await failures(made);
  const link = ["--link", "https://bugs.example.org/17"];
  expect(await said(made, ["keep", ids["bb has two"] ?? "", "--bug", "BUG-17", "--by", "Ada", ...link]))
    .toMatchInlineSnapshot(`
    "exit 0
     ✓ kept  cases/regressions.jsonl:1  bb has two  BUG-17
       run it   tally test cases/regressions.jsonl:1
    "
  `);
  expect(table(made)).toMatchInlineSnapshot(`
    "{"name": "bb has two", "operation": "process", "bug": "BUG-17", "input": {"text": "bb"}, "expect": {"length": 2}, "tags": ["regression"], "found": {"by": "Ada", "at": "<time>", "on": "candidate", "endpoint": "node:wrong.ts", "run": "<run>", "failure": "44090b37", "test": "tests/a.test.ts > bb has two", "suite": "1.0.0 sha256:<digest>", "link": "https://bugs.example.org/17"}}
    "
  `);
  const research = await made.tally(["test", "cases/regressions.jsonl"]);
  const faulty = await made.tally(["test", "cases/regressions.jsonl", "-e", "node:wrong.ts"]);
  expect([research.exit, faulty.exit]).toEqual([0, 1]);
});

test("the first failure that can be kept says how, once a run; in the page each does; where nothing is recorded none does", async () => {
  const made = project(
    bugProject(`test("thrown", () => { throw new Error("no"); });
test("not what research says", async () => { expect(await process({ text: "abc" })).toTally({ length: 5 }); });
test("bb has two", async () => { expect(await process({ text: "bb" })).toTally({ length: 2 }); });
test("aa has two", async () => { expect(await process({ text: "aa" })).toTally({ length: 2 }); });`),
  );
  const keeps = (text: string): readonly string[] =>
    [...text.matchAll(/tally keep [0-9a-f]{8}/g)].map(([line]) => line);
  const blind = await made.tally(["test", "-e", "node:wrong.ts", "tests"]);
  expect(keeps(blind.stdout)).toEqual([]);
  expect(keeps((await made.tally(["test"])).stdout)).toEqual([]);
  const { stdout } = await made.tally(["test", "-e", "node:wrong.ts", "tests", "--out", "report"]);
  const [block = ""] = stdout.match(/ ✗ tests\/a.test.ts > bb has two\n[^]*?\n\n/) ?? [];
  expect(normal(block, made.root)).toMatchInlineSnapshot(`
    " ✗ tests/a.test.ts > bb has two
       first difference  process.length
       process  {"text":"bb"}
         field   reference  candidate  delta
       ✗ length          2          7  abs 5 · rel 2.5
         3 | test("thrown", () => { throw new Error("no"); });
         4 | test("not what research says", async () => { expect(await process({ te…
       > 5 | test("bb has two", async () => { expect(await process({ text: "bb" }))…
           |                                                                       …
         6 | test("aa has two", async () => { expect(await process({ text: "aa" }))…
       at tests/a.test.ts:5:72
       reproduce  tally replay 44090b37
       as a case  tally keep 44090b37

    "
  `);
  const [line = ""] = keeps(stdout);
  expect(keeps(stdout)).toEqual([line]);
  expect((await made.tally(line.split(" ").slice(1))).exit).toBe(0);
  expect(table(made)).toContain('"name": "bb has two"');
  expect(keeps(readFileSync(join(made.root, "report/index.html"), "utf8"))).toHaveLength(2);
});

test("the same case twice is recognised, and nothing is written", async () => {
  const made = project(bugProject(`test.todo("x");`));
  const { short = "" } = await failures(made);
  await made.tally(["keep", short, "--bug", "BUG-1"]);
  const before = table(made);
  expect(await said(made, ["keep", short, "--bug", "BUG-1"])).toMatchInlineSnapshot(`
    "exit 0
     · already kept  cases/regressions.jsonl:1  short  BUG-1
       run it   tally test cases/regressions.jsonl:1
    "
  `);
  expect(table(made)).toBe(before);
  expect(await said(made, ["keep", short, "--bug", "BUG-1", "--expect", '{"length": 9}'])).toMatchInlineSnapshot(`
    "exit 2
    error[keep-conflict]: cases/regressions.jsonl:1 (short) has the same record already, and expects something else: {"length": 3}.
      hint: Two cases of one record cannot both be right: change that row, or keep this one elsewhere with --to FILE.
      more: docs/reference/errors.md#keep-conflict
    "
  `);
  expect(table(made)).toBe(before);
  expect(readdirSync(join(made.root, "cases"))).toEqual(["process.jsonl", "regressions.jsonl"]);
});

test("several that keep at the same moment lose nothing", async () => {
  const words = ["bb", "aa", "abc"];
  const made = project(
    bugProject(
      words
        .map(
          (word) =>
            `test("${word}!", async () => { expect(await process({ text: "${word}" })).toTally({ length: ${word.length} }); });`,
        )
        .join("\n"),
    ),
  );
  const ids = await failures(made);
  const exits = await Promise.all(words.map((word) => made.tally(["keep", ids[`${word}!`] ?? ""])));
  expect(exits.map(({ exit }) => exit)).toEqual([0, 0, 0]);
  const names = table(made)
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line).name);
  expect(new Set(names)).toEqual(new Set(words.map((word) => `${word}!`)));
});

test("a test's own tolerance comes along, and what a record alone cannot tell is refused", async () => {
  const made = project(
    bugProject(`
      test("roughly", async () => { expect(await process({ text: "bb" })).toTally({ length: 2 }, { abs: 1 }); });
      test("two at once", async () => { expect((await process({ text: "a" })).length + 1).toBe((await process({ text: "aa" })).length); });
      test("two wrong", async () => { for (const text of ["aa", "bb"]) expect.soft(await process({ text })).toTally({ length: 2 }); });
      test("nothing asked", () => { expect(1).toBe(2); });
      test("it fails", async () => { await process({ text: "boom" }); });
      test("both alike", async () => { expect(await process({ text: "x" })).toBe(5); });
    `),
  );
  const ids = await failures(made);
  for (const name of ["roughly", "two at once", "two wrong", "nothing asked", "it fails", "both alike"])
    expect.soft(await said(made, ["keep", ids[name] ?? ""]), name).toMatchSnapshot(name);
  expect(table(made)).toMatchSnapshot("table");
});

test("the record that a case of a chained stage asks is the raw one", async () => {
  const files = bugProject(
    `test("chained", async () => { expect(await inference({ text: "bb" })).toTally({ long: false }); });`,
  );
  const made = project({
    ...files,
    "tally.toml": (files["tally.toml"] ?? "").replace(
      'after = "process"\ninput = { text = "string" }',
      'input = "process"',
    ),
    "connector.ts": chained("[...String(text)].length"),
    "wrong.ts": chained("9"),
  });
  const { chained: id = "" } = await failures(made);
  expect(await said(made, ["keep", id, "--bug", "BUG-3"])).toMatchInlineSnapshot(`
    "exit 0
     ✓ kept  cases/regressions.jsonl:1  chained  BUG-3
       run it   tally test cases/regressions.jsonl:1
    "
  `);
  expect(table(made)).toMatchInlineSnapshot(`
    "{"name": "chained", "operation": "inference", "bug": "BUG-3", "input": {"text": "bb"}, "expect": {"long": false}, "tags": ["regression"], "found": {"at": "<time>", "on": "candidate", "endpoint": "node:wrong.ts", "run": "<run>", "failure": "90593397", "test": "tests/a.test.ts > chained", "suite": "1.0.0 sha256:<digest>"}}
    "
  `);
  expect((await made.tally(["test", "cases/regressions.jsonl"])).exit).toBe(0);
  expect((await made.tally(["test", "cases/regressions.jsonl", "-e", "node:wrong.ts"])).exit).toBe(1);
  expect(await said(made, ["replay", id, "-e", "node:wrong.ts"])).toMatchInlineSnapshot(`
    "exit 1
    tests/a.test.ts > chained
      endpoint  node:wrong.ts
      inference  input {"length":9,"half":1,"label":null}
        answer {"long":true,"score":0.9}
        long  expected false  now true
    STILL  the answer is still what it was
    "
  `);
  expect((await made.tally(["replay", id])).stdout).toContain("STILL");
  expect((await made.tally(["replay", id, "-e", "node:connector.ts"])).exit).toBe(0);
});

function chained(length: string): string {
  return `import { defineConnector } from "tallyml";
export default defineConnector({
  process: (frame) => frame.column("text").map((text) => ({ length: ${length}, half: 1, label: null })),
  inference: (frame) => frame.column("length").map((length) => ({ long: Number(length) > 4, score: Number(length) > 4 ? 0.9 : 0.1 })),
});`;
}

test("without a recorded answer what is right must be said; a sensitive record is never written", async () => {
  const files = bugProject(
    `test("named", async () => { expect(await process({ text: "bb", name: "Ada" })).toTally({ length: 2 }); });`,
  );
  const made = project({
    ...files,
    "tally.toml": (files["tally.toml"] ?? "").replace(
      'input = { text = "string" }',
      'input = { text = "string", name = { type = "string", sensitive = true } }',
    ),
    "cases/process.jsonl": `{"name":"short","input":{"text":"abc","name":"Bob"},"expect":{"length":3}}\n`,
  });
  const { named = "", short = "" } = await failures(made);
  expect(await said(made, ["keep", named])).toMatchInlineSnapshot(`
    "exit 2
    error[keep-sensitive]: Failure 3118cddf cannot be kept: the field process.name is sensitive, and a case would show it to everybody.
      hint: Write a case by hand, with an invented value in its place, and look whether it fails the same way.
      more: docs/reference/errors.md#keep-sensitive
    "
  `);
  expect(await said(made, ["replay", short, "-e", "node:wrong.ts"])).toMatchInlineSnapshot(`
    "exit 2
    error[replay-sensitive]: Failure 127c9ea8 cannot be sent again: of the sensitive field process.name the report holds only a hash.
      hint: Run its test instead: tally test cases/process.jsonl:1   (or make the report with --show-sensitive, where that is allowed)
      more: docs/reference/errors.md#replay-sensitive
    "
  `);
  expect(existsSync(join(made.root, "cases/regressions.jsonl"))).toBe(false);
  const other = project(bugProject(`test.todo("x");`));
  const { stdout } = await other.tally(["test", "-e", "node:wrong.ts", "--json"]);
  const id: string = JSON.parse(stdout).tests.find((one: { failure?: string }) => one.failure !== undefined).failure;
  expect(await said(other, ["keep", id])).toMatchInlineSnapshot(`
    "exit 2
    error[keep-unexpected]: What is right for failure 3f68eba6 is not known: the reference's answer is not recorded.
      hint: Say what the answer must be: tally keep 3f68eba6 --expect '{"length": 3}'
      more: docs/reference/errors.md#keep-unexpected
    "
  `);
  expect(await said(other, ["keep", id, "--expect", '{"length": 3}', "--json"])).toMatchInlineSnapshot(`
    "exit 0
    {
      "v": 1,
      "file": "cases/regressions.jsonl",
      "inSuite": true,
      "folder": "cases",
      "cases": [
        {
          "name": "short",
          "line": 1,
          "kept": "now"
        }
      ]
    }
    "
  `);
});

test("where only a report is, the case goes into a file that can be sent back, and replay needs nothing else", async () => {
  const made = project(
    bugProject(`test("bb has two", async () => { expect(await process({ text: "bb" })).toTally({ length: 2 }); });`),
  );
  await made.tally(["test"]);
  await made.tally(["test", "-e", "node:wrong.ts", "--out", "report"]);
  const { stdout } = await made.tally(["test", "-e", "node:wrong.ts", "--json"]);
  const tests: readonly { name: string; failure?: string }[] = JSON.parse(stdout).tests;
  const id = tests.find(({ name }) => name === "bb has two")?.failure ?? "";
  const elsewhere = project({
    "report/events.ndjson": readFileSync(join(made.root, "report/events.ndjson")),
    "wrong.ts": readFileSync(join(made.root, "wrong.ts")),
    "connector.ts": readFileSync(join(made.root, "connector.ts")),
  });
  const from = ["--from", "report"];
  expect(await said(elsewhere, ["replay", id, ...from, "-e", "node:wrong.ts"])).toMatchInlineSnapshot(`
    "exit 1
    tests/a.test.ts > bb has two
      endpoint  node:wrong.ts
      process  input {"text":"bb"}
        answer {"length":7,"half":1,"label":null}
        length  expected 2  now 7
    STILL  the answer is still what it was
    "
  `);
  expect(await said(elsewhere, ["replay", id, ...from, "-e", "node:connector.ts", "--json"])).toMatchInlineSnapshot(`
    "exit 0
    {"v":1,"failure":"44090b37","test":"tests/a.test.ts > bb has two","result":"FIXED","meaning":"every field that was off agrees now","endpoint":"node:connector.ts","exchanges":[{"operation":"process","input":{"text":"bb"},"before":{"length":7,"half":1,"label":null},"answer":{"length":2,"half":1,"label":null},"result":"FIXED","fields":[{"path":"length","expected":2,"now":2,"agrees":true}]}]}
    "
  `);
  expect(await said(elsewhere, ["replay", "00000000", "--from", "report/events.ndjson"])).toMatchInlineSnapshot(`
    "exit 2
    error[failure-unknown]: No failure "00000000" in what was looked through.
      hint: Failures there, the nearest first: 44090b37 3f68eba6
      more: docs/reference/errors.md#failure-unknown
    "
  `);
  expect(await said(elsewhere, ["keep", id, ...from, "--bug", "BUG-17"])).toMatchInlineSnapshot(`
    "exit 0
     ✓ kept  regressions.jsonl:1  bb has two  BUG-17
       regressions.jsonl is not among the cases of a suite here: send it to whoever has the suite
    "
  `);
  expect(table(elsewhere, "regressions.jsonl")).toMatchInlineSnapshot(`
    "{"name": "bb has two", "operation": "process", "bug": "BUG-17", "input": {"text": "bb"}, "expect": {"length": 2}, "tags": ["regression"], "found": {"at": "<time>", "on": "candidate", "endpoint": "node:wrong.ts", "run": "<run>", "failure": "44090b37", "test": "tests/a.test.ts > bb has two", "suite": "1.0.0 sha256:<digest>"}}
    "
  `);
});

test("what should have been an error is kept as one", async () => {
  const made = project(
    bugProject(`test("refused", async () => { expect(await process({ text: "bb" })).toTally({ $error: true }); });`),
  );
  const { refused = "" } = await failures(made);
  expect(await said(made, ["keep", refused])).toContain(`--expect '{"$error": true}'`);
});

test("records that a test asked in one call are sent again in one call", async () => {
  const made = project({
    ...bugProject(
      `test("two", async () => { expect(await process([{ text: "a" }, { text: "bb" }])).toTally([{ length: 1 }, { length: 2 }]); });`,
    ),
    "counting.ts": lengths("10 * texts.length + i"),
    "joined.ts": lengths("texts.length > 1 && i === 1 ? 9 : text.length"),
    "right.ts": lengths("text.length"),
  });
  const { two = "" } = await failures(made, "node:counting.ts");
  const still = await said(made, ["replay", two, "-e", "node:counting.ts"]);
  expect(still).toContain("now 20");
  expect(still).toContain("now 21");
  expect(still).toContain("STILL");
  expect(await said(made, ["replay", two, "-e", "node:right.ts"])).toContain("FIXED");
  const { two: joined = "" } = await failures(made, "node:joined.ts");
  const alone = await said(made, ["replay", joined, "-e", "node:joined.ts"]);
  expect(alone).toMatch(/^exit 3\n/);
  expect(alone).toContain("ALONE  asked alone it agrees");
  expect(await said(made, ["replay", joined, "-e", "node:right.ts"])).toContain("FIXED");
});

function lengths(length: string): string {
  return `import { defineConnector } from "tallyml";
export default defineConnector({
  process: (frame) => frame.column("text").map(String).map((text, i, texts) => ({ length: ${length}, half: 1, label: null })),
  inference: (frame) => frame.column("text").map(() => ({ long: false, score: 0.1 })),
});`;
}

test("a replay from a report judges by the types of the contract, which is not there", async () => {
  const connector = (when: string, word: string): string =>
    `export default { process: (frame) => [...frame].map(() => ({ when: "${when}", word: "${word}" })) };`;
  const made = project({
    "tally.toml": `[model]\nname = "m"\n[connector]\nnode = "connector.mjs"\n[operations.process]\ninput = { text = "string" }\noutput = { when = "timestamp", word = { type = "string", normalize = ["trim"] } }\n`,
    "connector.mjs": connector("2026-01-01T12:00:00Z", "tea"),
    "wrong.mjs": connector("2026-01-01T13:00:00Z", "coffee"),
    "cases/process.jsonl": `{"name":"noon","input":{"text":"a"},"expect":{"when":"2026-01-01T12:00:00Z","word":"tea"}}\n`,
  });
  await made.tally(["test", "-e", "node:wrong.mjs", "--out", "report"]);
  const events = readFileSync(join(made.root, "report/events.ndjson"), "utf8");
  const id = /"failure":"([0-9a-f]{8})"/.exec(events)?.[1] ?? "";
  // The same instant and the same word, both spelled another way.
  const elsewhere = project({ "events.ndjson": events, "other.mjs": connector("2026-01-01T13:00:00+01:00", " tea") });
  const replayed = await said(elsewhere, ["replay", id, "--from", "events.ndjson", "-e", "node:other.mjs"]);
  expect(replayed).toMatchInlineSnapshot(`
    "exit 0
    cases/process.jsonl > noon
      endpoint  node:other.mjs
      process  input {"text":"a"}
        answer {"when":"2026-01-01T13:00:00+01:00","word":" tea"}
        when  expected "2026-01-01T12:00:00Z"  now agrees
        word  expected "tea"  now agrees
    FIXED  every field that was off agrees now
    "
  `);
  const cut = events.replace(/"contract":\{.*\},"selection"/, '"contract":{"operations":{"process":3}},"selection"');
  elsewhere.write({ "broken.ndjson": cut });
  const broken = await elsewhere.tally(["replay", id, "--from", "broken.ndjson", "-e", "node:other.mjs"]);
  expect(broken.exit).toBe(5);
  expect(broken.stderr).toContain(
    "error[events-malformed]: broken.ndjson, line 1: this is no run event (its contract: ",
  );
});

test("a table that cannot be written is one error", async () => {
  const made = project(bugProject(`test.todo("x");`));
  const { short = "" } = await failures(made);
  expect(await said(made, ["keep", short, "--to", "connector.ts/x.jsonl"])).toMatchInlineSnapshot(`
    "exit 2
    error[out-not-writable]: Nothing can be written to <root>/connector.ts (there is a file of that name).
      hint: Choose another place, or make it writable for this user: ls -ld <root>/connector.ts
      more: docs/reference/errors.md#out-not-writable
    "
  `);
});
