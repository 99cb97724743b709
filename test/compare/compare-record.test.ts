import { describe, expect, test } from "vitest";
import { compareField } from "../../src/compare/compare-field.ts";
import { compareRecord, type CompareOptions } from "../../src/compare/compare-record.ts";
import { conforms } from "../../src/compare/conforms.ts";
import { describeMismatch } from "../../src/compare/describe-mismatch.ts";
import type { Fields, TypeKind } from "../../src/contract/contract.ts";
import { type Json, JsonNumber } from "../../src/kernel/json-value.ts";
import { field, listOf, sqli, structOf } from "./fields.ts";

/** The mismatches as people see them, hints under them. */
function report(fields: Fields | undefined, reference: Json, candidate: Json, options: CompareOptions = {}): string {
  return compareRecord(fields, reference, candidate, options)
    .mismatches.map((each) => `${describeMismatch(each)}${each.hint === undefined ? "" : `\n  ${each.hint}`}`)
    .join("\n");
}

/** The hint on comparing two values of a type. */
function hint(kind: TypeKind, reference: Json, candidate: Json, options: CompareOptions = {}): string | undefined {
  return compareField(field(kind), "x", reference, candidate, options).mismatches[0]?.hint;
}

describe("a record", () => {
  test("that agrees has nothing to report", () => {
    expect(
      compareRecord(sqli, { is_injection: true, score: 0.9 }, { score: 0.9000001, is_injection: true }),
    ).toMatchObject({
      mismatches: [],
      nearTies: [],
      extras: [],
      normalized: [],
      distances: [],
    });
  });

  test("is reported field by field in the order of the contract, values as written", () => {
    const candidate = { score: new JsonNumber("0.4e0"), is_injection: false };
    expect(compareRecord(sqli, { is_injection: true, score: 0.9 }, candidate).mismatches).toEqual([
      { path: "is_injection", kind: "value", reference: "true", candidate: "false" },
      {
        path: "score",
        kind: "value",
        reference: "0.9",
        candidate: "0.4e0",
        delta: { abs: 0.5, rel: 0.5555555555555556, ulp: 5404319552844595 },
        tolerance: { abs: 1e-6 },
      },
    ]);
  });

  test("that is none is a type mismatch", () => {
    expect(report(sqli, { is_injection: true, score: 1 }, [1])).toMatchInlineSnapshot(`
      "the record  expected {"is_injection":true,"score":1}  got [1]  (another type)
        a list, not a struct"
    `);
  });
});

describe("a near-tie", () => {
  const near = { is_injection: true, score: 0.5000004 };

  test("is a label that flips although the scores agree at the threshold", () => {
    const found = compareRecord(sqli, near, { is_injection: false, score: 0.4999996 });
    expect(found.mismatches).toEqual([]);
    expect(found.nearTies).toEqual([
      {
        path: "is_injection",
        score: "score",
        threshold: 0.5,
        reference: "true",
        candidate: "false",
        referenceScore: "0.5000004",
        candidateScore: "0.4999996",
      },
    ]);
  });

  test.each<[string, Json, Json]>([
    ["the scores do not agree", near, { is_injection: false, score: 0.499999 }],
    ["the threshold is too far away", { is_injection: true, score: 0.6 }, { is_injection: false, score: 0.6 }],
    ["only one score is near", { is_injection: true, score: 0.5000012 }, { is_injection: false, score: 0.5000005 }],
    ["the label is of another type", near, { is_injection: 0, score: 0.4999996 }],
    ["the label is null", near, { is_injection: null, score: 0.4999996 }],
    ["the score is missing", near, { is_injection: false }],
  ])("is none where %s", (_, reference, candidate) => {
    const found = compareRecord(sqli, reference, candidate);
    expect(found.nearTies).toEqual([]);
    expect(found.mismatches.some((each) => each.path === "is_injection")).toBe(true);
  });

  test("is none where the expectation does not name the score", () => {
    const options = { partial: true, context: "expected" } as const;
    const found = compareRecord(sqli, { is_injection: true }, { is_injection: false, score: 0.5 }, options);
    expect([found.nearTies.length, found.mismatches.length]).toEqual([0, 1]);
  });

  test("between equal scores says what may be behind it", () => {
    const found = compareRecord(sqli, { is_injection: true, score: 0.5 }, { is_injection: false, score: 0.5 });
    expect(found.nearTies[0]?.hint).toBe("both scores are equal: is it > on one side and >= on the other?");
  });

  test("is as wide as near_tie says, and found inside lists of structs", () => {
    const label = structOf({
      label: field("string"),
      p: field("float64", { tolerance: { abs: 0.1 }, threshold: 0.5, decides: "label", nearTie: 0.01 }),
    });
    const fields = { scores: field({ kind: "list", items: label }) };
    const found = compareRecord(
      fields,
      {
        scores: [
          { label: "yes", p: 0.505 },
          { label: "yes", p: 0.52 },
        ],
      },
      {
        scores: [
          { label: "no", p: 0.495 },
          { label: "no", p: 0.49 },
        ],
      },
    );
    expect(found.nearTies.map((each) => each.path)).toEqual(["scores[0].label"]);
    expect(found.mismatches.map((each) => each.path)).toEqual(["scores[1].label"]);
  });
});

describe("fields that one side lacks", () => {
  const fields: Fields = { null_values: field("int"), entropy: field("float64") };

  test("missing is not null, and a field with nearly that name is pointed out", () => {
    expect(report(fields, { null_values: 1, entropy: 2 }, { nullValues: 1, entropy: null })).toMatchInlineSnapshot(`
      "null_values  expected 1  got no such field
        did you mean \`nullValues\`? The candidate has that
      entropy  expected 2  got null
        null is not allowed here: the field is declared float64"
    `);
  });

  test("undeclared fields of the candidate are warnings, or mismatches where the operation says so", () => {
    const [reference, candidate] = [
      { null_values: 1, entropy: 2 },
      { null_values: 1, entropy: 2, debug: "x" },
    ];
    expect(compareRecord(fields, reference, candidate)).toMatchObject({ mismatches: [], extras: ["debug"] });
    expect(report(fields, reference, candidate, { extra: "error" })).toMatchInlineSnapshot(`
      "debug  expected no such field  got "x"
        nobody declared this field"
    `);
  });

  test("a declared field that only the candidate has is a mismatch", () => {
    expect(report(fields, { null_values: 1 }, { null_values: 1, entropy: 2 })).toMatchInlineSnapshot(`
      "entropy  expected no such field  got 2
        the reference lacks this field"
    `);
  });

  test("without a contract a field too many or too few is a mismatch", () => {
    expect(report(undefined, { a: 1, b: { c: 2 } }, { a: 1, b: { d: 2 } })).toMatchInlineSnapshot(`
      "b.c  expected 2  got no such field
      b.d  expected no such field  got 2
        the reference lacks this field"
    `);
  });
});

describe("an expectation of an author", () => {
  const expected = { partial: true, context: "expected" } as const;
  const fields: Fields = { entropy: field("float64"), tags: field(listOf("string")), inner: field(structOf(sqli)) };

  test("compares only what it names, in structs too", () => {
    const candidate = { entropy: 2, tags: [], inner: { is_injection: true, score: 1 } };
    expect(compareRecord(fields, { inner: { score: 1 } }, candidate, expected).mismatches).toEqual([]);
    expect(compareRecord(fields, {}, candidate, expected).mismatches).toEqual([]);
    expect(compareRecord(undefined, { inner: { score: 1 } }, candidate, expected).mismatches).toEqual([]);
  });

  test("compares what it names although nobody declared it", () => {
    const candidate = { entropy: 2, tags: [], debug: { n: 1 } };
    expect(compareRecord(fields, { debug: { n: 1 } }, candidate, expected)).toMatchObject({
      mismatches: [],
      extras: [],
    });
    expect(report(fields, { debug: { n: 2 } }, candidate, expected)).toMatchInlineSnapshot(`
      "debug.n  expected 2  got 1  (abs 1, rel 0.5, 4.5e15 ulp)
        integers are exact where nothing is declared: declare float64, or a tolerance"
    `);
  });

  test("that misspells a field is told so", () => {
    expect(report(fields, { entropi: 2 }, { entropy: 2 }, expected)).toMatchInlineSnapshot(`
      "entropi  expected 2  got no such field
        did you mean \`entropy\`? The candidate has that"
    `);
    expect(report(fields, { toString: 2, ["__proto__"]: 1 }, {}, expected)).toMatchInlineSnapshot(`
      "toString  expected 2  got no such field
      __proto__  expected 1  got no such field"
    `);
  });

  test("that is right as far as it was written proposes approx", () => {
    expect(report(fields, { entropy: 2.32 }, { entropy: 2.321928094887362 }, expected)).toMatchInlineSnapshot(`
      "entropy  expected 2.32  got 2.321928094887362  (abs 0.00193, rel 0.000831, 4.34e12 ulp; tolerance rel 1e-9)
        agrees at the 2 decimals that were written: approx(2.32, { abs: 0.005 })"
    `);
  });

  test.each<[Json, Json, string | undefined]>([
    [2.3, 2.321928, "agrees at the one decimal that was written: approx(2.3, { abs: 0.05 })"],
    [new JsonNumber("2.320"), 2.3201, "agrees at the 3 decimals that were written: approx(2.320, { abs: 0.0005 })"],
    [1.5e-7, 1.52e-7, "agrees at the 8 decimals that were written: approx(1.5e-7, { abs: 5e-9 })"],
    [1200, 1200.3, "agrees at the digits that were written: approx(1200, { abs: 0.5 })"],
    [3, 3.4, undefined],
    [3, 3.01, "agrees at the digits that were written: approx(3, { abs: 0.5 })"],
    [2.32, 2.33, undefined],
    [0, 0.3, undefined],
  ])("%j against %j: %s", (reference, candidate, said) => {
    expect(hint("float64", reference, candidate, { context: "expected" })).toBe(said);
  });
});

describe("tolerances of the author", () => {
  const fields: Fields = {
    n: field("int"),
    score: field("float64"),
    when: field("timestamp"),
    ps: field(listOf("float64")),
    pairs: field({ kind: "list", items: structOf({ p: field("float64"), q: field("float64") }) }),
  };
  const off = (reference: Json, candidate: Json, options: CompareOptions): string[] =>
    compareRecord(fields, reference, candidate, { partial: true, ...options }).mismatches.map((each) => each.path);

  test("for all numbers hold for integers and floats, not for times", () => {
    const late = "2024-01-02T03:04:05.5Z";
    expect(
      off(
        { n: 1, score: 1, when: "2024-01-02T03:04:05Z" },
        { n: 2, score: 1.5, when: late },
        { tolerance: { abs: 1000 } },
      ),
    ).toEqual(["when"]);
    expect(off({ when: "2024-01-02T03:04:05Z" }, { when: late }, { tolerances: { when: { abs: 1000 } } })).toEqual([]);
  });

  test("by path come first, and hold for all below", () => {
    const options = {
      tolerance: { abs: 5 },
      tolerances: { score: { abs: 0.1 }, ps: { abs: 0.5 }, "ps[1]": { abs: 2 } },
    };
    expect(off({ score: 1, ps: [1, 1, 1] }, { score: 2, ps: [1.5, 3, 1.6] }, options)).toEqual(["score", "ps[2]"]);
  });

  test("by path may speak of every element", () => {
    const [reference, candidate] = [
      {
        pairs: [
          { p: 1, q: 1 },
          { p: 1, q: 1 },
        ],
      },
      {
        pairs: [
          { p: 2, q: 2 },
          { p: 2, q: 2 },
        ],
      },
    ];
    expect(off(reference, candidate, { tolerances: { "pairs[].p": { abs: 1 } } })).toEqual([
      "pairs[0].q",
      "pairs[1].q",
    ]);
    expect(off(reference, candidate, { tolerances: { "pairs[*].p": { abs: 1 } } })).toEqual([
      "pairs[0].q",
      "pairs[1].q",
    ]);
    expect(off(reference, candidate, { tolerances: { pairs: { abs: 1 } } })).toEqual([]);
  });

  test("that say nothing change nothing, and exact allows nothing", () => {
    expect(off({ score: 1 }, { score: 1 + 1e-12 }, { tolerance: {} })).toEqual([]);
    expect(off({ score: 1 }, { score: 1 + 1e-12 }, { tolerance: { exact: true } })).toEqual(["score"]);
  });
});

describe("$error", () => {
  const error = { $error: { type: "ValueError", message: "could not convert string to float" } };
  const kinds = (reference: Json, candidate: Json): string[] =>
    compareRecord(sqli, reference, candidate, { context: "expected", partial: true }).mismatches.map(
      (each) => each.kind,
    );

  test.each<[string, Json, Json, string[]]>([
    ["against a value is a mismatch of its own kind", { score: 1 }, error, ["error-versus-value"]],
    ["is expected and a value comes", error, { is_injection: true, score: 1 }, ["error-versus-value"]],
    ["true is any error", { $error: true }, error, []],
    ["may be a type name", { $error: "ValueError" }, error, []],
    [
      "may be a type name without its package",
      { $error: "BadInput" },
      { $error: { type: "com.example.BadInput" } },
      [],
    ],
    ["of another type is a mismatch", { $error: "KeyError" }, error, ["value"]],
    ["is compared by type, not by message", error, { $error: { type: "ValueError", message: "NaN" } }, []],
    ["without a type is not the expected one", error, { $error: {} }, ["value"]],
    ["of an unknown shape is still an error", { score: 1 }, { $error: null }, ["error-versus-value"]],
    ["is an error even where nothing is named", {}, error, ["error-versus-value"]],
  ])("%s", (_, reference, candidate, expected) => {
    expect(kinds(reference, candidate)).toEqual(expected);
  });

  test("is shown by its type", () => {
    expect(report(sqli, { score: 1 }, error, { partial: true })).toBe(
      'the record  expected {"score":1}  got error ValueError',
    );
  });
});

describe("hints", () => {
  test.each<[TypeKind, Json, Json, string | undefined]>([
    ["float64", 0.1, Math.fround(0.1), "the candidate is the reference rounded to float32"],
    ["float64", Math.fround(0.1), 0.1, "the reference is the candidate rounded to float32"],
    ["float64", 2.321928094887362, 2.32193, "the candidate is the reference rounded to 6 significant digits"],
    ["float64", 2.321928094887362, 2.32192, "the candidate is the reference cut off after 6 significant digits"],
    ["float64", 2.5, -2.5, "the same size with the other sign"],
    ["float64", 1, NaN, "NaN agrees only with NaN"],
    ["float64", 1, "inf", 'not a number: on the wire it is spelt "Infinity"'],
    [
      "float64",
      1,
      new JsonNumber("1e400"),
      "the candidate's number is beyond the largest float64 (about 1.8e308); it is not taken for Infinity",
    ],
    [
      "float32",
      1,
      1e39,
      "the candidate's number is beyond the largest float32 (about 3.4e38); it is not taken for Infinity",
    ],
    ["float64", NaN, null, "NaN and null are different answers"],
    ["int", 3, "3", "a number written as text, not an int"],
    ["int", 3, 3.5, "not a whole number, so no int"],
    ["int", 3, new JsonNumber("9007199254740992"), "beyond ±(2^53−1), the range of int: declare the field as int64"],
    [
      "int",
      3,
      new JsonNumber("18446744073709551615"),
      "beyond ±(2^53−1), the range of int: declare the field as uint64",
    ],
    ["int", 3, new JsonNumber("1e30"), "beyond ±(2^53−1), the range of int: declare the field as decimal"],
    ["int8", 3, 128, "out of the range of int8 (-128 to 127)"],
    ["int", "3", "3", "a number written as text, not an int; neither is the reference's value: is the contract right?"],
    ["int", "3", 3, "the reference's value is a number written as text, not an int"],
    ["int64", new JsonNumber("9007199254740993"), 9007199254740991, undefined],
    [
      "int64",
      9007199254740992,
      new JsonNumber("9007199254740993"),
      "equal once rounded to a double: digits beyond 2^53 were lost",
    ],
    ["boolean", true, 1, "a number, not a boolean"],
    ["string", "é", "e\u0301", 'the same after Unicode normalisation: normalize = ["nfc"]'],
    ["string", "a", " A", 'the same after trimming, ignoring case: normalize = ["trim", "case"]'],
    ["string", "été", "Ã©tÃ©", "the candidate is the reference's UTF-8 read as Latin-1"],
    ["string", "été", "\ufffdt\ufffd", "the candidate has U+FFFD: bytes were decoded with another charset"],
    ["bytes", "AAEC", "AAED", "3 bytes each; the first that differs is at offset 2"],
    ["bytes", "AAEC", "AAE=", "3 and 2 bytes; the first that differs is at offset 2"],
    ["bytes", "AAEC", "__EC", "base64url: bytes use + and /, not - and _"],
    [
      "timestamp",
      "2024-01-02T03:04:05Z",
      "2024-01-02 03:04:05",
      "the candidate's time has no zone: which instant it means is a guess",
    ],
    [
      "timestamp",
      "2024-01-02T03:04:05Z",
      "2024-01-02T01:04:05Z",
      "exactly 2 h apart: a time zone applied twice, or not at all?",
    ],
    [
      "timestamp",
      "2024-01-02T03:04:05.123456Z",
      "2024-01-02T03:04:05.123Z",
      "the candidate keeps 3 of 6 digits of the second",
    ],
    ["timestamp", "2024-01-02T03:04:05Z", "NaT", "pandas' NaT: a missing timestamp is null"],
    [
      "timestamp",
      "2024-01-02T03:04:05Z",
      1704164645,
      "a number, and its unit and zone are a guess; timestamps are RFC 3339 text",
    ],
    ["json", NaN, "NaN", "the text is that number only in a field declared float32 or float64"],
  ])("%s: %j against %j", (kind, reference, candidate, said) => {
    expect(hint(kind, reference, candidate)).toBe(said);
  });

  test("a category names the nearest of its values", () => {
    const fields: Fields = { risk: field({ kind: "category", values: ["low", "medium", "high"] }) };
    expect(report(fields, { risk: "medium" }, { risk: "Medium" })).toMatchInlineSnapshot(`
      "risk  expected "medium"  got "Medium"  (another type)
        not among the 3 values of the category (did you mean "medium"?)"
    `);
  });

  test("lists say where or by what they differ", () => {
    const fields: Fields = { tags: field(listOf("string")), words: field(listOf("string"), { order: "multiset" }) };
    const [reference, candidate] = [
      { tags: ["a", "b", "c"], words: ["a", "b"] },
      { tags: ["a", "c"], words: ["c", "a", "a"] },
    ];
    expect(report(fields, reference, candidate)).toMatchInlineSnapshot(`
      "tags  expected ["a","b","c"]  got ["a","c"]  (another length)
        3 and 2 elements; the first that differs is [1]
      words  expected ["a","b"]  got ["c","a","a"]  (another length)
        only in the reference: "b"; only in the candidate: "c", "a""
    `);
  });

  test("the two elements of a set that are left over are compared with each other", () => {
    const item = structOf({ name: field("string"), p: field("float64") });
    const fields: Fields = { items: field({ kind: "list", items: item }, { order: "multiset" }) };
    const reference = {
      items: [
        { name: "a", p: 1 },
        { name: "b", p: 2 },
      ],
    };
    const candidate = {
      items: [
        { name: "b", p: 2.5 },
        { name: "a", p: 1 },
      ],
    };
    expect(report(fields, reference, candidate)).toMatchInlineSnapshot(
      `"items[1].p  expected 2  got 2.5  (abs 0.5, rel 0.25, 1.13e15 ulp; tolerance rel 1e-9)"`,
    );
  });

  test("say nothing of sensitive values", () => {
    const fields: Fields = {
      income: field("float64", { sensitive: true }),
      names: field({ kind: "list", items: structOf({ name: field("string", { sensitive: true }) }) }, { order: "set" }),
    };
    const found = compareRecord(
      fields,
      { income: 2.32, names: [{ name: "a" }, { name: "b" }] },
      { income: 2.321, names: [{ name: "c" }] },
      { context: "expected" },
    );
    expect(found.mismatches.map((each) => [each.path, each.hint])).toEqual([
      ["income", undefined],
      ["names", undefined],
    ]);
  });
});

test("texts that agree only after normalisation are listed, in sets too", () => {
  const fields: Fields = {
    a: field("string", { normalize: ["trim"] }),
    b: field(listOf("string"), { normalize: ["case"], order: "set" }),
    c: field("string", { normalize: ["nfc"] }),
  };
  const found = compareRecord(fields, { a: "x", b: ["A", "b"], c: "z" }, { a: " x", b: ["B", "A"], c: "z" });
  expect([found.mismatches, found.normalized]).toEqual([[], ["a", "b[1]"]]);
});

describe("conforming to the types alone", () => {
  const fields: Fields = {
    n: field("int8"),
    score: field({ kind: "float64", nullable: true }),
    tags: field(listOf("string")),
    inner: field(structOf({ when: field("timestamp") })),
  };

  test.each<[string, Json, string[]]>([
    ["a record of its types", { n: 1, score: null, tags: ["a"], inner: { when: "2024-01-02T03:04Z" }, more: 1 }, []],
    ["nothing", {}, ["n missing", "score missing", "tags missing", "inner missing"]],
    [
      "other types",
      { n: 300, score: "1", tags: [1], inner: { when: "soon" } },
      ["n type", "score type", "tags[0] type", "inner.when type"],
    ],
    ["null", { n: null, score: NaN, tags: [null], inner: null }, ["n null", "tags[0] null", "inner null"]],
    [
      "a number beyond its type",
      { n: 1, score: new JsonNumber("1e400"), tags: [], inner: { when: "2024-01-02T03:04Z" } },
      ["score type"],
    ],
    ["a list", [], [" type"]],
    ["null for a record", null, [" null"]],
    ["an error", { $error: { type: "ValueError" } }, [" error-versus-value"]],
  ])("%s", (_, value, found) => {
    expect(conforms(fields, value).map((each) => `${each.path} ${each.kind}`)).toEqual(found);
  });

  test("is anything but an error where nothing is declared", () => {
    expect([conforms(undefined, { a: [1] }).length, conforms(undefined, { $error: true }).length]).toEqual([0, 1]);
  });
});
