import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readJson } from "../../src/kernel/read-json.ts";
import { rowsFromColumns, sliceColumns, sliceObject, sliceRecords } from "../../src/kernel/slice-json.ts";
import { writeJson } from "../../src/kernel/write-json.ts";
import { faultOf } from "./json-faults.ts";

describe("sliceRecords", () => {
  test("every record is the text it was, without the space around it", () => {
    const text = '\n[ {"a": 1.50, "b":[1, 2]} ,\t"x\\u0041", 9007199254740993,[ ],null ]\n';
    expect(sliceRecords(text)).toEqual({
      records: ['{"a": 1.50, "b":[1, 2]}', '"x\\u0041"', "9007199254740993", "[ ]", "null"],
      bareTokens: 0,
      bom: false,
    });
  });

  test("an empty list has no records", () => {
    expect(sliceRecords("[]").records).toEqual([]);
    expect(sliceRecords(" [ ] ").records).toEqual([]);
  });

  test("bare tokens become strings, are counted, and strings that look so stay", () => {
    const text = '[{"a":NaN,"b":"NaN","c":[Infinity,-Infinity,-1]},NaN,{"a":1},-Infinity, "a,NaN"]';
    const sliced = sliceRecords(text);
    expect(sliced).toEqual({
      records: ['{"a":"NaN","b":"NaN","c":["Infinity","-Infinity",-1]}', '"NaN"', '{"a":1}', '"-Infinity"', '"a,NaN"'],
      bareTokens: 5,
      bom: false,
    });
    for (const record of sliced.records) expect(() => JSON.parse(record) as unknown).not.toThrow();
    expect(faultOf(() => sliceRecords(text, { bareTokens: false }))).toMatchObject({ kind: "bare-token", offset: 6 });
  });

  test("a byte order mark is skipped and told, or refused", () => {
    expect(sliceRecords("\ufeff[1]")).toEqual({ records: ["1"], bareTokens: 0, bom: true });
    expect(faultOf(() => sliceRecords("\ufeff[1]", { bom: "error" }))?.kind).toBe("bom");
  });

  test.each([
    ['{"error":"no"}', "an object, not an array,"],
    ["{}", "an object, not an array,"],
    ['"text"', "a string, not an array,"],
    ["null", "null, not an array,"],
    ["false", "a boolean, not an array,"],
    [" -1.5", "a number, not an array,"],
    ["NaN", "a number, not an array,"],
  ])("%s is no list, and that is said", (text, what) => {
    expect(faultOf(() => sliceRecords(text))).toMatchObject({ kind: "not-array", what });
  });

  test("what is not JSON at all is said to be that", () => {
    expect(faultOf(() => sliceRecords('{"a":'))?.kind).toBe("truncated");
    expect(faultOf(() => sliceRecords("{} {}"))?.kind).toBe("trailing");
    expect(faultOf(() => sliceRecords("<html>"))?.message).toBe('unexpected "<" at line 1, column 1 (byte 0)');
  });

  test("the slices are the elements", () => {
    const list = fc.tuple(fc.array(fc.jsonValue({ maxDepth: 4 })), fc.constantFrom(undefined, 2, "\t"));
    fc.assert(
      fc.property(list, ([values, indent]) => {
        const { records } = sliceRecords(JSON.stringify(values, null, indent));
        expect(records.map((record): unknown => JSON.parse(record))).toStrictEqual(JSON.parse(JSON.stringify(values)));
        expect(sliceRecords(`[${records.join(",")}]`).records).toEqual(records);
      }),
      { numRuns: 300 },
    );
  });
});

describe("sliceObject", () => {
  test("keys are decoded, values stand as they are, in order", () => {
    const text = ' { "type" : "result" , "\\u0069d":1.0, "columns":{"a":[NaN, 1]},"10":[ ],"2":null} ';
    expect([...sliceObject(text)]).toEqual([
      ["type", '"result"'],
      ["id", "1.0"],
      ["columns", '{"a":[NaN, 1]}'],
      ["10", "[ ]"],
      ["2", "null"],
    ]);
    expect([...sliceObject("{}")]).toEqual([]);
  });

  test("it is as strict as the reader", () => {
    expect(faultOf(() => sliceObject('{"a":1,"\\u0061":2}'))?.what).toBe('duplicate key "a"');
    expect(faultOf(() => sliceObject('{"a":{"b":1,"b":2}}'))?.what).toBe('duplicate key "b"');
    expect(faultOf(() => sliceObject('{"a":1,}'))?.what).toBe('unexpected "}"');
    expect(faultOf(() => sliceObject('{"a":1} x'))?.kind).toBe("trailing");
    expect(faultOf(() => sliceObject("[1]"))).toMatchObject({ kind: "not-object", what: "an array, not an object," });
    expect(faultOf(() => sliceObject(`{"a":${"[".repeat(100_000)}`))?.kind).toBe("depth");
    expect(faultOf(() => sliceObject(`{"a":${"[".repeat(127)}${"]".repeat(127)}}`))).toBe(undefined);
    expect(faultOf(() => sliceObject(`{"a":${"[".repeat(128)}${"]".repeat(128)}}`))?.kind).toBe("depth");
  });
});

describe("sliceColumns", () => {
  const columnsOf = (records: readonly string[]): [string, string][] | undefined => {
    const sliced = sliceColumns(records);
    return sliced && [...sliced.columns];
  };

  test("values move as text, whatever the order and layout of the records", () => {
    expect(
      columnsOf(['{"a":1.50,"b":"x,}\\""}', '{ "b" : [1, 2] , "a" : 9007199254740993 }', '{"\\u0061":null,"b":{}}']),
    ).toEqual([
      ["a", "[1.50,9007199254740993,null]"],
      ["b", '["x,}\\"",[1, 2],{}]'],
    ]);
  });

  test.each([
    ["a key is missing", ['{"a":1,"b":2}', '{"a":1}']],
    ["there is one key more", ['{"a":1}', '{"a":1,"b":2}']],
    ["a key is another one", ['{"a":1}', '{"b":1}']],
    ["a key begins another", ['{"a":1}', '{"ab":1}']],
    ["a record is a list", ['{"a":1}', "[1]"]],
    ["the first record is a number", ["1", "1"]],
    ["the second record is null", ['{"a":1}', "null"]],
    ["a record is empty", ['{"a":1}', "{}"]],
    ["only the first record is empty", ["{}", '{"a":1}']],
  ])("there are none when %s", (_name, records) => {
    expect(sliceColumns(records)).toBe(undefined);
  });

  test("records without keys, and no records, have no columns", () => {
    expect(columnsOf(["{}", " { } "])).toEqual([]);
    expect(columnsOf([])).toEqual([]);
  });
});

describe("rowsFromColumns", () => {
  test("rows are spliced from the columns, bare tokens as strings", () => {
    expect(rowsFromColumns(' { "a" : [ 1.50 , NaN ] , "\\u0062\\n":[{"x":[-Infinity]}, "NaN"]}', 2)).toEqual({
      records: ['{"a":1.50,"b\\n":{"x":["-Infinity"]}}', '{"a":"NaN","b\\n":"NaN"}'],
      bareTokens: 2,
    });
  });

  test("no columns make empty records", () => {
    expect(rowsFromColumns("{}", 2)).toEqual({ records: ["{}", "{}"], bareTokens: 0 });
    expect(rowsFromColumns('{"a":[]}', 0)).toEqual({ records: [], bareTokens: 0 });
  });

  test.each([
    ["a column too short", '{"a":[1,2],"b":[1]}', "length", 'column "b" has 1 value, not 2,'],
    ["a column too long", '{"a":[1,2,3]}', "length", 'column "a" has 3 values, not 2,'],
    ["an empty column", '{"a":[]}', "length", 'column "a" has 0 values, not 2,'],
    ["a scalar for a column", '{"a":[1,2],"b":7}', "not-array", 'column "b" is a number, not an array,'],
    ["an object for a column", '{"a":{"0":1}}', "not-array", 'column "a" is an object, not an array,'],
    ["rows for columns", '[{"a":1}]', "not-object", "an array, not an object,"],
    ["a column twice", '{"a":[1,2],"a":[1,2]}', "duplicate-key", 'duplicate key "a"'],
    ["a column cut short", '{"a":[1,2', "truncated", "unexpected end"],
    ["a scalar column and no end", '{"a":7', "not-array", 'column "a" is a number, not an array,'],
    ["a bad value", '{"a":[1,02]}', "syntax", 'unexpected "2"'],
  ])("%s is a fault", (_name, text, kind, what) => {
    expect(faultOf(() => rowsFromColumns(text, 2))).toMatchObject({ kind, what });
  });

  test("bare tokens are refused where that is asked for", () => {
    expect(faultOf(() => rowsFromColumns('{"a":[NaN]}', 1, { bareTokens: false }))?.kind).toBe("bare-token");
  });

  test("columns and rows are each other's inverse", () => {
    const keys = fc.uniqueArray(fc.string({ unit: "binary" }), { minLength: 1, maxLength: 6 });
    const table = keys.chain((names) => {
      const row = fc.tuple(...names.map(() => fc.jsonValue({ maxDepth: 2 })));
      return fc.tuple(fc.constant(names), fc.array(row, { minLength: 1, maxLength: 8 }), fc.boolean());
    });
    fc.assert(
      fc.property(table, ([names, rows, isReversed]) => {
        const records = rows.map((row, index) => recordOf(names, row, isReversed && index % 2 === 1));
        const columns = sliceColumns(records)?.columns ?? expect.fail("the records have the same keys");
        const text = `{${[...columns].map(([key, list]) => `${JSON.stringify(key)}:${list}`).join(",")}}`;
        const back = rowsFromColumns(text, rows.length).records;
        expect(back).toEqual(rows.map((row) => recordOf(names, row, false)));
        expect(back.map((record) => readJson(record))).toEqual(records.map((record) => readJson(record)));
      }),
      { numRuns: 300 },
    );
  });
});

test("slices can be cut again, and a long text is let go", () => {
  const long = `[${Array.from({ length: 60_000 }, (_, id) => `{"id":${id},"text":"${"x".repeat(id % 20)}"}`).join(",")}]`;
  const { records } = sliceRecords(long);
  const columns = sliceColumns(records)?.columns;
  expect(columns?.get("id")?.slice(0, 12)).toBe("[0,1,2,3,4,5");
  expect(sliceRecords(columns?.get("id") ?? "").records.length).toBe(60_000);
  expect(`[${records.join(",")}]`).toBe(long);
  expect(writeJson(readJson(long))).toBe(long);
});

function recordOf(names: readonly string[], row: readonly unknown[], isReversed: boolean): string {
  const members = names.map((name, index) => `${JSON.stringify(name)}:${JSON.stringify(row[index])}`);
  return `{${(isReversed ? members.toReversed() : members).join(",")}}`;
}
