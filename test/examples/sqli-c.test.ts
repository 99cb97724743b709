import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildExample, type BuiltExample, complaints, expectAgreement } from "./built-example.ts";
import { missingOf } from "./toolchain.ts";

const missing = missingOf(["cc", "make"], ["microhttpd.h"]);

describe.skipIf(missing !== undefined)(`the example in C${missing === undefined ? "" : ` (${missing})`}`, () => {
  let example: BuiltExample;

  beforeAll(() => {
    example = buildExample("make", ["--silent", "-C", "production-c"]);
  }, 120_000);
  afterAll(() => example?.remove());

  test("the program on standard input answers as the connector does", { timeout: 60_000 }, async () => {
    expectAgreement(await example.judge({ command: "production-c/build/sqli-stdio" }));
  });

  test("so does the server", { timeout: 60_000 }, async () => {
    expectAgreement(await example.judge({ start: "production-c/build/sqli-http PORT" }));
  });

  test.each([
    ["on standard input", { command: "production-c/build/first-attempt-stdio" }],
    ["over HTTP", { start: "production-c/build/first-attempt-http PORT" }],
  ])("each mistake of the first attempt is noticed %s", { timeout: 60_000 }, async (_, endpoint) => {
    const told = await example.judge(endpoint);
    expect([told.exit, told.ended.error]).toEqual([1, 0]);
    expect({
      "bytes for characters": complaints(told, `"日本語" has 3`),
      "an end at NUL": complaints(told, String.raw`"a\u0000b" has 3`),
      "words in 32 bytes": complaints(told, "a single word of 40,000 letters is one word"),
      "strncasecmp up to the keyword's end": complaints(told, "words that only look like keywords are none"),
      "strstr one character further": complaints(told, `"---" has 1`),
      "%2x": complaints(told, `"%2" has 0`),
      "integer division": complaints(told, `"11a" has 67`),
      "0 for null": complaints(told, "a number has no letters, so no share of them in upper case"),
      ispunct: complaints(told, "every ASCII punctuation mark but the underscore is special"),
      "%f": complaints(told, "a skewed text has what the formula gives"),
    }).toMatchInlineSnapshot(`
      {
        "%2x": "fail: percent_escapes 0 → 1",
        "%f": "fail: entropy 0.8112781244591328 → 0.811278",
        "0 for null": "fail: uppercase_share null → 0",
        "an end at NUL": "fail: length 3 → 1",
        "bytes for characters": "fail: length 3 → 9",
        "integer division": "fail: digit_percent 67 → 66",
        "ispunct": "fail: special_share 0.96875 → 1",
        "strncasecmp up to the keyword's end": "fail: keywords 0 → 5, logic_words 0 → 1",
        "strstr one character further": "fail: comment_marks 1 → 2",
        "words in 32 bytes": "fail: longest_word 40000 → 31",
      }
    `);
    const parting = told.ended.board.filter(({ agree, compared }) => agree < compared);
    expect(parting.map(({ field }) => field)).toMatchInlineSnapshot(`
      [
        "length",
        "words",
        "longest_word",
        "keywords",
        "logic_words",
        "function_calls",
        "comment_marks",
        "percent_escapes",
        "tautology",
        "entropy",
        "digit_percent",
        "special_share",
        "uppercase_share",
        "is_injection",
        "score",
      ]
    `);
    // Where char is unsigned (on ARM), this mistake is none.
    if (process.arch === "x64") {
      expect(complaints(told, `"1\u00a0=\u00a01" is none`)).toBe("fail: tautology false → true");
    }
  });
});
