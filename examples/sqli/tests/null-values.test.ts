import { describe, expect, test } from "tallyml";
import { inference, process } from "./sqli.ts";

const probe = "1' UNION SELECT NULL, null -- ";

describe("the probe with two nulls", () => {
  test("null_values is 2", { tags: ["smoke"] }, async () => {
    expect(await process({ query: probe })).toTally({ null_values: 2 });
  });

  test("it is recognised as an injection", { tags: ["smoke"] }, async () => {
    expect(await inference({ query: probe })).toTally({ is_injection: true });
  });

  test("its space after the comment mark belongs to the query", async () => {
    expect(await process({ query: probe })).toTally({ length: 30 });
  });
});

describe("null_values counts whole words, in any case", () => {
  test.each([
    ["null", 1],
    ["Null, NULL, nUlL", 3],
    ["(null)", 1],
    ["null,null,null", 3],
    ["null/**/null", 2],
    ["x=null;y=null", 2],
    ["is\tnull\nor\u00a0null", 2],
    ["nullé", 1],
    ["null-safe", 1],
  ])("%j has %d", async (query, count) => {
    expect(await process({ query })).toTally({ null_values: count });
  });

  test.each(["nullable", "nullif(1,2)", "not_null", "null1", "nu ll", "nulll", "ɴᴜʟʟ", "nul", "%6eull"])(
    "%j has none",
    async (query) => {
      expect(await process({ query })).toTally({ null_values: 0 });
    },
  );

  test("a column list of nulls is counted to its end", async () => {
    const query = `0 UNION SELECT ${Array.from({ length: 24 }, () => "NULL").join(",")}`;
    expect(await process({ query })).toTally({ null_values: 24, words: 27 });
  });

  test("null is no keyword and no logic word", async () => {
    expect(await process({ query: "null NULL" })).toTally({ null_values: 2, keywords: 0, logic_words: 0, words: 2 });
  });
});
