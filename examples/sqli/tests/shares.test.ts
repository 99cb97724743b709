import { approx, describe, expect, test } from "tallyml";
import { process } from "./sqli.ts";

describe("entropy, in bits a character", () => {
  test.each([
    ["", 0],
    ["z", 0],
    ["zzzzzz", 0],
    ["ab", 1],
    ["aabb", 1],
    ["abcd", 2],
    ["abcdefgh", 3],
  ])("%j has %d", async (query, bits) => {
    expect(await process({ query })).toTally({ entropy: bits });
  });

  test("a skewed text has what the formula gives", async () => {
    expect(await process({ query: "aaab" })).toTally({ entropy: 0.75 * Math.log2(4 / 3) + 0.25 * 2 });
  });

  test("an ordinary word has about 2.32 bits", async () => {
    expect(await process({ query: "lemon" })).toTally({ entropy: approx(2.32, { abs: 0.01 }) });
  });

  test("an emoji is one character, not two halves", async () => {
    expect(await process({ query: "😀😀🎈🎈" })).toTally({ entropy: 1, length: 4 });
  });
});

describe("digit_percent is rounded, a half to the even number", () => {
  test.each([
    ["1aaaaaaa", 12],
    ["111aaaaa", 38],
    ["11111aaa", 62],
    ["1111111a", 88],
    ["1aa", 33],
    ["11a", 67],
    ["2026", 100],
    ["none", 0],
    ["٣٤", 0],
    [`1${"a".repeat(39)}`, 2],
    [`1${"a".repeat(199)}`, 0],
    [`111${"a".repeat(197)}`, 2],
  ])("%j has %d", async (query, percent) => {
    expect(await process({ query })).toTally({ digit_percent: percent });
  });
});

describe("what there is no share of is null, not zero", () => {
  test("the empty query has neither digits nor punctuation nor letters", async () => {
    expect(await process({ query: "" })).toTally({ digit_percent: null, special_share: null, uppercase_share: null });
  });

  test("a number has no letters, so no share of them in upper case", async () => {
    expect(await process({ query: "4711" })).toTally({ uppercase_share: null, digit_percent: 100, special_share: 0 });
  });

  test("letters beyond ASCII are no letters here", async () => {
    expect(await process({ query: "ÄÖÜ" })).toTally({ uppercase_share: null, special_share: 0 });
  });

  test("lower case alone is a zero", async () => {
    expect(await process({ query: "quiet" })).toTally({ uppercase_share: 0 });
  });
});

describe("shares", () => {
  test("uppercase_share is of the letters, special_share of all characters", async () => {
    expect(await process({ query: "Ab c!" })).toTally({ uppercase_share: 1 / 3, special_share: 1 / 5 });
  });

  test("every ASCII punctuation mark but the underscore is special", async () => {
    const query = "!\"#$%&'()*+,-./:;<=>?@[\\]^`{|}~_";
    expect(await process({ query })).toTally({ length: 32, special_share: 31 / 32 });
  });

  test("control characters and spaces are not", async () => {
    expect(await process({ query: "\t \n\u0001\u007f" })).toTally({ special_share: 0, length: 5 });
  });
});
