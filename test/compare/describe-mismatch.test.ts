import { describe, expect, test } from "vitest";
import { numericDelta } from "../../src/compare/delta.ts";
import { describeMismatch, describeNearTie } from "../../src/compare/describe-mismatch.ts";
import { looksPermuted } from "../../src/compare/permutation.ts";
import { type Json, JsonNumber } from "../../src/kernel/json-value.ts";

const line = (reference: string, candidate: string): string =>
  describeMismatch({ path: "x", kind: "value", reference, candidate });

describe("a mismatch in one line", () => {
  test("shows distances with three digits and the tolerance they exceed", () => {
    const delta = { abs: 0.17807190511263782, rel: 0.07669136, ulp: 802_000_000_000_000 };
    expect(
      describeMismatch({
        path: "entropy",
        kind: "value",
        reference: "2.32",
        candidate: "2.5",
        delta,
        tolerance: { rel: 1e-9 },
      }),
    ).toBe("entropy  expected 2.32  got 2.5  (abs 0.178, rel 0.0767, 8.02e14 ulp; tolerance rel 1e-9)");
  });

  test("shows times apart in milliseconds", () => {
    const [reference, candidate] = ['"2024-01-02T03:04:05Z"', '"2024-01-02T03:04:06Z"'];
    expect(
      describeMismatch({ path: "t", kind: "value", reference, candidate, delta: { abs: 1000 }, tolerance: { abs: 1 } }),
    ).toBe(`t  expected ${reference}  got ${candidate}  (abs 1000 ms; tolerance abs 1 ms)`);
  });

  test.each([
    ["10.695709", "10.695709000000001", "x  expected 10.695709  got 10.695709000000001"],
    ["2.50", "2.500000001", "x  expected 2.5  got 2.500000001"],
    ["0", "-0", "x  expected 0  got -0"],
    ["1e22", "10000000000000000000001", "x  expected 1e22  got 10000000000000000000001"],
    ["1E+400", "1E+401", "x  expected 1E+400  got 1E+401"],
    ['"1"', "1", 'x  expected "1"  got 1'],
    ["NaN", '"NaN"', 'x  expected NaN  got "NaN"'],
    ["1", "1.0", "x  expected 1  got 1.0"],
    ['"caf\u00e9"', '"cafe\u0301"', 'x  expected "caf\\u{e9}"  got "cafe\\u{301}"'],
    ['"schön"', '"schon"', 'x  expected "schön"  got "schon"'],
    ['"你好"', '"你们"', 'x  expected "你好"  got "你们"'],
    ['"paypal"', '"p\u0430ypal"', 'x  expected "paypal"  got "p\\u{430}ypal"'],
    ['"a-b"', '"a–b"', 'x  expected "a-b"  got "a\\u{2013}b"'],
    ['"3"', '"３"', 'x  expected "3"  got "\\u{ff13}"'],
    ['"a b"', '"a\u00a0b"', 'x  expected "a b"  got "a\\u{a0}b"'],
    ['"ab"', '"a\u200bb"', 'x  expected "ab"  got "a\\u{200b}b"'],
    ['"a"', '"a\\u0000"', 'x  expected "a"  got "a\\u{0}"'],
    ['"\\ud800"', '"\\ufffd"', 'x  expected "\\u{d800}"  got "\\u{fffd}"'],
    ['"😀"', '"😃"', 'x  expected "\\u{1f600}"  got "\\u{1f603}"'],
    ['"say \\"hi\\""', "\"say 'hi'\"", 'x  expected "say \\"hi\\""  got "say \'hi\'"'],
    ['"a\\nb"', '"a\\\\nb"', 'x  expected "a\\u{a}b"  got "a\\\\nb"'],
  ])("%s and %s", (reference, candidate, shown) => {
    expect(line(reference, candidate)).toBe(shown);
  });

  test("cuts long texts to where they part", () => {
    const [head, tail] = ["h".repeat(10_000), "t".repeat(10_000)];
    expect(line(JSON.stringify(`${head}A${tail}`), JSON.stringify(`${head}B${tail}`))).toMatchInlineSnapshot(
      `"x  expected …"hhhhhhhhhhhhhhhhhhhhAttttttttttttttttttttttttttttt"…  got …"hhhhhhhhhhhhhhhhhhhhBttttttttttttttttttttttttttttt"…"`,
    );
  });

  test("cuts long lists to where they part", () => {
    const list = (last: number): string => JSON.stringify([...Array.from({ length: 200 }, () => 1), last]);
    expect(line(list(1), list(2))).toBe("x  expected …1,1,1,1,1,1,1,1,1,1,1]  got …1,1,1,1,1,1,1,1,1,1,2]");
  });

  test("lets nothing reach the terminal", () => {
    expect(describeMismatch({ path: "\u001b[31mx", kind: "extra", candidate: '{"\u009b":"\u202e"}' })).toBe(
      'x  expected no such field  got {"\\u{9b}":"\\u{202e}"}'.replace("x", "\\u{1b}[31mx"),
    );
  });

  test("of a near-tie shows the scores", () => {
    const tie = { path: "label", score: "p", threshold: 0.5, reference: "true", candidate: "false" };
    expect(describeNearTie({ ...tie, referenceScore: "0.50000010", candidateScore: "0.4999999" })).toBe(
      "label  expected true  got false  (near-tie: p 0.5000001 and 0.4999999, threshold 0.5)",
    );
  });
});

describe("the distance", () => {
  test.each<[Parameters<typeof numericDelta>[0]["kind"], Json, Json, ReturnType<typeof numericDelta>]>([
    ["float64", 2.32, 2.5, { abs: 0.18, rel: 0.07758620689655173, ulp: 405323966463345 }],
    ["float64", 0, 5e-324, { abs: 5e-324, ulp: 1 }],
    ["float32", 0.1, 0.10000000894069672, { abs: 8.94069672e-9, rel: 8.940696719999999e-8, ulp: 1 }],
    ["float64", 1, NaN, undefined],
    ["float64", "Infinity", 1, undefined],
    ["float64", new JsonNumber("1e400"), 1, undefined],
    ["float64", "x", 1, undefined],
    ["int64", new JsonNumber("9007199254740993"), 9007199254740992, { abs: 1, rel: 1 / 9007199254740992 }],
    ["decimal", "0.1", "0.1000000000000000000001", { abs: 1e-22, rel: 1e-21 }],
    ["decimal", "1", new JsonNumber("1e-999999999"), { abs: 1, rel: 1 }],
    ["timestamp", "2024-01-02T03:04:05Z", "2024-01-02T03:04:05.000000001Z", { abs: 0.000001 }],
    ["timestamp", "2024-01-02T03:04:05Z", "2024-01-02T03:04:05", undefined],
    ["string", null, true, undefined],
  ])("of %s %j to %j", (kind, reference, candidate, delta) => {
    expect(numericDelta({ kind }, reference, candidate)).toEqual(delta);
  });
});

describe("rows of a batch", () => {
  const rows = [0.11, 0.27, 0.31, 0.48, 0.59, 0.62];
  const equal = (a: Json, b: Json): boolean => a === b;

  test.each<[string, Json[], ReturnType<typeof looksPermuted>]>([
    ["in order", rows, undefined],
    ["moved on by one", [9, ...rows.slice(0, -1)], "shifted"],
    ["turned by two", [...rows.slice(2), ...rows.slice(0, 2)], "shifted"],
    ["with one dropped", [...rows.slice(0, 2), ...rows.slice(3), 0.7], "shifted"],
    ["with two swapped", [0.11, 0.48, 0.31, 0.27, 0.59, 0.62], "permuted"],
    ["sorted the other way", rows.toReversed(), "permuted"],
    ["with one wrong", [0.11, 9, 0.31, 0.48, 0.59, 0.62], undefined],
    ["with one repeated", [0.11, 0.11, 0.31, 0.48, 0.59, 0.62], undefined],
    ["all wrong", [1, 2, 3, 4, 5, 6], undefined],
    ["fewer", [], undefined],
  ])("%s", (_, candidates, found) => {
    expect(looksPermuted(rows, candidates, equal)).toBe(found);
  });

  test("that hold only labels tell nothing", () => {
    expect(looksPermuted([true, false, true, false], [false, true, false, true], equal)).toBe(undefined);
  });

  test("of a large batch are judged quickly", () => {
    const many = Array.from({ length: 5000 }, (_, i) => i);
    expect(looksPermuted(many, many.toReversed(), equal)).toBe(undefined);
    expect(looksPermuted(many, [0, ...many], equal)).toBe("shifted");
  });
});
