import { describe, expect, test } from "tallyml";
import { inference, process, queries, randomFrom } from "./sqli.ts";

const various = [
  "1' UNION SELECT NULL, null -- ",
  "",
  "4711",
  "kiwi=kiwi",
  "😀' OR '😀'='😀",
  "  padded  ",
  "%27 or %27",
  "Where is the library?",
  "null\u00a0(null)",
  "O'Brien",
];

describe("one record or many", () => {
  test("a batch says of each record what a call of its own says", async () => {
    const batch = await process(queries(various));
    const single = await Promise.all(various.map((query) => process({ query })));
    expect(batch).toTally(single);
  });

  test("so does inference", async () => {
    const batch = await inference(queries(various));
    const single = await Promise.all(various.map((query) => inference({ query })));
    expect(batch).toTally(single);
  });

  test("the order of a batch does not matter", async () => {
    const forwards = await inference(queries(various));
    const backwards = await inference(queries(various.toReversed()));
    expect(backwards.toReversed()).toTally(forwards);
  });

  test("the same query many times has the same answer every time", async () => {
    const answers = await process(Array.from({ length: 50 }, () => ({ query: "pear' OR 3=3" })));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });

  test("an empty batch has an empty answer", async () => {
    expect(await process([])).toEqual([]);
  });

  test("five hundred records come back in order", async () => {
    const answers = await process(Array.from({ length: 500 }, (_, i) => ({ query: "q".repeat(i) })));
    expect(answers.map((answer) => answer.length)).toEqual(Array.from({ length: 500 }, (_, i) => i));
  });
});

describe("score and label", () => {
  test("the label is the score held against one half", async () => {
    const random = randomFrom(7);
    const parts = ["tea", "'", " or ", "1=1", "select ", "from ", " -- ", "(", "cup ", "9"];
    const texts = Array.from({ length: 120 }, () =>
      Array.from({ length: 1 + Math.floor(random() * 6) }, () => parts[Math.floor(random() * parts.length)]).join(""),
    );
    for (const answer of await inference(queries(texts))) {
      expect(answer.score).toBeGreaterThan(0);
      expect(answer.score).toBeLessThanOrEqual(1);
      expect(answer.is_injection).toBe(answer.score >= 0.5);
    }
  });

  test("equal features give equal scores", async () => {
    const pair = ["acts' or 4=4", "cats' or 7=7"];
    const features = await process(queries(pair));
    expect(features[1]).toEqual(features[0]);
    const [one, other] = await inference(queries(pair));
    expect(other).toTally({ score: one?.score });
  });

  test("a query without letters is scored with the mean uppercase_share", async () => {
    expect(await inference({ query: "4711" })).toTally({ score: 0.07795886 });
  });
});
