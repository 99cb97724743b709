import { describe, expect, test } from "tallyml";
import { process } from "./sqli.ts";

describe("quotes", () => {
  test.each([
    ["plain", 0, "none", false],
    ["it's", 1, "single", true],
    ["'it'", 2, "single", false],
    ['say "hi"', 2, "double", false],
    ['5" pipe', 1, "double", true],
    ["`name`", 2, "backtick", false],
    ["`name", 1, "backtick", false],
    [`'a' "b"`, 4, "mixed", false],
    [`'a "b`, 2, "mixed", true],
    ["‘curly’ “quotes”", 0, "none", false],
    ["''''", 4, "single", false],
  ] as const)("%j: %d, %s, unbalanced %j", async (query, quotes, style, unbalanced) => {
    expect(await process({ query })).toTally({ quotes, quote_style: style, unbalanced_quotes: unbalanced });
  });
});

describe("comment marks are found from left to right without overlap", () => {
  test.each([
    ["--", 1],
    ["---", 1],
    ["----", 2],
    ["- -", 0],
    ["# one # two", 2],
    ["/* a */", 2],
    ["/*/", 1],
    ["/**/", 2],
    ["*/*", 1],
    ["/*!50000 x*/", 2],
    ["http://example.org", 0],
    ["–— em dashes", 0],
  ])("%j has %d", async (query, count) => {
    expect(await process({ query })).toTally({ comment_marks: count });
  });
});

describe("single characters", () => {
  test("operators, parentheses and semicolons are counted one by one", async () => {
    expect(await process({ query: "(a<>b)&&(c!=d)||e>=f;;" })).toTally({
      operators: 10,
      parentheses: 4,
      semicolons: 2,
    });
  });

  test("full-width marks are none of them", async () => {
    const nothing = { quotes: 0, operators: 0, parentheses: 0, semicolons: 0, special_share: 0 };
    expect(await process({ query: "＇＝（）；" })).toTally(nothing);
  });
});

describe("percent escapes are counted and not decoded", () => {
  test("an escaped quote is no quote", async () => {
    expect(await process({ query: "plum%27s" })).toTally({ percent_escapes: 1, quotes: 0, length: 8 });
  });

  test.each([
    ["%2", 0],
    ["%%41", 1],
    ["%4%41", 1],
    ["%2527", 1],
    ["%zz %aF %Af", 2],
    ["100% sure", 0],
  ])("%j has %d", async (query, count) => {
    expect(await process({ query })).toTally({ percent_escapes: count });
  });

  test("a malformed escape beside a good one changes nothing", async () => {
    expect(await process({ query: "%41%" })).toTally({ percent_escapes: 1, length: 4 });
  });
});

describe("tautology", () => {
  test.each([
    "1=1",
    "lamp=lamp",
    "x or 8 = 8",
    "zebra' OR 'kiwi'='kiwi",
    `"fern"="fern`,
    "'a'\t=\n'a'",
    "3=30 or 4=4",
    "'1=1",
  ])("%j is one", async (query) => {
    expect(await process({ query })).toTally({ tautology: true });
  });

  test.each(["1=2", "1='1'", "a=A", "1=10", "11=1", "'a'=\"a\"", "1==1", "1\u00a0=\u00a01", "`a`=`a`", "x'='x", ""])(
    "%j is none",
    async (query) => {
      expect(await process({ query })).toTally({ tautology: false });
    },
  );

  test("the answer for one query does not depend on the queries before it", async () => {
    const answers = await process(Array.from({ length: 12 }, () => ({ query: "kiwi=kiwi" })));
    expect(answers.map((answer) => answer.tautology)).toEqual(Array.from({ length: 12 }, () => true));
  });
});
