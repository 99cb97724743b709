import { describe, expect, test } from "vitest";
import { deltaText, numberText, percent, threeDigits, toleranceText } from "../../src/report/number-text.ts";
import {
  clip,
  clipPair,
  clipStart,
  displayWidth,
  duration,
  groupDigits,
  nearDifference,
  visible,
  visibleBlock,
  visiblePair,
  wrapText,
} from "../../src/report/plain-text.ts";

describe("text that anybody may have written", () => {
  test.each([
    ["\u001B[31mred\u001B[0m", "\\u001b[31mred\\u001b[0m"],
    ["abc\u202Etxt.exe", "abc\\u202etxt.exe"],
    ["a\u2066b\u2069", "a\\u2066b\\u2069"],
    ["zero\u200Bwidth\uFEFF", "zero\\u200bwidth\\ufeff"],
    ["no-break\u00A0space\u3000", "no-break\\u00a0space\\u3000"],
    ["lone \uD800 half", "lone \\ud800 half"],
    ["\u{E0041}tag", "\\udb40\\udc41tag"],
    ["\r\n\t\0\u007F\u009B", "\\r\\n\\t\\u0000\\u007f\\u009b"],
    ["plain ünïcödé 数据 👩 \u05D0\u05D1", "plain ünïcödé 数据 👩 \u05D0\u05D1"],
  ])("shows what cannot be seen: %j", (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  test("keeps lines and tabs of a block", () => {
    expect(visibleBlock("a\r\n\tb\u0007\rc")).toBe("a\n\tb\\u0007\\u000dc");
  });

  test("shows apart what looks the same, and nothing else as codes", () => {
    expect(visiblePair("数据 caf\u00E9!", "数据 cafe\u0301!")).toEqual(["数据 caf\\u00e9!", "数据 cafe\\u0301!"]);
    expect(visiblePair("p\u0430ypal", "paypal")).toEqual(["p\\u0430ypal", "paypal"]);
    expect(visiblePair("привет", "мир")).toEqual(["привет", "мир"]);
    expect(visiblePair("naïve", "native")).toEqual(["naïve", "native"]);
  });

  test("is measured in the columns of a terminal", () => {
    expect(["abc", "数据", "e\u0301", "👩"].map(displayWidth)).toEqual([3, 4, 1, 2]);
  });

  test("is cut to columns, at either end or around a difference", () => {
    expect(clip("数据数据", 5)).toBe("数据…");
    expect(clip("short", 5)).toBe("short");
    expect(clipStart("tests/a.test.ts > name", 10)).toBe("…ts > name");
    const [one, other] = clipPair(`${"x".repeat(100)}A${"y".repeat(100)}`, `${"x".repeat(100)}B${"y".repeat(100)}`, 20);
    expect([one, other]).toEqual(["…xxxxxxAyyyyyyyyyyy…", "…xxxxxxByyyyyyyyyyy…"]);
    expect(nearDifference("short", "shirt", 100)).toEqual(["short", "shirt"]);
    expect(nearDifference("x".repeat(5000), `${"x".repeat(4000)}y`, 12)).toEqual(["…xxxxxxxxxxxx…", "…xxxxy"]);
  });

  test("is wrapped at spaces", () => {
    expect(wrapText("one two three", 8)).toEqual(["one two", "three"]);
    expect(wrapText("http://a-long-address/ x", 8)).toEqual(["http://a-long-address/", "x"]);
  });
});

describe("numbers for people", () => {
  test.each([
    [0, "0"],
    [1, "1"],
    [0.5, "0.5"],
    [2.4999e-7, "2.5e-7"],
    [5_404_319_552_844_594, "5.4e15"],
    [999_999, "1e6"],
    [123_456, "123000"],
    [0.001234, "0.00123"],
    [Number.POSITIVE_INFINITY, "Infinity"],
  ])("have three digits as sizes: %d", (value, shown) => {
    expect(threeDigits(value)).toBe(shown);
  });

  test.each([
    ["0.1", "0.1"],
    ["1.50", "1.50"],
    ["0.30000000000000004", "0.30000000000000004"],
    ["0.1000000000000000055511151231257827", "0.1"],
    ["9007199254740993", "9007199254740993"],
    ["123456789012345678901234567890", "123456789012345678901234567890"],
    ["-0.0", "-0.0"],
    ["1e400", "1e400"],
    [`"text"`, `"text"`],
  ])("are shown so that no difference hides: %s", (text, shown) => {
    expect(numberText(text)).toBe(shown);
  });

  test("say how far apart, and how far is allowed", () => {
    expect(deltaText({ abs: 1, rel: 0.5, ulp: 4 })).toBe("abs 1 · rel 0.5 · ulp 4");
    expect(toleranceText({ abs: 1e-6, rel: 1e-9 })).toBe("abs 1e-6, rel 1e-9");
    expect(toleranceText({ exact: true })).toBe("exact");
  });

  test("never round a share up to all or down to nothing", () => {
    expect([percent(0, 5), percent(1, 1_000_000), percent(999_999, 1_000_000), percent(5, 5), percent(0, 0)]).toEqual([
      0, 1, 99, 100, 0,
    ]);
  });

  test("have separators and units", () => {
    expect([groupDigits(1_234_567), groupDigits(999)]).toEqual(["1,234,567", "999"]);
    expect([duration(3.2), duration(1130), duration(65_000), duration(125_000)]).toEqual([
      "3 ms",
      "1.1 s",
      "65.0 s",
      "2 min 5 s",
    ]);
  });
});
