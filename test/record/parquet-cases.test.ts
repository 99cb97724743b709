/** Parquet case tables: written by pyarrow and by another writer, read by the real child process. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, expect, test } from "vitest";
import { whyNot } from "../../src/compare/type-check.ts";
import { parseContract } from "../../src/contract/load-contract.ts";
import { shownPath } from "../../src/kernel/shown-path.ts";
import { writeJson } from "../../src/kernel/write-json.ts";
import { seededRandom } from "../../src/kernel/random.ts";
import { readParquet } from "../../src/record/parquet/read-parquet.ts";
import { type CaseTable, readCaseTable } from "../../src/record/read-case-table.ts";
import { project } from "../kit/project.ts";
import { pythonWith } from "../kit/python.ts";

const root = mkdtempSync(join(tmpdir(), "tally-parquet-"));
afterAll(() => rmSync(root, { recursive: true }));

const contract = parseContract(
  `[model]
name = "shop"
[operations.process]
input = { id = "int64", note = "string?" }
output = { words = "int", share = "float64?" }
`,
  join(root, "tally.toml"),
);

function write(name: string, columnData: ColumnSource[]): string {
  const file = join(root, name);
  writeFileSync(file, new Uint8Array(parquetWriteBuffer({ columnData })));
  return file;
}

function texts(table: CaseTable): unknown {
  const rows = table.rows.map(({ expect: expected, input, name, tolerance, ...more }) => ({
    name,
    input,
    expect: expected === undefined ? undefined : writeJson(expected),
    tolerance,
    level: more.level,
    tags: more.tags,
    skip: more.skip,
  }));
  return { rows, problems: table.problems.map(({ message }) => message.replaceAll(shownPath(root), "<root>")) };
}

test("a row is a case: integers of 64 bits whole, null where the type allows it, else not given", async () => {
  const file = write("process.parquet", [
    { name: "name", data: ["first", "second", "third"], type: "STRING" },
    { name: "input.id", data: [9007199254740993n, -1n, 3n], type: "INT64" },
    { name: "input.note", data: ["tea", null, ""], type: "STRING" },
    { name: "expect.words", data: [1, null, 0], type: "INT32", nullable: true },
    { name: "expect.share", data: [0.5, null, Number.NaN], type: "DOUBLE", nullable: true },
    { name: "abs.share", data: [0.01, null, null], type: "DOUBLE", nullable: true },
    { name: "skip", data: [false, false, true], type: "BOOLEAN" },
  ]);
  expect(texts(await readCaseTable(file, contract, whyNot))).toMatchInlineSnapshot(`
    {
      "problems": [],
      "rows": [
        {
          "expect": "{"words":1,"share":0.5}",
          "input": "{"id":9007199254740993,"note":"tea"}",
          "level": "required",
          "name": "first",
          "skip": undefined,
          "tags": [],
          "tolerance": {
            "share": {
              "abs": 0.01,
            },
          },
        },
        {
          "expect": "{"share":null}",
          "input": "{"id":-1,"note":null}",
          "level": "required",
          "name": "second",
          "skip": undefined,
          "tags": [],
          "tolerance": {},
        },
        {
          "expect": "{"words":0,"share":"NaN"}",
          "input": "{"id":3,"note":""}",
          "level": "required",
          "name": "third",
          "skip": "skipped",
          "tags": [],
          "tolerance": {},
        },
      ],
    }
  `);
});

test("a column that means nothing is named with the nearest", async () => {
  const file = write("process.columns.parquet", [
    { name: "input.id", data: [1n], type: "INT64" },
    { name: "expect.wrods", data: [1], type: "INT32" },
  ]);
  expect(texts(await readCaseTable(file, contract, whyNot))).toMatchInlineSnapshot(`
    {
      "problems": [
        "<root>/process.columns.parquet:1: unknown column "expect.wrods"; did you mean expect.words?",
      ],
      "rows": [],
    }
  `);
});

test("a value of another type is named with row and column", async () => {
  const file = write("process.types.parquet", [
    { name: "input.id", data: ["1", "2"], type: "STRING" },
    { name: "input.note", data: ["a", "b"], type: "STRING" },
  ]);
  expect(texts(await readCaseTable(file, contract, whyNot))).toMatchInlineSnapshot(`
    {
      "problems": [
        "<root>/process.types.parquet:1: input.id is a number written as text, not an int64; found the text "1".",
        "<root>/process.types.parquet:2: input.id is a number written as text, not an int64; found the text "2".",
      ],
      "rows": [],
    }
  `);
});

test.for([
  ["no Parquet at all", Buffer.from("PAR1")],
  ["an empty file", Buffer.alloc(0)],
  ["a CSV with another name", Buffer.from("input.id\n1\n")],
] as const)("%s is unreadable", async ([, bytes]) => {
  const file = join(root, "process.bad.parquet");
  writeFileSync(file, bytes);
  const { problems, rows } = await readCaseTable(file, contract, whyNot);
  expect(rows).toEqual([]);
  expect(problems.map(({ code }) => code)).toEqual(["case-unreadable"]);
});

test("a damaged file is rows or one reason, and never the end of Tally", { timeout: 120_000 }, async () => {
  const data = Array.from({ length: 200 }, (_, i) => `text ${i % 7}`);
  const whole = readFileSync(write("whole.parquet", [{ name: "input.note", data, type: "STRING" }]));
  const random = seededRandom(20_261_128);
  for (let round = 0; round < 40; round += 1) {
    const bytes = Buffer.from(round % 3 === 0 ? whole.subarray(0, Math.floor(random() * whole.length)) : whole);
    if (round % 3 !== 0)
      for (let hit = 0; hit < 1 + (round % 8); hit += 1)
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
    const file = join(root, "damaged.parquet");
    writeFileSync(file, bytes);
    const table = await readParquet(file, 1_000);
    if ("reason" in table) expect(table.reason, `round ${round}`).toMatch(/\S/);
    else expect(table.rows.every((cells) => cells.length === table.columns.length)).toBe(true);
  }
});

test("tally test runs a table that a data frame would write, and says which row fails", async () => {
  const suite = project({
    "tally.toml": `[model]\nname = "m"\n[connector]\nnode = "connector.ts"\n[operations.process]\ninput = { text = "string" }\noutput = { length = "int" }\n`,
    "connector.ts": `import { defineConnector } from "tallyml";
export default defineConnector({ process: (frame) => [...frame].map(({ text }) => ({ length: [...String(text)].length })) });
`,
    "cases/process.parquet": new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: "name", data: ["right", "wrong"], type: "STRING" },
          { name: "input.text", data: ["tea", "🍵"], type: "STRING" },
          { name: "expect.length", data: [3, 2], type: "INT32" },
        ],
      }),
    ),
  });
  const ran = await suite.tally(["test", "--reporter", "ndjson"]);
  const judged = ran.stdout.split("\n").filter((line) => line.includes('"test-judged"'));
  expect(judged.map((line) => /"id":"(.*?)",.*?"verdict":"(\w+)"/.exec(line)?.slice(1))).toEqual([
    ["cases/process.parquet > right", "pass"],
    ["cases/process.parquet > wrong", "fail"],
  ]);
  expect(ran.exit).toBe(1);
});

const python = pythonWith("pyarrow", "pandas");

test.skipIf(python === undefined)(
  "what pyarrow writes keeps its value, whatever the type and the compression",
  async () => {
    const script = `
import datetime, decimal, sys
import pyarrow as pa, pyarrow.parquet as pq
D = decimal.Decimal
moment = datetime.datetime(2020, 1, 2, 3, 4, 5, 678901)
table = pa.table({
    "int64": pa.array([9007199254740993, -1, None], pa.int64()),
    "uint64": pa.array([18446744073709551615, 0, 1], pa.uint64()),
    "decimal": pa.array([D("1.50"), D("-0.05"), None], pa.decimal128(20, 2)),
    "wide": pa.array([D("12345678901234567890123456789.1"), None, D("-1.0")], pa.decimal256(50, 1)),
    "float32": pa.array([0.1, float("nan"), -0.0], pa.float32()),
    "float64": pa.array([0.1, float("inf"), float("-inf")]),
    "utc": pa.array([moment, None, datetime.datetime(1969, 12, 31, 23, 59, 59)], pa.timestamp("us", tz="UTC")),
    "naive": pa.array([1577934245678901234, 0, -1], pa.int64()).cast(pa.timestamp("ns")),
    "date": pa.array([datetime.date(2020, 2, 29), datetime.date(1900, 1, 1), None]),
    "time": pa.array([datetime.time(1, 2, 3, 4), None, datetime.time(0)], pa.time64("us")),
    "bytes": pa.array([b"\\x00\\xff", b"", None], pa.binary()),
    "list": pa.array([["x", "y"], [], None], pa.list_(pa.string())),
    "struct": pa.array([{"a": 1, "b": [1.5]}, {"a": None, "b": None}, None], pa.struct([("a", pa.int32()), ("b", pa.list_(pa.float64()))])),
    "map": pa.array([[("k", 1)], [], None], pa.map_(pa.string(), pa.int64())),
    "category": pa.array(["r", "g", "r"]).dictionary_encode(),
    "surrogate": pa.array(["é", "👍🏽", None]),
    "with.dots": pa.array([True, False, None]),
})
pq.write_table(table, sys.argv[1], compression=sys.argv[2])
`;
    const shown = new Set<string>();
    for (const compression of ["snappy", "zstd", "gzip", "brotli", "lz4", "none"]) {
      const file = join(root, `types.${compression}.parquet`);
      execFileSync(python ?? "", ["-c", script, file, compression]);
      const table = await readParquet(file, 10);
      if ("reason" in table) throw new Error(table.reason);
      shown.add(
        table.columns
          .map((name, at) => `${name} ${writeJson(table.rows.map((cells) => cells[at] ?? null))}`)
          .join("\n"),
      );
    }
    expect([...shown]).toHaveLength(1);
    expect([...shown][0]).toMatchInlineSnapshot(`
      "int64 [9007199254740993,-1,null]
      uint64 [18446744073709551615,0,1]
      decimal [1.50,-0.05,null]
      wide [12345678901234567890123456789.1,null,-1.0]
      float32 [0.10000000149011612,"NaN",-0.0]
      float64 [0.1,"Infinity","-Infinity"]
      utc ["2020-01-02T03:04:05.678901Z",null,"1969-12-31T23:59:59Z"]
      naive ["2020-01-02T03:04:05.678901234","1970-01-01T00:00:00","1969-12-31T23:59:59.999999999"]
      date ["2020-02-29","1900-01-01",null]
      time ["01:02:03.000004",null,"00:00:00"]
      bytes ["AP8=","",null]
      list [["x","y"],[],null]
      struct [{"a":1,"b":[1.5]},{"a":null,"b":null},null]
      map [{"k":1},{},null]
      category ["r","g","r"]
      surrogate ["é","👍🏽",null]
      with.dots [true,false,null]"
    `);
  },
);

test.skipIf(python === undefined)("a column that stands twice is refused", async () => {
  const file = join(root, "twice.parquet");
  const script =
    "import sys, pyarrow as pa, pyarrow.parquet as pq; pq.write_table(pa.table([pa.array([1]), pa.array([2])], names=['a', 'a']), sys.argv[1])";
  execFileSync(python ?? "", ["-c", script, file]);
  expect(await readParquet(file, 10)).toEqual({ reason: 'it has the column "a" twice' });
});

test.skipIf(python === undefined)("schema --write and init take a Parquet sample with the types it has", async () => {
  const suite = project({
    "make.py":
      "import sys, pandas as pd; pd.DataFrame({'id': [1, 2], 'price': [1.5, None]}).to_parquet('sample.parquet')",
  });
  execFileSync(python ?? "", ["make.py"], { cwd: suite.root });
  const ran = await suite.tally(["init", "--no-input", "--language", "typescript", "--sample", "sample.parquet"]);
  expect(ran.exit, ran.stderr).toBe(0);
  expect(readFileSync(join(suite.root, "tally.toml"), "utf8")).toMatch(/input = \{ id = "int", price = "float64\?" \}/);
});
