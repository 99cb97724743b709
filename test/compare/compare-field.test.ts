import { describe, expect, test } from "vitest";
import { compareField } from "../../src/compare/compare-field.ts";
import type { Field } from "../../src/contract/contract.ts";
import { type Json, JsonNumber } from "../../src/kernel/json-value.ts";
import { field, listOf, structOf, typeOf } from "./fields.ts";

const n = (text: string): JsonNumber => new JsonNumber(text);

/** `agree`, or the kinds of the mismatches in order. */
function outcome(rule: Field, reference: Json, candidate: Json): string {
  const { mismatches } = compareField(rule, "x", reference, candidate);
  return mismatches.length === 0 ? "agree" : mismatches.map((each) => each.kind).join(" ");
}

type Row = readonly [reference: Json, candidate: Json, outcome: string];

function table(name: string, rule: Field, rows: readonly Row[]): void {
  describe(name, () => {
    test.each(rows)("%j and %j: %s", (reference, candidate, expected) => {
      expect(outcome(rule, reference, candidate)).toBe(expected);
    });
  });
}

table("a float64 without any tolerance key allows rel 1e-9", field("float64"), [
  [1, 1, "agree"],
  [1, 1 + 1e-9, "agree"],
  [1, 1 + 2e-9, "value"],
  [0, 1e-300, "value"],
  [0, -0, "agree"],
  [1e300, 1.0000000005e300, "agree"],
  [3, n("3.0"), "agree"],
  [n("9007199254740993"), 9007199254740992, "agree"],
  [n("0.1000000000000000055511151231257827"), 0.1, "agree"],
  [NaN, NaN, "agree"],
  [NaN, "NaN", "agree"],
  ["Infinity", Infinity, "agree"],
  ["-Infinity", "-Infinity", "agree"],
  ["Infinity", "-Infinity", "value"],
  [Infinity, Number.MAX_VALUE, "value"],
  [NaN, 0, "value"],
  [1, "1", "type"],
  [NaN, "nan", "type"],
  [Infinity, "inf", "type"],
  [1, true, "type"],
  [NaN, null, "null"],
  [null, 0, "null"],
  [1e308, -1e308, "value"],
]);

table("a number that no double holds is compared as written", field("float64"), [
  [n("1e400"), n("1e400"), "agree"],
  [n("1e400"), n("10E+399"), "agree"],
  [n("1e400"), n("1.0000000000001e400"), "agree"],
  [n("1e400"), n("1.1e400"), "value"],
  [n("1e400"), Infinity, "value"],
  ["Infinity", n("1e400"), "value"],
  [n("1e400"), NaN, "value"],
  [n("1e400"), 5, "value"],
  [5, n("1e99999999999999999999"), "value"],
  [n("1e-400"), 0, "agree"],
]);

table("abs and rel add up, for the numbers as written", field("float64", { tolerance: { abs: 0.01, rel: 0.001 } }), [
  [10, 10.02, "agree"],
  [10, n("10.0200000000000001"), "value"],
  [10, 10.0201, "value"],
  [-10, -10.02, "agree"],
  [0, 0.01, "agree"],
  [0, -0.0101, "value"],
]);

table("2.33 is within 0.01 of 2.32, although the doubles are not", field("float64", { tolerance: { abs: 0.01 } }), [
  [2.32, 2.33, "agree"],
  [2.32, 2.31, "agree"],
  [0.3, 0.31, "agree"],
  [2.32, 2.3300000000000005, "value"],
  [1e22, n("10000000000000000000000.01"), "agree"],
]);

table("an exact float64 allows nothing", field("float64", { tolerance: { exact: true } }), [
  [0.1, 0.1, "agree"],
  [0.1, 0.10000000000000002, "value"],
  [1, n("1.00"), "agree"],
]);

table("ulp of float64", field("float64", { tolerance: { ulp: 2 } }), [
  [1, 1 + 2 ** -51, "agree"],
  [1, 1 + 3 * 2 ** -52, "value"],
  [0, 1e-323, "agree"],
  [-5e-324, 5e-324, "agree"],
  [Number.MAX_VALUE, Infinity, "value"],
]);

table("a float32 without any tolerance key is rounded and allows 4 ulp", field("float32"), [
  [0.1, Math.fround(0.1), "agree"],
  [0.1, 0.1 + 4 * 2 ** -27, "agree"],
  [0.1, 0.1 + 5 * 2 ** -27, "value"],
  [1e39, 1e39, "agree"],
  [1e39, 2e39, "value"],
  [1e39, Infinity, "value"],
  [3.4e38, Infinity, "value"],
]);

table("an exact float32 is still a float32", field("float32", { tolerance: { exact: true } }), [
  [0.1, 0.10000000149011612, "agree"],
  [0.1, 0.10000000894069672, "value"],
]);

table("signed_zero", field("float64", { signedZero: true, tolerance: { abs: 1 } }), [
  [0, -0, "value"],
  [-0, -0, "agree"],
  [-0, n("-0.0"), "agree"],
  [0, n("-0e5"), "value"],
  [0, -0.5, "agree"],
]);

table("an int is exact in any spelling", field("int"), [
  [3, 3, "agree"],
  [3, n("3.0"), "agree"],
  [3, n("3e0"), "agree"],
  [300, n("0.3e3"), "agree"],
  [0, -0, "agree"],
  [3, 4, "value"],
  [3, 3.5, "type"],
  [3, "3", "type"],
  [3, true, "type"],
  [3, NaN, "type"],
  [3, n("1e400"), "type"],
  [3, n("1e99999999999"), "type"],
  [9007199254740991, n("9007199254740991.000"), "agree"],
  [3, n("9007199254740992"), "type"],
  [3, 2 ** 53, "type"],
  [-9007199254740991, -9007199254740991, "agree"],
  [3.5, 3, "type"],
  [3, null, "null"],
]);

const ranges = [
  ["int8", "-128", "127"],
  ["int16", "-32768", "32767"],
  ["int32", "-2147483648", "2147483647"],
  ["int64", "-9223372036854775808", "9223372036854775807"],
  ["uint8", "0", "255"],
  ["uint16", "0", "65535"],
  ["uint32", "0", "4294967295"],
  ["uint64", "0", "18446744073709551615"],
] as const;

describe.each(ranges)("%s", (kind, least, most) => {
  test(`holds ${least} to ${most} and nothing beyond`, () => {
    const below = n(String(BigInt(least) - 1n));
    const above = n(String(BigInt(most) + 1n));
    expect(outcome(field(kind), n(least), n(`${least}.0`))).toBe("agree");
    expect(outcome(field(kind), n(most), n(`${most}e0`))).toBe("agree");
    expect(outcome(field(kind), n(least), below)).toBe("type");
    expect(outcome(field(kind), n(most), above)).toBe("type");
    expect(outcome(field(kind), n(most), n(String(BigInt(most) - 1n)))).toBe("value");
  });
});

table("an int64 keeps what a double loses", field("int64"), [
  [n("9007199254740993"), n("9007199254740993"), "agree"],
  [n("9007199254740993"), 9007199254740992, "value"],
  [5, n("5"), "agree"],
]);

table("an integer may be given a tolerance", field("int64", { tolerance: { abs: 1 } }), [
  [n("9007199254740993"), n("9007199254740994"), "agree"],
  [n("9007199254740993"), n("9007199254740995"), "value"],
]);

table("a decimal is exact in any spelling", field("decimal"), [
  ["12.50", "12.5", "agree"],
  ["12.50", n("1.25e1"), "agree"],
  ["0.1", 0.1, "agree"],
  ["-0", "0.00", "agree"],
  ["0.1", "0.10000000000000000000000001", "value"],
  ["1e400", "10e399", "agree"],
  ["1e999999999", "1e999999999", "agree"],
  ["1e999999999", "1e999999998", "value"],
  ["1E+3", "1000", "agree"],
  ["1", "one", "type"],
  ["1", "NaN", "type"],
  ["1", "1_000", "type"],
  ["1", "", "type"],
]);

table("a decimal has no more digits than its scale", field({ kind: "decimal", scale: 2 }), [
  ["1.20", "1.2000", "agree"],
  ["1.20", "1.201", "type"],
]);

table("a decimal within rel", field("decimal", { tolerance: { rel: 0.1 } }), [
  ["1e500", "1.1e500", "agree"],
  ["1e500", "1.11e500", "value"],
]);

table("a boolean", field("boolean"), [
  [true, true, "agree"],
  [true, false, "value"],
  [true, 1, "type"],
  [false, "false", "type"],
  [false, null, "null"],
]);

table("text is compared code point by code point", field("string"), [
  ["", "", "agree"],
  ["é", "e\u0301", "value"],
  ["a", "A", "value"],
  ["a", "a ", "value"],
  ["\ud800", "\ud800", "agree"],
  ["\ud800", "\ufffd", "value"],
  ["3", 3, "type"],
  ["NaN", "NaN", "agree"],
  ["", null, "null"],
]);

table("text normalised by nfc, trim and case", field("string", { normalize: ["nfc", "trim", "case"] }), [
  ["É", " e\u0301\u00a0", "agree"],
  ["ΟΔΟΣ", "οδοσ", "agree"],
  ["TITLE", "tıtle", "value"],
  ["a b", "a  b", "value"],
]);

table("a category knows its values", field({ kind: "category", values: ["low", "high"] }), [
  ["low", "low", "agree"],
  ["low", "high", "value"],
  ["low", "medium", "type"],
  ["low", 1, "type"],
]);

table("bytes", field("bytes"), [
  ["", "", "agree"],
  ["AAEC", "AAEC", "agree"],
  ["AA==", "AQ==", "value"],
  ["AA==", "AB==", "type"],
  ["AA==", "AA", "type"],
  ["AA==", "A-_=", "type"],
  ["AAEC", "AAEC\n", "type"],
  ["AAEC", "====", "type"],
]);

table("timestamps are instants", field("timestamp"), [
  ["2024-01-02T03:04:05Z", "2024-01-02T04:04:05+01:00", "agree"],
  ["2024-01-02T03:04:05Z", "2024-01-02 03:04:05+00:00", "agree"],
  ["2024-01-02T03:04:05Z", "2024-01-01t22:04:05.000-0500", "agree"],
  ["2024-01-02T03:04:00Z", "2024-01-02T03:04Z", "agree"],
  ["2024-01-02T03:04:05Z", "2024-01-02T04:04:05+01:00[Europe/Paris]", "agree"],
  ["2024-01-02T03:04:05Z", "2024-01-02 03:04:05 UTC", "agree"],
  ["2024-01-02T03:04:05Z", "2024-01-02 03:04:05 +0000 UTC", "agree"],
  ["2024-01-02T03:04:05Z", "2024-01-02T03:04:05-00:00", "agree"],
  ["2024-01-02T03:04:05.1Z", "2024-01-02T03:04:05,100000000Z", "agree"],
  ["2024-01-02T03:04:05.123456789Z", "2024-01-02T03:04:05.123456789000Z", "agree"],
  ["2024-01-02T03:04:05.123456789Z", "2024-01-02T03:04:05.123456788Z", "value"],
  ["2024-01-02T03:04:05", "2024-01-02 03:04:05.000", "agree"],
  ["2024-01-02T03:04:05Z", "2024-01-02T03:04:05", "value"],
  ["2016-12-31T23:59:60Z", "2016-12-31T15:59:60-08:00", "agree"],
  ["2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z", "value"],
  ["2016-12-31T23:59:60Z", "2016-12-31T12:30:60Z", "type"],
  ["2024-02-29T00:00:00Z", "2024-02-30T00:00:00Z", "type"],
  ["2024-02-29T00:00:00Z", "2023-02-29T00:00:00Z", "type"],
  ["2024-02-29T00:00:00Z", "2024-02-29T24:00:00Z", "type"],
  ["2024-02-29T00:00:00Z", "2024-02-29", "type"],
  ["2024-02-29T00:00:00Z", 1709164800, "type"],
  ["2024-02-29T00:00:00Z", "NaT", "type"],
  ["2024-02-29T00:00:00Z", "29/02/2024 00:00", "type"],
  ["2024-02-29T00:00:00Z", "2024-02-29T00:00:00+25:00", "type"],
  ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "agree"],
  ["+10000-01-01T00:00:00Z", "9999-12-31T24:00:00Z", "type"],
  ["1969-12-31T23:59:59.9Z", "1970-01-01T00:59:59.9+01:00", "agree"],
]);

table("timestamps within abs, in milliseconds", field("timestamp", { tolerance: { abs: 1 } }), [
  ["2024-01-02T03:04:05Z", "2024-01-02T03:04:05.001Z", "agree"],
  ["2024-01-02T03:04:05Z", "2024-01-02T03:04:05.001000001Z", "value"],
  ["2024-01-02T03:04:05Z", "2024-01-02T03:04:04.999", "value"],
]);

table("dates", field("date"), [
  ["2024-02-29", "2024-02-29", "agree"],
  ["2024-02-29", "2024-03-01", "value"],
  ["2024-02-29", "2023-02-29", "type"],
  ["2024-02-29", "2024-02-29T00:00:00", "type"],
  ["2024-02-29", "20240229", "type"],
]);

table("a nullable field allows null, which is no other value", field({ kind: "float64", nullable: true }), [
  [null, null, "agree"],
  [null, NaN, "null"],
  [0, null, "null"],
]);

table("lists in order", field(listOf("float64")), [
  [[], [], "agree"],
  [[1, 2], [1, 2.0000000001], "agree"],
  [[1, 2], [2, 1], "value value"],
  [[1, 2], [1], "length"],
  [[1], {}, "type"],
  [[1], [null], "null"],
  [[1], ["x"], "type"],
]);

table("a list's tolerance is that of its elements", field(listOf(listOf("float64")), { tolerance: { abs: 0.5 } }), [
  [[[1], [2]], [[1.5], [2]], "agree"],
  [[[1], [2]], [[1.6], [2]], "value"],
]);

table("a multiset", field(listOf("string"), { order: "multiset" }), [
  [["a", "b", "a"], ["a", "a", "b"], "agree"],
  [["a", "b", "a"], ["a", "b", "b"], "value"],
  [["a"], ["a", "a"], "length"],
  [["a"], [1], "type"],
  [["a"], [null], "null"],
]);

table("a set", field(listOf("string"), { order: "set" }), [
  [["a", "b", "a"], ["b", "a"], "agree"],
  [["a"], ["a", "b"], "value"],
  [[], [], "agree"],
  [[], ["a"], "value"],
]);

table(
  "a multiset with overlapping tolerances is matched, not paired greedily",
  field(listOf("float64"), { order: "multiset", tolerance: { abs: 1 } }),
  [
    [[0, 1], [1, 2], "agree"],
    [[1, 0], [2, 1], "agree"],
    [[0, 1, 2, 3], [4, 3, 2, 1], "agree"],
    [[0, 0], [1, 2], "value"],
    [[NaN, 1], [1, NaN], "agree"],
    [["Infinity", 1], [2, Infinity], "agree"],
  ],
);

const point = structOf({ name: field("string"), at: field("float64", { tolerance: { abs: 1 } }) });

table(
  "a multiset of structs is matched by all their fields",
  field({ kind: "list", items: point }, { order: "multiset" }),
  [
    [
      [
        { name: "a", at: 0 },
        { name: "a", at: 1 },
      ],
      [
        { name: "a", at: 1 },
        { name: "a", at: 2 },
      ],
      "agree",
    ],
    [
      [
        { name: "a", at: 0 },
        { name: "b", at: 1 },
      ],
      [
        { name: "b", at: 1 },
        { name: "a", at: 3 },
      ],
      "value",
    ],
    [[{ name: "a", at: 0 }], [{ name: "a" }], "missing"],
  ],
);

table("inside a set, inner lists keep their order", field(listOf(listOf("int")), { order: "set" }), [
  [[[1, 2], [3]], [[3], [1, 2]], "agree"],
  [[[1, 2], [3]], [[3], [2, 1]], "value value"],
]);

table("a set of integers in any spelling", field(listOf("int64"), { order: "set" }), [
  [[n("9007199254740993"), 1], [n("1.0"), n("9007199254740993")], "agree"],
  [[n("9007199254740993")], [n("9007199254740992")], "value"],
]);

table("structs by field", field(structOf({ a: field("int"), b: field("string") })), [
  [{ a: 1, b: "x" }, { b: "x", a: 1 }, "agree"],
  [{ a: 1, b: "x" }, { a: 1 }, "missing"],
  [{ a: 1 }, { a: 1, b: "x" }, "extra"],
  [{ a: 1, b: "x" }, { a: 2, b: "y" }, "value value"],
  [{ a: 1, b: "x" }, [], "type"],
  [{ a: 1, b: "x" }, { a: 1, b: null }, "null"],
]);

table("json is compared deeply: floats with rel 1e-9, everything else exactly", field("json"), [
  [{ a: [1, { b: 0.1 }] }, { a: [1, { b: 0.10000000001 }] }, "agree"],
  [{ a: [1, { b: 0.1 }] }, { a: [1, { b: 0.11 }] }, "value"],
  [5000000001, 5000000002, "value"],
  [n("9007199254740993"), n("9007199254740992"), "value"],
  [n("9007199254740993"), n("9007199254740993.0"), "agree"],
  [3, n("3.0"), "agree"],
  [NaN, NaN, "agree"],
  [NaN, "NaN", "type"],
  [null, {}, "null"],
  [[], {}, "type"],
  [1, true, "type"],
  [{ a: 1 }, {}, "missing"],
  [{}, { a: 1 }, "extra"],
  [{ ["__proto__"]: 1 }, { ["__proto__"]: 2 }, "value"],
  [{ toString: 1 }, {}, "missing"],
]);

test("a json value with a tolerance of its own is compared by it, integers too", () => {
  expect(outcome(field("json", { tolerance: { abs: 1 } }), { a: 1 }, { a: 2 })).toBe("agree");
});

test("nesting deeper than any reader lets through is not followed", () => {
  const deep = (): Json => {
    let value: Json = 1;
    for (let i = 0; i < 50_000; i++) value = [value];
    return value;
  };
  expect(outcome(field("json"), deep(), deep())).toBe("value");
  expect(outcome(field({ ...typeOf("json"), nullable: true }), deep(), null)).toBe("null");
});
