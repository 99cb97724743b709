import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { editDistance, nearest } from "../../src/kernel/nearest.ts";

describe("the nearest word", () => {
  test.each([
    ["entropi", ["score", "entropy"], "entropy"],
    ["nullValues", ["entropy", "null_values"], "null_values"],
    ["is-injection", ["is_injection"], "is_injection"],
    ["SCORE", ["scores", "score"], "score"],
    ["socre", ["source", "score"], "score"],
    ["scroe", ["entropy"], undefined],
    ["ab", ["cd"], undefined],
    ["a", ["b"], undefined],
    ["rel", ["abs", "rell"], "rell"],
    ["same", ["same"], undefined],
    ["", ["a"], undefined],
    ["__proto__", ["proto"], "proto"],
  ])("of %j among %j is %j", (word, candidates, found) => {
    expect(nearest(word, candidates)).toBe(found);
  });

  test("of two equally near is the first", () => {
    expect(nearest("scora", ["score", "scorb"])).toBe("score");
  });

  test("of a very long word is found only by its letters", () => {
    const long = "x".repeat(100_000);
    expect(nearest(long, [`${long}y`, long.toUpperCase()])).toBe(long.toUpperCase());
  });
});

describe("the edit distance", () => {
  test("counts a swap of neighbours as one edit", () => {
    expect([editDistance("ab", "ba"), editDistance("kitten", "sitting"), editDistance("", "abc")]).toEqual([1, 3, 3]);
  });

  const word = fc.string({ maxLength: 8, unit: fc.constantFrom("a", "b", "c") });

  test("is symmetric, zero only for the same word, and at most the longer length", () => {
    fc.assert(
      fc.property(word, word, (from, to) => {
        const distance = editDistance(from, to);
        expect(distance).toBe(editDistance(to, from));
        expect(distance === 0).toBe(from === to);
        expect(distance).toBeLessThanOrEqual(Math.max(from.length, to.length));
        expect(distance).toBeGreaterThanOrEqual(Math.abs(from.length - to.length));
      }),
    );
  });
});
