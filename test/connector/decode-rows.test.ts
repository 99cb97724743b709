import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeRows } from "../../src/connector/decode-rows.ts";
import { parseContract } from "../../src/contract/load-contract.ts";
import { decodeRecord } from "../../src/record/decode-record.ts";

const contract = parseContract(
  `
[model]
name = "values"
[operations.process]
input = { i = "int", b = "int64", f = "float64?", s = "string", y = "bytes", l = "list<float32>", st = { type = "struct", fields = { x = "float64" } } }
output = { i = "int" }
[operations.exact]
input = { d = { type = "decimal", scale = 2 }, f = "float64" }
output = { i = "int" }
`,
  "/model/tally.toml",
);

const numberText = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }).map(String),
  fc.constantFrom("-0", "1e400", "1E+2", "0.1", "9007199254740993", "123456789012.345678901234"),
);
const valueText = fc.oneof(
  numberText,
  fc.constantFrom('"NaN"', '"-Infinity"', "null", "true", '"AAEC"', '"\\ud800"', '[1.5,"NaN"]', '{"x":"Infinity"}'),
  fc.string().map((text) => JSON.stringify(text)),
);
const rowText = fc
  .uniqueArray(fc.tuple(fc.constantFrom("i", "b", "f", "s", "y", "l", "st", "d", "other", "__proto__"), valueText), {
    selector: ([name]) => name,
  })
  .map((members) => `{${members.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(",")}}`);

describe("rows are decoded like single records", () => {
  test.each([
    ["by a contract", "process"],
    ["with decimals", "exact"],
    ["without one", "undeclared"],
  ])("%s", (_, operation) => {
    const input = contract.operations?.[operation]?.input;
    const fields = input?.kind === "fields" ? input.fields : undefined;
    fc.assert(
      fc.property(fc.array(rowText), (rows) => {
        expect(decodeRows(fields, `[${rows.join(",")}]`)).toEqual(rows.map((row) => decodeRecord(fields, row)));
      }),
    );
  });
});

test("a frame of plain values keeps them as JSON.parse makes them", () => {
  expect(decodeRows(undefined, '[{"a":-0,"b":[1,{"c":"x"}],"d":null}]')).toEqual([
    { a: -0, b: [1, { c: "x" }], d: null },
  ]);
});
