/** `tally capture`: what a real program asks, and what a file holds, becomes cases that research passes. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer";
import { expect, test } from "vitest";
import { connector, contract } from "../../kit/length-model.ts";
import { normal, type Project, project } from "../../kit/project.ts";
import { pythonWith } from "../../kit/python.ts";

/** A program that asks what stands on its command line, `operation=record`, one request after the other. */
const client = `
for (const word of process.argv.slice(2)) {
  const [operation, body] = word.split(/=(.*)/s);
  const answer = await fetch(process.env.ENDPOINT + "/" + operation, {
    method: "POST", headers: { "content-type": "application/json" }, body: "[" + body + "]" });
  console.log(answer.status);
}
`;

function lengths(more: Readonly<Record<string, string>> = {}): Project {
  return project({ "tally.toml": contract, "connector.ts": connector, "client.mjs": client, ...more });
}

function captured(made: Project, file = "cases/captured.jsonl"): string {
  return readFileSync(join(made.root, file), "utf8");
}

async function said(made: Project, args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const { exit, stderr, stdout } = await made.tally(args, { env });
  return `exit ${exit}\n${normal(stdout + stderr, made.root).replaceAll(process.execPath, "node")}`;
}

const ask = (...words: readonly string[]): readonly string[] => ["--", process.execPath, "client.mjs", ...words];

test("what a program asks becomes cases, each record once, and research passes them", async () => {
  const made = lengths();
  const words = ['process={"text":"hello"}', 'process={ "text": "hello" }', 'inference={"text":"a longer text"}'];
  expect(await said(made, ["capture", ...ask(...words, "process={}")])).toMatchInlineSnapshot(`
    "exit 0
    200
    200
    200
    200
     ✓ captured  cases/captured.jsonl  2 cases (process 1, inference 1)  answers of node:connector.ts
       1 exchange said the same once more
     ! 1 exchange not kept: process: input.text is missing
       run them   tally test cases/captured.jsonl
    "
  `);
  expect(captured(made)).toMatchInlineSnapshot(`
    "{"name": "process(text=\\"hello\\")", "operation": "process", "input": {"text": "hello"}, "expect": {"length": 5, "half": 2.5, "label": null}}
    {"name": "inference(text=\\"a longer text\\")", "operation": "inference", "input": {"text": "a longer text"}, "expect": {"long": true, "score": 0.9998766054240137}}
    "
  `);
  expect((await made.tally(["test"])).exit).toBe(0);
});

test("a table that is there is left alone before anything runs, and grows only by what is new", async () => {
  const made = lengths();
  await made.tally(["capture", ...ask('process={"text":"a"}')]);
  const before = captured(made);
  const again = await made.tally(["capture", ...ask('process={"text":"b"}')]);
  expect([again.exit, again.stdout, captured(made)]).toEqual([2, "", before]);
  expect(await said(made, ["capture", "--append", ...ask('process={"text":"a"}', 'process={"text":"b"}')]))
    .toMatchInlineSnapshot(`
    "exit 0
    200
    200
     ✓ captured  cases/captured.jsonl  1 case (process 1)  answers of node:connector.ts
       1 record stands there already, with these answers
       run them   tally test cases/captured.jsonl
    "
  `);
  expect(captured(made).startsWith(before)).toBe(true);
  expect(await said(made, ["capture", "--append", ...ask('process={"text":"a"}')])).toMatchInlineSnapshot(`
    "exit 0
    200
     · nothing new  cases/captured.jsonl  answers of node:connector.ts
       1 record stands there already, with these answers
       run them   tally test cases/captured.jsonl
    "
  `);
  expect(readdirSync(join(made.root, "cases"))).toEqual(["captured.jsonl"]);
});

test("a row that expects something else stays as it is, and that is told", async () => {
  const row = `{"name": "by hand", "operation": "process", "input": {"text": "a"}, "expect": {"length": 7}}`;
  const made = lengths({ "cases/captured.jsonl": row });
  expect(await said(made, ["capture", "--append", ...ask('process={"text":"a"}', 'process={"text":"bb"}')]))
    .toMatchInlineSnapshot(`
    "exit 0
    200
    200
     ✓ captured  cases/captured.jsonl  1 case (process 1)  answers of node:connector.ts
     ! 1 record is in the table with another answer; the rows are as they were
         line 1: length 7, then 1
       run them   tally test cases/captured.jsonl
    "
  `);
  expect(captured(made)).toMatchInlineSnapshot(`
    "{"name": "by hand", "operation": "process", "input": {"text": "a"}, "expect": {"length": 7}}
    {"name": "process(text=\\"bb\\")", "operation": "process", "input": {"text": "bb"}, "expect": {"length": 2, "half": 1, "label": null}}
    "
  `);
});

test("a program that fails is told with its status, and what it asked before is kept", async () => {
  const made = lengths({ "failing.mjs": `${client}\nprocess.exit(7);` });
  const words = ["--", process.execPath, "failing.mjs", 'process={"text":"a"}'];
  const text = await said(made, ["capture", ...words]);
  expect(text).toMatchInlineSnapshot(`
    "exit 1
    200
     ✓ captured  cases/captured.jsonl  1 case (process 1)  answers of node:connector.ts
       run them   tally test cases/captured.jsonl
    error[capture-command]: node ended with status 7; 1 case was kept all the same.
      hint: What it asked before is answered and kept. If more should be, mend what failed and capture again with --append.
      more: docs/reference/errors.md#capture-command
    "
  `);
  expect(captured(made).split("\n").length).toBe(2);
});

test("records whose answers differ from call to call are no cases", async () => {
  const made = lengths({
    "connector.ts": `
      import { defineConnector, type Frame } from "tallyml";
      let calls = 0;
      export default defineConnector({
        inference: (frame: Frame<{ text: string }>) => frame.column("text").map(() => ({ long: true, score: 1 })),
        process: (frame: Frame<{ text: string }>) =>
          frame.column("text").map((text) => ({ length: String(text) === "steady" ? 1 : (calls += 1), half: 0.5, label: null })),
      });`,
  });
  const words = ['process={"text":"x"}', 'process={"text":"steady"}', 'process={"text":"x"}'];
  expect(await said(made, ["capture", ...ask(...words)])).toMatchInlineSnapshot(`
    "exit 0
    200
    200
    200
     ✓ captured  cases/captured.jsonl  1 case (process 1)  answers of node:connector.ts
     ! 1 record not kept: the answers to the same record differ
         process: length 1, then 2
       run them   tally test cases/captured.jsonl
    "
  `);
  expect(captured(made)).not.toContain(`"x"`);
  const only = await said(made, [
    "capture",
    "--to",
    "more.jsonl",
    ...ask('process={"text":"x"}', 'process={"text":"x"}'),
  ]);
  expect(only).toMatchInlineSnapshot(`
    "exit 5
    200
    200
    error[capture-unfit]: The only exchange cannot be kept as a case: the same record is answered in two ways (length 1, then 2).
      hint: Correct the contract where it is wrong (tally schema shows it), or ask other records.
      more: docs/reference/errors.md#capture-unfit
    "
  `);
});

test("sensitive values are in no table and in no word of what is said", async () => {
  const made = lengths({
    "tally.toml": contract
      .replace(
        'input = { text = "string" }',
        'input = { text = "string", name = { type = "string?", sensitive = true } }',
      )
      .replace('label = "string?"', 'label = { type = "string?", sensitive = true }'),
    "connector.ts": connector.replace("label: null", `label: "secret label"`),
  });
  const words = ['process={"text":"a","name":"Ada Lovelace"}', 'inference={"text":"b"}'];
  const text = await said(made, ["capture", ...ask(...words)]);
  expect(text).toMatchInlineSnapshot(`
    "exit 0
    200
    200
     ✓ captured  cases/captured.jsonl  1 case (inference 1)  answers of node:connector.ts
     ! 1 exchange not kept: the field process.name is sensitive
       run them   tally test cases/captured.jsonl
    "
  `);
  expect(text + captured(made)).not.toMatch(/Lovelace|secret/);
});

test("a limit keeps so many of an operation, and one operation can be meant alone", async () => {
  const made = lengths();
  const words = ["a", "b", "c"].flatMap((text) => [`process={"text":"${text}"}`, `inference={"text":"${text}"}`]);
  const json = await made.tally(["capture", "--limit", "2", "--operation", "process", "--json", ...ask(...words)]);
  expect({ ...JSON.parse(json.stdout), from: "node" }).toMatchInlineSnapshot(`
    {
      "answeredBy": "node:connector.ts",
      "beyond": 1,
      "cases": [
        {
          "name": "process(text="a")",
          "operation": "process",
        },
        {
          "name": "process(text="b")",
          "operation": "process",
        },
      ],
      "contrary": [],
      "file": "cases/captured.jsonl",
      "from": "node",
      "inSuite": true,
      "known": 0,
      "refused": [],
      "repeated": 0,
      "unanswered": 0,
      "unsteady": [],
      "unused": [],
      "v": 1,
    }
  `);
  // What the program says goes elsewhere.
  expect(json.stderr).toBe("200\n".repeat(6));
});

test("Ctrl-C ends the program, and what came until then is kept", async () => {
  const made = lengths({ "slow.mjs": `${client}\nsetInterval(() => {}, 1000); console.log("waiting");` });
  const running = made.start(["capture", "--", process.execPath, "slow.mjs", 'process={"text":"a"}'], {
    detached: true,
  });
  await running.says(/waiting/);
  process.kill(-(running.child.pid ?? 0), "SIGINT");
  expect((await running.ended).exit).toBe(130);
  expect(captured(made)).toContain(`{"text": "a"}`);
  expect(readdirSync(join(made.root, "cases"))).toEqual(["captured.jsonl"]);
});

test("answers of a port are kept only when it is named on the command line", async () => {
  const made = lengths({ "wrong.ts": connector.replace("length: [...String(text)].length", "length: 99") });
  await made.tally(["capture", ...ask('process={"text":"a"}')], { env: { ENDPOINT: "node:wrong.ts" } });
  expect(captured(made)).toContain(`"length": 1`);
  await made.tally([
    "capture",
    "--endpoint",
    "node:wrong.ts",
    "--to",
    "cases/port.jsonl",
    ...ask('process={"text":"a"}'),
  ]);
  expect(captured(made, "cases/port.jsonl")).toContain(`"length": 99`);
});

test("flags behind the command are the command's, with or without --", async () => {
  const made = lengths({ "says.mjs": `${client}console.log(process.argv.slice(3).join(" "));` });
  const words = [process.execPath, "says.mjs", 'process={"text":"a"}', "--json", "-q", "--limit", "0"];
  const without = await made.tally(["capture", ...words]);
  const behind = await made.tally(["capture", "--append", "--", ...words]);
  expect([without.exit, behind.exit], without.stderr + behind.stderr).toEqual([0, 0]);
  for (const { stdout } of [without, behind]) expect(stdout).toContain("\n--json -q --limit 0\n");
});

test("questions that are refused are told, and what a model raises is not quoted", async () => {
  const made = lengths({
    "connector.ts": connector.replace(
      "return frame.column",
      `if (String(frame.column("text")[0]).startsWith("x")) throw new Error("secret " + Math.random());\nreturn frame.column`,
    ),
  });
  const none = await said(made, ["capture", ...ask('proces={"text":"a"}', 'process={"text":')]);
  expect(none).toMatchInlineSnapshot(`
    "exit 5
    404
    400
    error[capture-nothing]: Nothing was captured: none of the 2 calls of node was answered (There is no operation "proces").
      hint: The program must send its records to the address in ENDPOINT, as POST $ENDPOINT/OPERATION, or through tallyml.Endpoint; see docs/guide/capture.md
      more: docs/reference/errors.md#capture-nothing
    "
  `);
  const words = ['process={"text":"x1"}', 'process={"text":"x1"}', 'process={"text":"b"}', 'predict={"text":"b"}'];
  const { exit, stdout } = await made.tally(["capture", ...ask(...words)]);
  expect([exit, stdout]).toMatchInlineSnapshot(`
    [
      0,
      "200
    200
    200
    404
     ✓ captured  cases/captured.jsonl  2 cases (process 2)  answers of node:connector.ts
       1 exchange said the same once more
     ! 1 call without an answer: There is no operation "predict".
       run them   tally test cases/captured.jsonl
    ",
    ]
  `);
  expect(captured(made)).toMatchInlineSnapshot(`
    "{"name": "process(text=\\"x1\\")", "operation": "process", "input": {"text": "x1"}, "expect": {"$error": "Error"}}
    {"name": "process(text=\\"b\\")", "operation": "process", "input": {"text": "b"}, "expect": {"length": 1, "half": 0.5, "label": null}}
    "
  `);
});

const python = pythonWith("pytest");
const pythonModel: Readonly<Record<string, string>> = {
  "tally.toml": `
[model]
name = "lengths"
[connector]
python = "connector.py"
[operations.process]
input = { text = "string", weight = "float64?" }
output = { length = "int", heavy = "boolean?" }
[operations.inference]
after = "process"
input = "process"
output = { long = "boolean" }
[suite]
cases = ["cases/*.jsonl"]
`,
  "connector.py": `
from tallyml import Model
model = Model("lengths")
@model.operation
def process(records: list[dict]):
    for r in records:
        if r["text"] == "boom": raise ValueError("no boom")
    return [{"length": len(r["text"]), "heavy": None if r["weight"] is None else r["weight"] > 1} for r in records]
@model.operation(after="process")
def inference(records: list[dict]):
    return [{"long": r["length"] > 3} for r in records]
`,
};

test.skipIf(python === undefined)(
  "a pytest suite with a client of its own is captured, failures included",
  { timeout: 60_000 },
  async () => {
    const made = project({
      ...pythonModel,
      "tests/test_client.py": `
import json, os, urllib.request
import pytest

def ask(operation, record):
    request = urllib.request.Request(f"{os.environ['ENDPOINT']}/{operation}", json.dumps([record]).encode(), {"content-type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)[0]

@pytest.mark.parametrize("text", ["", "naïve", "a longer text"])
def test_length(text):
    answer = ask("process", {"text": text, "weight": 2.5})
    assert answer["length"] == len(text)
    assert ask("inference", answer)["long"] == (len(text) > 3)

def test_refused():
    assert "$error" in ask("process", {"text": "boom", "weight": None})
`,
    });
    const env = { TALLY_PYTHON: python ?? "", PYTHONDONTWRITEBYTECODE: "1" };
    const pytest = ["--", python ?? "", "-m", "pytest", "-q", "-p", "no:cacheprovider"];
    const ran = await made.tally(["capture", ...pytest], { env });
    expect([ran.exit, ran.stdout], ran.stderr).toEqual([0, expect.stringMatching(/4 passed/)]);
    expect(captured(made)).toMatchInlineSnapshot(`
      "{"name": "process(text=\\"\\", weight=2.5)", "operation": "process", "input": {"text": "", "weight": 2.5}, "expect": {"length": 0, "heavy": true}}
      {"name": "process(text=\\"naïve\\", weight=2.5)", "operation": "process", "input": {"text": "naïve", "weight": 2.5}, "expect": {"length": 5, "heavy": true}}
      {"name": "process(text=\\"a longer text\\", weight=2.5)", "operation": "process", "input": {"text": "a longer text", "weight": 2.5}, "expect": {"length": 13, "heavy": true}}
      {"name": "process(text=\\"boom\\", weight=null)", "operation": "process", "input": {"text": "boom", "weight": null}, "expect": {"$error": "ValueError"}}
      {"name": "inference(length=0, heavy=true)", "operation": "inference", "input": {"length": 0, "heavy": true}, "expect": {"long": false}}
      {"name": "inference(length=5, heavy=true)", "operation": "inference", "input": {"length": 5, "heavy": true}, "expect": {"long": true}}
      {"name": "inference(length=13, heavy=true)", "operation": "inference", "input": {"length": 13, "heavy": true}, "expect": {"long": true}}
      "
    `);
    expect((await made.tally(["test"], { env })).exit).toBe(0);
  },
);

test.skipIf(python === undefined)(
  "the suite's own run is captured through the fixtures of pytest",
  { timeout: 60_000 },
  async () => {
    const made = project({
      ...pythonModel,
      "test_own.py": `def test_one(process):\n    assert process({"text": "a", "weight": None})["length"] == 1\n`,
    });
    const env = { TALLY_PYTHON: python ?? "", PYTHONPATH: resolve("python") };
    const ran = await made.tally(["capture", "--", python ?? "", "-m", "pytest", "-q", "-p", "tallyml.pytest_plugin"], {
      env,
    });
    expect(ran.exit, ran.stdout + ran.stderr).toBe(0);
    expect(captured(made)).toMatchInlineSnapshot(`
      "{"name": "process(text=\\"a\\", weight=null)", "operation": "process", "input": {"text": "a", "weight": null}, "expect": {"length": 1, "heavy": null}}
      "
    `);
  },
);

test.skipIf(python === undefined)(
  "records of a CSV are asked with their declared types, through the stages",
  { timeout: 60_000 },
  async () => {
    const made = project({
      ...pythonModel,
      "orders.csv": `id,text,weight\n1,007,0.5\n2,,\n3,null,2e0\n4,007,0.5\n5,boom,1\n`,
    });
    const env = { TALLY_PYTHON: python ?? "" };
    const { exit, stdout } = await made.tally(["capture", "--data", "orders.csv"], { env });
    expect([exit, stdout]).toMatchInlineSnapshot(`
      [
        0,
        " ✓ captured  cases/captured.jsonl  7 cases (process 4, inference 3)  answers of py:connector.py
         not a field of these operations: id
         run them   tally test cases/captured.jsonl
      ",
      ]
    `);
    expect(captured(made)).toMatchInlineSnapshot(`
      "{"name": "process(text=\\"007\\", weight=0.5)", "operation": "process", "input": {"text": "007", "weight": 0.5}, "expect": {"length": 3, "heavy": false}}
      {"name": "process(text=\\"\\", weight=null)", "operation": "process", "input": {"text": "", "weight": null}, "expect": {"length": 0, "heavy": null}}
      {"name": "process(text=\\"null\\", weight=2e0)", "operation": "process", "input": {"text": "null", "weight": 2e0}, "expect": {"length": 4, "heavy": true}}
      {"name": "process(text=\\"boom\\", weight=1)", "operation": "process", "input": {"text": "boom", "weight": 1}, "expect": {"$error": "ValueError"}}
      {"name": "inference(text=\\"007\\", weight=0.5)", "operation": "inference", "input": {"text": "007", "weight": 0.5}, "expect": {"long": false}}
      {"name": "inference(text=\\"\\", weight=null)", "operation": "inference", "input": {"text": "", "weight": null}, "expect": {"long": false}}
      {"name": "inference(text=\\"null\\", weight=2e0)", "operation": "inference", "input": {"text": "null", "weight": 2e0}, "expect": {"long": true}}
      "
    `);
    expect((await made.tally(["test"], { env })).exit).toBe(0);
  },
);

test("a TSV, a JSONL with missing keys and semicolons are read alike; nothing is asked of a file with a wrong cell", async () => {
  const made = lengths({
    "a.tsv": `text\tnote\na\tx\nb\ty\n`,
    "a.jsonl": `{"text": "a", "note": 1}\n{"text": "b"}\n`,
    "semicolon.csv": `text;note\na;x\nb;y\n`,
    "wrong.jsonl": `{"text": "a"}\n{"text": 5}\n{"note": 1}\n`,
  });
  for (const [file, to] of [
    ["a.tsv", "1"],
    ["a.jsonl", "2"],
    ["semicolon.csv", "3"],
  ] as const)
    await made.tally(["capture", "--data", file, "--to", `${to}.jsonl`]);
  expect(captured(made, "1.jsonl")).toMatchInlineSnapshot(`
    "{"name": "process(text=\\"a\\")", "operation": "process", "input": {"text": "a"}, "expect": {"length": 1, "half": 0.5, "label": null}}
    {"name": "process(text=\\"b\\")", "operation": "process", "input": {"text": "b"}, "expect": {"length": 1, "half": 0.5, "label": null}}
    {"name": "inference(text=\\"a\\")", "operation": "inference", "input": {"text": "a"}, "expect": {"long": false, "score": 0.04742587317756678}}
    {"name": "inference(text=\\"b\\")", "operation": "inference", "input": {"text": "b"}, "expect": {"long": false, "score": 0.04742587317756678}}
    "
  `);
  expect([captured(made, "2.jsonl"), captured(made, "3.jsonl")]).toEqual([
    captured(made, "1.jsonl"),
    captured(made, "1.jsonl"),
  ]);
  expect(await said(made, ["capture", "--data", "wrong.jsonl"])).toMatchInlineSnapshot(`
    "exit 5
    error[capture-data]: wrong.jsonl cannot be asked: wrong.jsonl:2: input.text is a number, not a string; found the number 5.
      | wrong.jsonl:3: input.text is missing.
      hint: Columns are named like the fields of the input, and cells hold values of the declared types: tally schema --format markdown
      more: docs/reference/errors.md#capture-data
    "
  `);
  expect(readdirSync(made.root)).not.toContain("cases");
});

test("a Parquet file is asked by its columns, nulls where the type allows them", async () => {
  const made = lengths({
    "tally.toml": contract.replace('text = "string"', 'text = "string", weight = "float64?", id = "int64"'),
  });
  const columnData: ColumnSource[] = [
    { name: "id", data: [9007199254740993n, 2n], type: "INT64" },
    { name: "text", data: ["a", "bb"], type: "STRING" },
    { name: "weight", data: [0.1, null], type: "DOUBLE", nullable: true },
  ];
  made.write({ "orders.parquet": new Uint8Array(parquetWriteBuffer({ columnData })) });
  expect(await said(made, ["capture", "--data", "orders.parquet", "--operation", "process"])).toMatchInlineSnapshot(`
    "exit 0
     ✓ captured  cases/captured.jsonl  2 cases (process 2)  answers of node:connector.ts
       run them   tally test cases/captured.jsonl
    "
  `);
  expect(captured(made)).toMatchInlineSnapshot(`
    "{"name": "process(id=9007199254740993, text=\\"a\\", weight=0.1)", "operation": "process", "input": {"id": 9007199254740993, "text": "a", "weight": 0.1}, "expect": {"length": 1, "half": 0.5, "label": null}}
    {"name": "process(id=2, text=\\"bb\\", weight=null)", "operation": "process", "input": {"id": 2, "text": "bb", "weight": null}, "expect": {"length": 2, "half": 1, "label": null}}
    "
  `);
});

test("columns may be named like keywords, have dots, or lie in structs", async () => {
  const made = lengths({
    "tally.toml": contract.replace(
      'input = { text = "string" }',
      'input = { text = "string", class = "int", "a.b" = "int", "constructor" = "string", at = { type = "struct", fields = { city = "string", zip = "string?" } } }',
    ),
    "odd.csv": "text,class,a.b,constructor,at.city,__proto__\nx,1,2,y,Bern,z\n",
  });
  await made.tally(["capture", "--data", "odd.csv", "--operation", "process"]);
  expect(captured(made)).toMatchInlineSnapshot(`
    "{"name": "process(text=\\"x\\", class=1, a.b=2, constructor=\\"y\\", at={\\"city\\": \\"Bern\\", …)", "operation": "process", "input": {"text": "x", "class": 1, "a.b": 2, "constructor": "y", "at": {"city": "Bern", "zip": null}}, "expect": {"length": 1, "half": 0.5, "label": null}}
    "
  `);
});
