import { describe, expect, test } from "tallyml";
import { type Features, process, queries, randomFrom } from "./sqli.ts";

const alphabet =
  "select|UNION|Null|or|and|sleep|x|42|'|\"|`|--|/*|*/|#| |\t|\n|\u00a0|é|😀|e\u0301|日|=|<|>|!|&|(|)|;|%27|%|_|-|A|z|0".split(
    "|",
  );

/** Forty queries of one to thirty parts; the same ones for the same seed. */
function generated(seed: number): string[] {
  const random = randomFrom(seed);
  const pick = (): string => alphabet[Math.floor(random() * alphabet.length)] ?? "";
  return Array.from({ length: 40 }, () => Array.from({ length: 1 + Math.floor(random() * 30) }, pick).join(""));
}

/** Asks for all generated queries and checks each answer against its query. */
async function forAll(seed: number, check: (query: string, answer: Features) => void): Promise<void> {
  const texts = generated(seed);
  for (const [i, answer] of (await process(queries(texts))).entries()) check(texts[i] ?? "", answer);
}

describe("for any query", () => {
  test("length is the number of code points", async () => {
    await forAll(1, (query, answer) => expect([query, answer.length]).toEqual([query, Array.from(query).length]));
  });

  test("counts of single characters are what a loop counts", async () => {
    const times = (query: string, marks: string): number => Array.from(query).filter((c) => marks.includes(c)).length;
    await forAll(2, (query, answer) => {
      expect([query, answer.quotes]).toEqual([query, times(query, "'\"`")]);
      expect([query, answer.operators]).toEqual([query, times(query, "=<>!|&")]);
      expect([query, answer.parentheses]).toEqual([query, times(query, "()")]);
      expect([query, answer.semicolons]).toEqual([query, times(query, ";")]);
    });
  });

  test("null, keywords and logic words are words, and no word is two of them", async () => {
    await forAll(3, (query, answer) => {
      expect(answer.null_values + answer.keywords + answer.logic_words, query).toBeLessThanOrEqual(answer.words);
    });
  });

  test("the longest word fits into the query and is there when there are words", async () => {
    await forAll(4, (query, answer) => {
      expect(answer.longest_word, query).toBeLessThanOrEqual(answer.length);
      expect(answer.longest_word > 0, query).toBe(answer.words > 0);
    });
  });

  test("entropy lies between 0 and log2 of the length", async () => {
    await forAll(5, (query, answer) => {
      expect(answer.entropy, query).toBeGreaterThanOrEqual(0);
      expect(answer.entropy, query).toBeLessThanOrEqual(Math.log2(answer.length) + 1e-9);
    });
  });

  test("the quote style is none exactly when there is no quote", async () => {
    await forAll(6, (query, answer) => {
      expect(answer.quote_style === "none", query).toBe(answer.quotes === 0);
    });
  });

  test("shares lie between 0 and 1, percentages between 0 and 100", async () => {
    await forAll(7, (query, answer) => {
      for (const share of [answer.special_share, answer.uppercase_share, (answer.digit_percent ?? 0) / 100]) {
        expect(share === null || (share >= 0 && share <= 1), query).toBe(true);
      }
    });
  });

  test("a query written twice with a space between has twice the words and marks", async () => {
    const texts = generated(8);
    const once = await process(queries(texts));
    const twice = await process(queries(texts.map((query) => `${query} ${query}`)));
    for (const [i, answer] of twice.entries()) {
      const half = once[i];
      expect(answer).toTally({
        length: 2 * (half?.length ?? 0) + 1,
        words: 2 * (half?.words ?? 0),
        null_values: 2 * (half?.null_values ?? 0),
        keywords: 2 * (half?.keywords ?? 0),
        quotes: 2 * (half?.quotes ?? 0),
        parentheses: 2 * (half?.parentheses ?? 0),
      });
    }
  });

  test("turning the letters around does not change the case-blind counts", async () => {
    const texts = generated(9);
    const upper = await process(queries(texts.map((query) => query.replaceAll(/[a-z]/g, (c) => c.toUpperCase()))));
    const lower = await process(queries(texts.map((query) => query.replaceAll(/[A-Z]/g, (c) => c.toLowerCase()))));
    for (const [i, answer] of upper.entries()) {
      const { uppercase_share: _u, entropy: _e, tautology: _t, ...counts } = answer;
      expect(lower[i]).toTally(counts);
    }
  });
});
