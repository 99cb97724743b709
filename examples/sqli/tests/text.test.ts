import { describe, expect, test } from "tallyml";
import { inference, process } from "./sqli.ts";

describe("length counts code points", () => {
  test.each([
    ["", 0],
    ["abc", 3],
    ["é", 1],
    ["e\u0301", 2],
    ["😀", 1],
    ["👩‍👩‍👧‍👦", 7],
    ["日本語", 3],
    ["\u{10ffff}", 1],
    ["a\u0000b", 3],
    ["\ufeffa", 2],
  ])("%j has %d", async (query, length) => {
    expect(await process({ query })).toTally({ length });
  });
});

describe("nothing is trimmed or normalised", () => {
  test.each([
    ["  tea  ", 7],
    ["\ttea", 4],
    ["tea\n", 4],
    ["\u00a0tea", 4],
    ["   ", 3],
  ])("%j keeps its whitespace: %d characters", async (query, length) => {
    expect(await process({ query })).toTally({ length });
  });

  test("composed and decomposed letters stay different", async () => {
    const [composed, decomposed] = await process([{ query: "caf\u00e9" }, { query: "cafe\u0301" }]);
    expect(composed).toTally({ length: 4, longest_word: 3 });
    expect(decomposed).toTally({ length: 5, longest_word: 4 });
  });
});

describe("odd input is answered like any other", () => {
  test("the empty query has features", { tags: ["smoke"] }, async () => {
    expect(await process({ query: "" })).toTally({
      length: 0,
      words: 0,
      longest_word: 0,
      quote_style: "none",
      entropy: 0,
    });
  });

  test("the empty query has a score, with the missing features filled in", async () => {
    expect(await inference({ query: "" })).toTally({ is_injection: false, score: 0.088016344 });
  });

  test("a very long query is measured to its end", async () => {
    const query = `${"lorem ipsum ".repeat(5_000)}' OR 1=1`;
    expect(await process({ query })).toTally({
      length: 60_008,
      words: 10_003,
      tautology: true,
      unbalanced_quotes: true,
    });
  });

  test("a single word of 40,000 letters is one word", async () => {
    const query = "w".repeat(40_000);
    expect(await process({ query })).toTally({ words: 1, longest_word: 40_000, entropy: 0 });
    expect(await inference({ query })).toTally({ is_injection: false });
  });

  test("a lone half of a surrogate pair is one character", async () => {
    expect(await process({ query: "a\ud800b" })).toTally({ length: 3, words: 2 });
  });

  test("quotes, backslashes and line ends survive the way to the model", async () => {
    const query = 'a"b\\c\r\nd\u2028e';
    expect(await process({ query })).toTally({ length: 10, quotes: 1, words: 5 });
  });
});
