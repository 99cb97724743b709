import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { shownPath } from "../../src/kernel/shown-path.ts";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { whyNot } from "../../src/compare/type-check.ts";
import { parseContract } from "../../src/contract/load-contract.ts";
import { type CaseTable, readCaseTable } from "../../src/record/read-case-table.ts";

const root = mkdtempSync(join(tmpdir(), "tally-cases-"));
afterAll(() => rmSync(root, { recursive: true }));

const typed = `[model]
name = "shop"
[operations.process]
input = { id = "int64", name = "string?", price = "float64", ok = "boolean", address = { type = "struct", fields = { city = "string", zip = "string?" } } }
[operations.process.output]
words = "int"
score = { type = "float64", abs = 1e-6 }
level = { type = "category?", values = ["low", "high"] }
amount = { type = "decimal", scale = 2 }
tags = "list<string>"
raw = "json"
at = "timestamp"
secret = { type = "int", sensitive = true }
[operations.rank]
input = "process"
output = { rank = "float32" }
`;
const contract = parseContract(typed, join(root, "tally.toml"));
const undeclared = parseContract('[model]\nname = "m"\n', join(root, "tally.toml"));

const good = '{"input":{"id":1,"name":null,"price":1.5,"ok":true,"address":{"city":"Paris","zip":null}}}';

/** Reads a table that consists of `content`. */
async function read(path: string, content: string | Uint8Array, by = contract): Promise<CaseTable> {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return readCaseTable(file, by, whyNot);
}

/** Every problem, as a person would read it. */
async function problemsOf(path: string, content: string | Uint8Array, by = contract): Promise<string> {
  const { problems } = await read(path, content, by);
  const shown = problems.map(
    ({ code, exit, message, hint }) => `error[${code}] (exit ${exit}): ${message}\nhint: ${hint}`,
  );
  return shown.join("\n").replaceAll(`${shownPath(root)}/`, "") || "no problem";
}

test("an empty table", async () => {
  expect(await problemsOf("process.jsonl", ``)).toMatchInlineSnapshot(`
    "error[case-empty] (exit 5): process.jsonl holds no case.
    hint: Add one, or remove the file."
  `);
});

test("a table of blank lines", async () => {
  expect(await problemsOf("process.jsonl", `\n  \n`)).toMatchInlineSnapshot(`
    "error[case-empty] (exit 5): process.jsonl holds no case.
    hint: Add one, or remove the file."
  `);
});

test("one JSON array", async () => {
  expect(
    await problemsOf(
      "process.jsonl",
      `[\n{"input":{"id":1,"name":null,"price":1.5,"ok":true,"address":{"city":"Paris","zip":null}}}
]\n`,
    ),
  ).toMatchInlineSnapshot(`
    "error[case-array] (exit 5): process.jsonl:1: this is one JSON array; a .jsonl table has one object on each line.
    hint: Convert it: jq -c '.[]' FILE.json > FILE.jsonl"
  `);
});

test("a line that is no JSON", async () => {
  expect(
    await problemsOf(
      "process.jsonl",
      `{"input":{"id":1,"name":null,"price":1.5,"ok":true,"address":{"city":"Paris","zip":null}}}
{'input': {}}\n`,
    ),
  ).toMatchInlineSnapshot(`
    "error[case-syntax] (exit 5): process.jsonl:2: unexpected "'" (column 2).
    hint: Each line is one JSON object, or one CSV record (docs/guide/cases.md)."
  `);
});

test("an object over several lines", async () => {
  expect(await problemsOf("process.jsonl", `{\n  "input": {}\n}\n`)).toMatchInlineSnapshot(`
    "error[case-syntax] (exit 5): process.jsonl:1: the line ends before its object does (column 2).
    hint: Each line is one JSON object, or one CSV record (docs/guide/cases.md).
    error[case-syntax] (exit 5): process.jsonl:2: unexpected ":" after the end of the value (column 10).
    hint: Each line is one JSON object, or one CSV record (docs/guide/cases.md).
    error[case-syntax] (exit 5): process.jsonl:3: unexpected "}" (column 1).
    hint: Each line is one JSON object, or one CSV record (docs/guide/cases.md)."
  `);
});

test("a torn last line", async () => {
  expect(
    await problemsOf(
      "process.jsonl",
      `{"input":{"id":1,"name":null,"price":1.5,"ok":true,"address":{"city":"Paris","zip":null}}}
{"input":{"id":1,"na`,
    ),
  ).toMatchInlineSnapshot(`
    "error[case-torn] (exit 5): process.jsonl:2: the file ends in mid-record.
    hint: It was cut off when it was written or copied: fetch it again, or remove the last line."
  `);
});

test("a torn line in the middle is no torn file", async () => {
  expect(
    await problemsOf(
      "process.jsonl",
      `{"input":{"id":1,"na\n{"input":{"id":1,"name":null,"price":1.5,"ok":true,"address":{"city":"Paris","zip":null}}}
`,
    ),
  ).toMatchInlineSnapshot(`
    "error[case-syntax] (exit 5): process.jsonl:1: the line ends before its object does (column 21).
    hint: Each line is one JSON object, or one CSV record (docs/guide/cases.md)."
  `);
});

test("two objects on a line", async () => {
  expect(
    await problemsOf(
      "process.jsonl",
      `{"input":{"id":1,"name":null,"price":1.5,"ok":true,"address":{"city":"Paris","zip":null}}} {"input":{"id":1,"name":null,"price":1.5,"ok":true,"address":{"city":"Paris","zip":null}}}
`,
    ),
  ).toMatchInlineSnapshot(`
    "error[case-syntax] (exit 5): process.jsonl:1: unexpected "{" after the end of the value (column 92).
    hint: Each line is one JSON object, or one CSV record (docs/guide/cases.md)."
  `);
});

test("a line that is no object", async () => {
  expect(await problemsOf("process.jsonl", `42\n`)).toMatchInlineSnapshot(`
    "error[case-type] (exit 5): process.jsonl:1: a case must be a JSON object; found the number 42.
    hint: What a case consists of: docs/guide/cases.md"
  `);
});

test("a key twice", async () => {
  expect(
    await problemsOf(
      "process.jsonl",
      `{"input":{"id":1,"name":null,"price":1.5,"ok":true,"address":{"city":"Paris","zip":null}},"expect":{"words":1,"words":2}}
`,
    ),
  ).toMatchInlineSnapshot(`
    "error[case-syntax] (exit 5): process.jsonl:1: duplicate key "words" (column 111).
    hint: Each line is one JSON object, or one CSV record (docs/guide/cases.md)."
  `);
});

test("NaN without quotes", async () => {
  expect(
    await problemsOf(
      "process.jsonl",
      `{"input":{"id":1,"name":null,"price":1.5,"ok":true,"address":{"city":"Paris","zip":null}},"expect":{"score":NaN}}
`,
    ),
  ).toMatchInlineSnapshot(`
    "error[case-syntax] (exit 5): process.jsonl:1: NaN and Infinity are not JSON; write them as texts: "NaN", "Infinity", "-Infinity" (column 109).
    hint: Each line is one JSON object, or one CSV record (docs/guide/cases.md)."
  `);
});

test("a misspelt key", async () => {
  expect(
    await problemsOf(
      "process.jsonl",
      `{"input":{"id":1,"name":null,"price":1.5,"ok":true,"address":{"city":"Paris","zip":null}},"expected":{"words":1}}
`,
    ),
  ).toMatchInlineSnapshot(`
    "error[case-key] (exit 5): process.jsonl:1: unknown key "expected"; did you mean expect?
    hint: Keys of a case: name, operation, input, expect, tolerance, tags, level, skip, bug, found."
  `);
});

test("members of wrong types", async () => {
  expect(
    await problemsOf(
      "process.jsonl",
      `{"input":{"id":1,"name":null,"price":1.5,"ok":true,"address":{"city":"Paris","zip":null}},"name":7,"tags":"smoke","level":"must","skip":true,"bug":null,"expect":{},"tolerance":0.1}
`,
    ),
  ).toMatchInlineSnapshot(`
    "error[case-type] (exit 5): process.jsonl:1: name must be a text; found the number 7.
    hint: What a case consists of: docs/guide/cases.md
    error[case-type] (exit 5): process.jsonl:1: tags must be a list of texts; found the text "smoke".
    hint: What a case consists of: docs/guide/cases.md
    error[case-type] (exit 5): process.jsonl:1: level must be "required" or "recommended"; found the text "must".
    hint: What a case consists of: docs/guide/cases.md
    error[case-type] (exit 5): process.jsonl:1: skip must be a text that says why; found true.
    hint: What a case consists of: docs/guide/cases.md
    error[case-type] (exit 5): process.jsonl:1: bug must be a text; found null.
    hint: What a case consists of: docs/guide/cases.md
    error[case-type] (exit 5): process.jsonl:1: expect must be an object with at least one field, or left out; found {}.
    hint: What a case consists of: docs/guide/cases.md
    error[case-type] (exit 5): process.jsonl:1: tolerance must be an object; found the number 0.1.
    hint: What a case consists of: docs/guide/cases.md"
  `);
});

test("a case without input", async () => {
  expect(await problemsOf("process.jsonl", `{"expect":{"words":1}}\n`)).toMatchInlineSnapshot(`
    "error[case-type] (exit 5): process.jsonl:1: input must be an object; found nothing.
    hint: What a case consists of: docs/guide/cases.md"
  `);
});

test("an input that is a list", async () => {
  expect(await problemsOf("process.jsonl", `{"input":[1]}\n`)).toMatchInlineSnapshot(`
    "error[case-type] (exit 5): process.jsonl:1: input must be an object; found a list.
    hint: What a case consists of: docs/guide/cases.md"
  `);
});

test("a name twice", async () => {
  expect(
    await problemsOf(
      "process.jsonl",
      `{"input":{"id":1,"name":null,"price":1.5,"ok":true,"address":{"city":"Paris","zip":null}},"name":"a"}
{"input":{"id":1,"name":null,"price":1.5,"ok":true,"address":{"city":"Paris","zip":null}},"name":"b"}
{"input":{"id":1,"name":null,"price":1.5,"ok":true,"address":{"city":"Paris","zip":null}},"name":"a"}
`,
    ),
  ).toMatchInlineSnapshot(`
    "error[case-name] (exit 5): process.jsonl:3: the name "a" is taken by line 1.
    hint: Names identify cases in reports and in -k: give each its own, or none."
  `);
});

test("no operation, in a file named otherwise", async () => {
  expect(
    await problemsOf(
      "smoke.jsonl",
      `{"input":{"id":1,"name":null,"price":1.5,"ok":true,"address":{"city":"Paris","zip":null}}}
`,
    ),
  ).toMatchInlineSnapshot(`
    "error[case-operation-missing] (exit 5): smoke.jsonl:1: which operation is this a case of?
    hint: Add "operation", or name the file after one: process.jsonl, rank.jsonl"
  `);
});

test("an unknown operation", async () => {
  expect(
    await problemsOf(
      "smoke.jsonl",
      `{"input":{"id":1,"name":null,"price":1.5,"ok":true,"address":{"city":"Paris","zip":null}},"operation":"proces"}
`,
    ),
  ).toMatchInlineSnapshot(`
    "error[case-operation] (exit 5): smoke.jsonl:1: "proces" is not an operation of the contract; did you mean process?
    hint: Operations: process, rank."
  `);
});

test("fields of the input that are missing, null, of another type or unknown", async () => {
  expect(
    await problemsOf(
      "process.jsonl",
      `{"input":{"id":1.5,"nam":"x","price":null,"ok":1,"address":{"city":3,"street":"x"}}}\n`,
    ),
  ).toMatchInlineSnapshot(`
    "error[case-value] (exit 5): process.jsonl:1: input.id is not a whole number, so no int64; found the number 1.5.
    hint: It is declared as int64.
    error[case-field] (exit 5): process.jsonl:1: input.nam is not declared in the contract; did you mean input.name?
    hint: Declared: id, name, price, ok, address.
    error[case-value] (exit 5): process.jsonl:1: input.price is null.
    hint: It is declared as float64.
    error[case-value] (exit 5): process.jsonl:1: input.ok is a number, not a boolean; found the number 1.
    hint: It is declared as boolean.
    error[case-value] (exit 5): process.jsonl:1: input.address.city is a number, not a string; found the number 3.
    hint: It is declared as string.
    error[case-field] (exit 5): process.jsonl:1: input.address.street is not declared in the contract.
    hint: Declared: city, zip.
    error[case-missing] (exit 5): process.jsonl:1: input.address.zip is missing.
    hint: Nullable does not mean absent: write null (in CSV: null without quotes)."
  `);
});

test("expected fields of another type or unknown", async () => {
  expect(
    await problemsOf(
      "process.jsonl",
      `{"input":{"id":1,"name":null,"price":1.5,"ok":true,"address":{"city":"Paris","zip":null}},"expect":{"word":1,"words":"1","score":"high","level":"middle","amount":1.005,"tags":["a",1],"at":"yesterday"}}
`,
    ),
  ).toMatchInlineSnapshot(`
    "error[case-field] (exit 5): process.jsonl:1: expect.word is not declared in the contract.
    hint: Declared: words, score, level, amount, tags, raw, at, secret.
    error[case-value] (exit 5): process.jsonl:1: expect.words is a number written as text, not an int; found the text "1".
    hint: It is declared as int.
    error[case-value] (exit 5): process.jsonl:1: expect.score is text, not a float64; found the text "high".
    hint: It is declared as float64.
    error[case-value] (exit 5): process.jsonl:1: expect.level is not among the 2 values of the category; found the text "middle".
    hint: It is declared as category?: low, high.
    error[case-value] (exit 5): process.jsonl:1: expect.amount is more than 2 digits after the point; found the number 1.005.
    hint: It is declared as decimal.
    error[case-value] (exit 5): process.jsonl:1: expect.tags[1] is a number, not a string; found the number 1.
    hint: It is declared as string.
    error[case-value] (exit 5): process.jsonl:1: expect.at is no timestamp (RFC 3339: 2024-01-31T23:59:59.5Z); found the text "yesterday".
    hint: It is declared as timestamp."
  `);
});

test("sensitive values are not shown", async () => {
  expect(
    await problemsOf(
      "process.jsonl",
      `{"input":{"id":1,"name":null,"price":1.5,"ok":true,"address":{"city":"Paris","zip":null}},"expect":{"secret":"4711"}}
`,
    ),
  ).toMatchInlineSnapshot(`
    "error[case-value] (exit 5): process.jsonl:1: expect.secret is a number written as text, not an int.
    hint: It is declared as int."
  `);
});

test("an integer beyond int64", async () => {
  expect(
    await problemsOf(
      "process.jsonl",
      `{"input":{"id":9223372036854775808,"name":null,"price":1,"ok":true,"address":{"city":"Paris","zip":null}}}\n`,
    ),
  ).toMatchInlineSnapshot(`
    "error[case-value] (exit 5): process.jsonl:1: input.id is out of the range of int64 (-9223372036854775808 to 9223372036854775807); found the number 9223372036854775808.
    hint: It is declared as int64."
  `);
});

test("an expected error with fields beside it", async () => {
  expect(
    await problemsOf(
      "process.jsonl",
      `{"input":{"id":1,"name":null,"price":1.5,"ok":true,"address":{"city":"Paris","zip":null}},"expect":{"$error":true,"words":1}}
{"input":{"id":1,"name":null,"price":1.5,"ok":true,"address":{"city":"Paris","zip":null}},"expect":{"$error":false}}
`,
    ),
  ).toMatchInlineSnapshot(`
    "error[case-type] (exit 5): process.jsonl:1: expect must be $error alone, or fields; found also words.
    hint: What a case consists of: docs/guide/cases.md
    error[case-type] (exit 5): process.jsonl:2: expect.$error must be true or the type of the error, such as "ValueError"; found false.
    hint: What a case consists of: docs/guide/cases.md"
  `);
});

test("tolerances that mean nothing", async () => {
  expect(
    await problemsOf(
      "process.jsonl",
      `{"input":{"id":1,"name":null,"price":1.5,"ok":true,"address":{"city":"Paris","zip":null}},"tolerance":{"scor":{"abs":1},"level":{"abs":1},"score":{"absolute":1},"words":{"ulp":1},"at":{"abs":1},"amount":{"rel":-1},"raw":0.1}}
`,
    ),
  ).toMatchInlineSnapshot(`
    "error[case-tolerance] (exit 5): process.jsonl:1: tolerance of scor: process has no such output; did you mean score?
    hint: A tolerance is { "abs": 0.01 }, { "rel": 1e-6 } or { "ulp": 4 } for a field with numbers.
    error[case-tolerance] (exit 5): process.jsonl:1: tolerance of level: it is category, which is compared exactly.
    hint: A tolerance is { "abs": 0.01 }, { "rel": 1e-6 } or { "ulp": 4 } for a field with numbers.
    error[case-tolerance] (exit 5): process.jsonl:1: tolerance of score: unknown key "absolute".
    hint: A tolerance is { "abs": 0.01 }, { "rel": 1e-6 } or { "ulp": 4 } for a field with numbers.
    error[case-tolerance] (exit 5): process.jsonl:1: tolerance of words: ulp does not fit int.
    hint: A tolerance is { "abs": 0.01 }, { "rel": 1e-6 } or { "ulp": 4 } for a field with numbers.
    error[case-tolerance] (exit 5): process.jsonl:1: tolerance of at: abs must be a duration such as "1ms"; found the number 1.
    hint: A tolerance is { "abs": 0.01 }, { "rel": 1e-6 } or { "ulp": 4 } for a field with numbers.
    error[case-tolerance] (exit 5): process.jsonl:1: tolerance of amount: rel must be a finite number ≥ 0; found the number -1.
    hint: A tolerance is { "abs": 0.01 }, { "rel": 1e-6 } or { "ulp": 4 } for a field with numbers.
    error[case-tolerance] (exit 5): process.jsonl:1: tolerance of raw: found the number 0.1.
    hint: A tolerance is { "abs": 0.01 }, { "rel": 1e-6 } or { "ulp": 4 } for a field with numbers."
  `);
});

test("tolerances that a double cannot hold", async () => {
  expect(
    await problemsOf(
      "process.jsonl",
      `{"input":{"id":1,"name":null,"price":1.5,"ok":true,"address":{"city":"Paris","zip":null}},"tolerance":{"score":{"abs":1e400}}}
{"input":{"id":1,"name":null,"price":1.5,"ok":true,"address":{"city":"Paris","zip":null}},"tolerance":{"score":{"rel":1e-400}}}
`,
    ),
  ).toMatchInlineSnapshot(`
    "error[case-tolerance] (exit 5): process.jsonl:1: tolerance of score: abs must be a finite number ≥ 0; found the number 1e400.
    hint: A tolerance is { "abs": 0.01 }, { "rel": 1e-6 } or { "ulp": 4 } for a field with numbers.
    error[case-tolerance] (exit 5): process.jsonl:2: tolerance of score: rel must be a finite number ≥ 0; found the number 1e-400.
    hint: A tolerance is { "abs": 0.01 }, { "rel": 1e-6 } or { "ulp": 4 } for a field with numbers."
  `);
});

test("the input of a chained operation fits neither stage", async () => {
  expect(await problemsOf("rank.jsonl", `{"input":{"words":1}}\n`)).toMatchInlineSnapshot(`
    "error[case-missing] (exit 5): rank.jsonl:1: input.score is missing.
    hint: It is declared as float64: give it a value.
    error[case-missing] (exit 5): rank.jsonl:1: input.level is missing.
    hint: Nullable does not mean absent: write null (in CSV: null without quotes).
    error[case-missing] (exit 5): rank.jsonl:1: input.amount is missing.
    hint: It is declared as decimal: give it a value.
    error[case-missing] (exit 5): rank.jsonl:1: input.tags is missing.
    hint: It is declared as list<string>: give it a value.
    error[case-missing] (exit 5): rank.jsonl:1: input.raw is missing.
    hint: It is declared as json: give it a value.
    error[case-missing] (exit 5): rank.jsonl:1: input.at is missing.
    hint: It is declared as timestamp: give it a value.
    error[case-missing] (exit 5): rank.jsonl:1: input.secret is missing.
    hint: It is declared as int: give it a value."
  `);
});

test("a format that Tally does not read", async () => {
  expect(await problemsOf("process.json", `[]`)).toMatchInlineSnapshot(`
    "error[case-format] (exit 5): process.json is no case table that Tally reads: expected .jsonl, .csv or .parquet.
    hint: Convert it, or change [suite] cases in tally.toml."
  `);
});

test("a CSV without a header", async () => {
  expect(await problemsOf("process.csv", `\n\n`)).toMatchInlineSnapshot(`
    "error[case-empty] (exit 5): process.csv holds no case.
    hint: Add one, or remove the file."
  `);
});

test("a CSV with nothing but a header", async () => {
  expect(await problemsOf("process.csv", `name,input.id\n`)).toMatchInlineSnapshot(`
    "error[case-empty] (exit 5): process.csv holds no case.
    hint: Add one, or remove the file."
  `);
});

test("unknown columns", async () => {
  expect(await problemsOf("process.csv", `name,query,inptu.id,input.pirce,expect.word,abs.scor,note\n`))
    .toMatchInlineSnapshot(`
    "error[case-column] (exit 5): process.csv:1: unknown column "query".
    hint: Columns here: name, operation, tags, level, skip, bug, input.id, input.name, input.price, input.ok, input.address.city, input.address.zip, expect.words, expect.score, expect.level, expect.amount, expect.tags, expect.raw, expect.at, expect.secret, expect.$error.
    error[case-column] (exit 5): process.csv:1: unknown column "inptu.id"; did you mean input.id?
    hint: Columns here: name, operation, tags, level, skip, bug, input.id, input.name, input.price, input.ok, input.address.city, input.address.zip, expect.words, expect.score, expect.level, expect.amount, expect.tags, expect.raw, expect.at, expect.secret, expect.$error.
    error[case-column] (exit 5): process.csv:1: unknown column "input.pirce"; did you mean input.price?
    hint: Columns here: name, operation, tags, level, skip, bug, input.id, input.name, input.price, input.ok, input.address.city, input.address.zip, expect.words, expect.score, expect.level, expect.amount, expect.tags, expect.raw, expect.at, expect.secret, expect.$error.
    error[case-column] (exit 5): process.csv:1: unknown column "expect.word"; did you mean expect.words?
    hint: Columns here: name, operation, tags, level, skip, bug, input.id, input.name, input.price, input.ok, input.address.city, input.address.zip, expect.words, expect.score, expect.level, expect.amount, expect.tags, expect.raw, expect.at, expect.secret, expect.$error.
    error[case-column] (exit 5): process.csv:1: unknown column "abs.scor"; did you mean abs.score?
    hint: Columns here: name, operation, tags, level, skip, bug, input.id, input.name, input.price, input.ok, input.address.city, input.address.zip, expect.words, expect.score, expect.level, expect.amount, expect.tags, expect.raw, expect.at, expect.secret, expect.$error.
    error[case-column] (exit 5): process.csv:1: unknown column "note".
    hint: Columns here: name, operation, tags, level, skip, bug, input.id, input.name, input.price, input.ok, input.address.city, input.address.zip, expect.words, expect.score, expect.level, expect.amount, expect.tags, expect.raw, expect.at, expect.secret, expect.$error."
  `);
});

test("a header twice and a column without a name", async () => {
  expect(await problemsOf("process.csv", `name,input.id,name,,input.id\n`)).toMatchInlineSnapshot(`
    "error[case-header] (exit 5): process.csv:1: columns 1 and 3 are both "name".
    hint: The first line names the columns: name, operation, input.FIELD, expect.FIELD, abs.FIELD (docs/guide/cases.md).
    error[case-header] (exit 5): process.csv:1: column 4 has no name.
    hint: The first line names the columns: name, operation, input.FIELD, expect.FIELD, abs.FIELD (docs/guide/cases.md).
    error[case-header] (exit 5): process.csv:1: columns 2 and 5 are both "input.id".
    hint: The first line names the columns: name, operation, input.FIELD, expect.FIELD, abs.FIELD (docs/guide/cases.md)."
  `);
});

test("ragged records", async () => {
  expect(await problemsOf("process.csv", `name,input.id,input.price\na,1\nb,1,2,3\n"c\nd",1,2,3\n`))
    .toMatchInlineSnapshot(`
    "error[case-ragged] (exit 5): process.csv:2: 2 cells; the header has 3.
    hint: Write a cell that contains "," or a line break in double quotes.
    error[case-ragged] (exit 5): process.csv:3: 4 cells; the header has 3.
    hint: Write a cell that contains "," or a line break in double quotes.
    error[case-ragged] (exit 5): process.csv:4: 4 cells; the header has 3.
    hint: Write a cell that contains "," or a line break in double quotes."
  `);
});

test("a quote inside a cell", async () => {
  expect(await problemsOf("process.csv", `name,input.id\na "b",1\n`)).toMatchInlineSnapshot(`
    "error[case-syntax] (exit 5): process.csv:2: a " stands inside a cell that does not begin with one: quote the whole cell and write " as "".
    hint: Each line is one JSON object, or one CSV record (docs/guide/cases.md)."
  `);
});

test("text after a closing quote", async () => {
  expect(await problemsOf("process.csv", `name,input.id\n"a"b,1\n`)).toMatchInlineSnapshot(`
    "error[case-syntax] (exit 5): process.csv:2: something stands between a closing " and the end of its cell: write a " inside a cell as "".
    hint: Each line is one JSON object, or one CSV record (docs/guide/cases.md)."
  `);
});

test("a quote that is not closed", async () => {
  expect(await problemsOf("process.csv", `name,input.id\n"a,1\nb,2\n`)).toMatchInlineSnapshot(`
    "error[case-torn] (exit 5): process.csv:3: the file ends in mid-record, in one that begins on line 2.
    hint: It was cut off, or a double quote on line 2 is not closed."
  `);
});

test("cells of wrong types", async () => {
  expect(
    await problemsOf(
      "process.csv",
      `input.id,input.name,input.price,input.ok,input.address.city,input.address.zip,expect.tags\nNA,NA,NA,1,"",,[a]\n`,
    ),
  ).toMatchInlineSnapshot(`
    "error[case-value] (exit 5): process.csv:2: input.id is text, not an int64; found the text "NA".
    hint: It is declared as int64.
    error[case-value] (exit 5): process.csv:2: input.price is text, not a float64; found the text "NA".
    hint: It is declared as float64.
    error[case-value] (exit 5): process.csv:2: input.ok is text, not a boolean; found the text "1".
    hint: It is declared as boolean.
    error[case-missing] (exit 5): process.csv:2: input.address.zip is missing.
    hint: Nullable does not mean absent: write null (in CSV: null without quotes).
    error[case-value] (exit 5): process.csv:2: expect.tags is text, not a list<string>; found the text "[a]".
    hint: It is declared as list<string>."
  `);
});

test("cells that are not given, empty or null where a value belongs", async () => {
  expect(
    await problemsOf(
      "process.csv",
      `input.id,input.name,input.price,input.ok,input.address.city,input.address.zip\n,,"",null,null,null\n`,
    ),
  ).toMatchInlineSnapshot(`
    "error[case-value] (exit 5): process.csv:2: input.price is text, not a float64; found an empty text.
    hint: It is declared as float64.
    error[case-value] (exit 5): process.csv:2: input.ok is null.
    hint: It is declared as boolean.
    error[case-value] (exit 5): process.csv:2: input.address.city is null.
    hint: It is declared as string.
    error[case-missing] (exit 5): process.csv:2: input.id is missing.
    hint: It is declared as int64: give it a value.
    error[case-missing] (exit 5): process.csv:2: input.name is missing.
    hint: Nullable does not mean absent: write null (in CSV: null without quotes)."
  `);
});

test("tolerance cells that are no numbers", async () => {
  expect(
    await problemsOf(
      "process.csv",
      `input.id,input.name,input.price,input.ok,input.address.city,input.address.zip,expect.score,abs.score,ulp.score\n1,a,1,true,Paris,null,0.5,small,1.5\n`,
    ),
  ).toMatchInlineSnapshot(`
    "error[case-tolerance] (exit 5): process.csv:2: tolerance of score: abs must be a finite number ≥ 0; found the text "small".
    hint: A tolerance is { "abs": 0.01 }, { "rel": 1e-6 } or { "ulp": 4 } for a field with numbers.
    error[case-tolerance] (exit 5): process.csv:2: tolerance of score: ulp must be a whole number ≥ 0; found the number 1.5.
    hint: A tolerance is { "abs": 0.01 }, { "rel": 1e-6 } or { "ulp": 4 } for a field with numbers."
  `);
});

test("a column of another operation", async () => {
  expect(
    await problemsOf(
      "mixed.csv",
      `operation,input.id,input.name,input.price,input.ok,input.address.city,input.address.zip,expect.rank\nprocess,1,a,1,true,Paris,null,0.5\n`,
    ),
  ).toMatchInlineSnapshot(`
    "error[case-field] (exit 5): mixed.csv:2: expect.rank is not declared in the contract.
    hint: Declared: words, score, level, amount, tags, raw, at, secret."
  `);
});

test("semicolons, where the contract says commas", async () => {
  expect(await problemsOf("process.csv", `name;input.id\na;1\n`)).toMatchInlineSnapshot(`
    "error[case-delimiter] (exit 5): process.csv:1: the cells seem to be separated by ";", and the contract says ",".
    hint: Write commas, or say in tally.toml: [suite.csv] delimiter = ";""
  `);
});

test("a json cell that is no JSON", async () => {
  const content =
    "input.id,input.name,input.price,input.ok,input.address.city,input.address.zip,expect.raw\n1,a,1,true,b,c,plain text\n";
  expect(await problemsOf("process.csv", content)).toMatchInlineSnapshot(`
    "error[case-type] (exit 5): process.csv:2: expect.raw must be JSON (a text in double quotes); found the text "plain text" (unexpected "plain").
    hint: What a case consists of: docs/guide/cases.md"
  `);
});

test("bytes that are not UTF-8, in either format", async () => {
  expect(await problemsOf("process.jsonl", Buffer.from('{}\n{"name":"caf\u00e9"}\n', "latin1"))).toMatchInlineSnapshot(`
    "error[case-encoding] (exit 5): process.jsonl:2: byte 0xE9 is not UTF-8 (byte 16 of the file); case tables are UTF-8.
    hint: Save it as UTF-8 (in a spreadsheet: CSV UTF-8), or convert it: iconv -f ENCODING -t UTF-8"
  `);
  expect(await problemsOf("process.csv", Buffer.from("name\ncaf\u00e9\n", "latin1"))).toMatchInlineSnapshot(`
    "error[case-encoding] (exit 5): process.csv:2: byte 0xE9 is not UTF-8 (byte 9 of the file); case tables are UTF-8.
    hint: Save it as UTF-8 (in a spreadsheet: CSV UTF-8), or convert it: iconv -f ENCODING -t UTF-8"
  `);
  expect(await problemsOf("process.csv", Buffer.from("\ufeffname\na\n", "utf16le"))).toMatchInlineSnapshot(`
    "error[case-encoding] (exit 5): process.csv:1: this is UTF-16; case tables are UTF-8.
    hint: Save it as UTF-8 (in a spreadsheet: CSV UTF-8), or convert it: iconv -f ENCODING -t UTF-8"
  `);
});

test("a file that is not there", async () => {
  const { problems } = await readCaseTable(join(root, "nowhere.csv"), contract, whyNot);
  expect(problems.map(({ message }) => message.replace(shownPath(root), "ROOT"))).toMatchInlineSnapshot(`
    [
      "ROOT/nowhere.csv cannot be read: there is no such file.",
    ]
  `);
});

test("after a hundred problems the others are counted", async () => {
  const { problems, rows } = await read("process.jsonl", "1\n".repeat(1000));
  expect(rows).toEqual([]);
  expect(problems.length).toBe(101);
  expect(problems.at(-1)?.message.replace(`${shownPath(root)}/`, "")).toMatchInlineSnapshot(
    `"process.jsonl: 900 more problems."`,
  );
});

test("a good JSONL row keeps every number as it is written", async () => {
  const content =
    '{"name":"big","input":{"id":9007199254740993,"name":"\\ud800","price":1.50,"ok":false,"address":{"zip":null,"city":"é"}},"expect":{"score":0.10,"words":3.0,"level":null},"tolerance":{"score":{"abs":0.01},"at":{"abs":"5ms"},"words":{"exact":true}},"tags":["a"],"level":"recommended","skip":"later","bug":"BUG-17"}\r\n\n';
  expect(await read("cases/process.edge.jsonl", `\ufeff${content}`)).toMatchInlineSnapshot(`
    {
      "problems": [],
      "rows": [
        {
          "bug": "BUG-17",
          "expect": {
            "level": null,
            "score": JsonNumber {
              "text": "0.10",
            },
            "words": JsonNumber {
              "text": "3.0",
            },
          },
          "id": "cases/process.edge.jsonl > big",
          "input": "{"id":9007199254740993,"name":"\\ud800","price":1.50,"ok":false,"address":{"zip":null,"city":"é"}}",
          "level": "recommended",
          "line": 1,
          "name": "big",
          "operation": "process",
          "skip": "later",
          "tags": [
            "a",
          ],
          "tolerance": {
            "at": {
              "abs": 5,
            },
            "score": {
              "abs": 0.01,
            },
            "words": {
              "exact": true,
            },
          },
        },
      ],
      "warnings": [],
    }
  `);
});

test("names default to file and line; lines count blank ones", async () => {
  const { rows } = await read("cases/process.jsonl", `\n${good}\n\n${good}`);
  expect(rows.map(({ id, name, line }) => ({ id, name, line }))).toMatchInlineSnapshot(`
    [
      {
        "id": "cases/process.jsonl > process.jsonl:2",
        "line": 2,
        "name": "process.jsonl:2",
      },
      {
        "id": "cases/process.jsonl > process.jsonl:4",
        "line": 4,
        "name": "process.jsonl:4",
      },
    ]
  `);
});

test("an error may be expected", async () => {
  const lines = ['{"$error":true}', '{"$error":"ValueError"}'].map(
    (answer) => `${good.slice(0, -1)},"expect":${answer}}`,
  );
  const { rows, problems } = await read("process.jsonl", lines.join("\n"));
  expect(problems).toEqual([]);
  expect(rows.map((row) => row.expect?.["$error"])).toEqual([true, "ValueError"]);
});

test("a chained operation takes the output of the stage before or the raw record", async () => {
  const features =
    '{"words":1,"score":1,"level":null,"amount":1,"tags":[],"raw":0,"at":"2026-01-01","secret":1}'.replace(
      "2026-01-01",
      "2026-01-01T00:00:00Z",
    );
  const { rows, problems } = await read("rank.jsonl", `{"input":${features}}\n${good}\n`);
  expect(problems).toEqual([]);
  expect(rows.length).toBe(2);
});

test("CSV cells become values of their declared types", async () => {
  const content = [
    "name,tags,level,input.id,input.name,input.price,input.ok,input.address.city,input.address.zip,expect.words,expect.score,abs.score,rel.score,ulp.score,expect.level,expect.amount,expect.tags,expect.raw,expect.at,expect.$error",
    'plain,"a, b",recommended,9007199254740993,NA,1.50,true,Paris,75001,3,0.10,0.01,,4,low,1.10,"[""x"",""y""]","{""k"":[1.0]}",2026-01-01T00:00:00Z,',
    'empty text,,,1,"",-inf,FALSE,"null",null,,nan,,1e-3,,null,,,null,,',
    '"line\nbreak",,,"2",nan,"3",True,"say ""hi""","",,,,,,,,,,,',
    "an error,,,1,null,0,true,a,b,,,,,,,,,,,true",
    "no answer expected,,,1,null,0,true,a,b,,,,,,,,,,,",
    "this error,,,1,null,0,true,a,b,,,,,,,,,,,ValueError",
  ].join("\n");
  expect(await read("process.csv", content)).toMatchInlineSnapshot(`
    {
      "problems": [],
      "rows": [
        {
          "expect": {
            "amount": JsonNumber {
              "text": "1.10",
            },
            "at": "2026-01-01T00:00:00Z",
            "level": "low",
            "raw": {
              "k": [
                JsonNumber {
                  "text": "1.0",
                },
              ],
            },
            "score": JsonNumber {
              "text": "0.10",
            },
            "tags": [
              "x",
              "y",
            ],
            "words": JsonNumber {
              "text": "3",
            },
          },
          "id": "process.csv > plain",
          "input": "{"id":9007199254740993,"name":"NA","price":1.50,"ok":true,"address":{"city":"Paris","zip":"75001"}}",
          "level": "recommended",
          "line": 2,
          "name": "plain",
          "operation": "process",
          "tags": [
            "a",
            "b",
          ],
          "tolerance": {
            "score": {
              "abs": 0.01,
              "ulp": 4,
            },
          },
        },
        {
          "expect": {
            "level": null,
            "raw": null,
            "score": "NaN",
          },
          "id": "process.csv > empty text",
          "input": "{"id":1,"name":"","price":"-Infinity","ok":false,"address":{"city":"null","zip":null}}",
          "level": "required",
          "line": 3,
          "name": "empty text",
          "operation": "process",
          "tags": [],
          "tolerance": {
            "score": {
              "rel": 0.001,
            },
          },
        },
        {
          "id": "process.csv > line
    break",
          "input": "{"id":2,"name":"nan","price":3,"ok":true,"address":{"city":"say \\"hi\\"","zip":""}}",
          "level": "required",
          "line": 4,
          "name": "line
    break",
          "operation": "process",
          "tags": [],
          "tolerance": {},
        },
        {
          "expect": {
            "$error": true,
          },
          "id": "process.csv > an error",
          "input": "{"id":1,"name":null,"price":0,"ok":true,"address":{"city":"a","zip":"b"}}",
          "level": "required",
          "line": 6,
          "name": "an error",
          "operation": "process",
          "tags": [],
          "tolerance": {},
        },
        {
          "id": "process.csv > no answer expected",
          "input": "{"id":1,"name":null,"price":0,"ok":true,"address":{"city":"a","zip":"b"}}",
          "level": "required",
          "line": 7,
          "name": "no answer expected",
          "operation": "process",
          "tags": [],
          "tolerance": {},
        },
        {
          "expect": {
            "$error": "ValueError",
          },
          "id": "process.csv > this error",
          "input": "{"id":1,"name":null,"price":0,"ok":true,"address":{"city":"a","zip":"b"}}",
          "level": "required",
          "line": 8,
          "name": "this error",
          "operation": "process",
          "tags": [],
          "tolerance": {},
        },
      ],
      "warnings": [],
    }
  `);
});

test("CSV with a byte order mark, any line ends, blank lines, no last line end and another delimiter", async () => {
  const semicolons = parseContract(`${typed}[suite.csv]\ndelimiter = ";"\n`, join(root, "tally.toml"));
  const header = "name;input.id;input.name;input.price;input.ok;input.address.city;input.address.zip";
  const content = `\ufeff${header}\r\na;1;x;1;true;c;z\r\n\r\n"b\r\nb";2;x;1;true;c;z\nc;3;x;1;true;c;z\rd;4;x;1;true;c;z`;
  const { rows, problems } = await read("process.csv", content, semicolons);
  expect(problems).toEqual([]);
  expect(rows.map(({ name, line }) => [name, line])).toEqual([
    ["a", 2],
    ["b\r\nb", 4],
    ["c", 6],
    ["d", 7],
  ]);
});

test("without a contract a CSV cell is a string, and a warning says so", async () => {
  const { rows, problems, warnings } = await read(
    "smoke.csv",
    "operation,input.n,input.a.b,expect.y\nprocess,1,true,null\n",
    undeclared,
  );
  expect(problems).toEqual([]);
  expect(rows.map(({ operation, input, expect: y }) => ({ operation, input, y }))).toMatchInlineSnapshot(`
    [
      {
        "input": "{"n":"1","a.b":"true"}",
        "operation": "process",
        "y": {
          "y": null,
        },
      },
    ]
  `);
  expect(warnings.map(({ message, hint }) => `${message}\n${hint}`.replace(`${shownPath(root)}/`, "")))
    .toMatchInlineSnapshot(`
    [
      "smoke.csv: no operations are declared, so every cell is a string: 1 is "1", true is "true".
    Declare the operations in tally.toml (docs/reference/config.md), or use .jsonl, which has types.",
    ]
  `);
});

test("without a contract JSONL keeps its types, and every case names its operation", async () => {
  const { rows, warnings } = await read("smoke.jsonl", '{"operation":"process","input":{"n":1}}\n', undeclared);
  expect({ input: rows[0]?.input, warnings }).toEqual({ input: '{"n":1}', warnings: [] });
  expect(await problemsOf("process.jsonl", '{"input":{}}\n', undeclared)).toMatchInlineSnapshot(`
    "error[case-operation-missing] (exit 5): process.jsonl:1: which operation is this a case of?
    hint: Add "operation" to each case."
  `);
});
