import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildExample, type BuiltExample, complaints, expectAgreement } from "./built-example.ts";
import { missingOf } from "./toolchain.ts";

const missing = missingOf(["mvn", "javac"]);
const jar = "production-java/target/sqli-filter.jar";
const faithful = `-jar ${jar} PORT`;
const firstAttempt = `-cp ${jar} org.example.sqli.firstattempt.FirstAttemptServer PORT`;
const turkish = "-Duser.language=tr -Duser.country=TR";

/** 17 of `javac 17.0.15`. */
function jdkVersion(): number {
  return Number(/\d+/.exec(execFileSync("javac", ["-version"], { encoding: "utf8" }))?.[0]);
}

describe.skipIf(missing !== undefined)(`the example in Java${missing === undefined ? "" : ` (${missing})`}`, () => {
  let example: BuiltExample;

  beforeAll(() => {
    example = buildExample("mvn", ["-q", "-B", "-f", "production-java/pom.xml", "package"]);
  }, 300_000);
  afterAll(() => example?.remove());

  test("the server answers as the connector does, wherever it stands", { timeout: 60_000 }, async () => {
    expectAgreement(await example.judge({ start: `java ${turkish} ${faithful}` }));
  });

  test("each mistake of the first attempt is noticed", { timeout: 60_000 }, async () => {
    const told = await example.judge({ start: `java -Duser.language=en ${firstAttempt}` });
    expect([told.exit, told.ended.error]).toEqual([1, 0]);
    expect({
      "UTF-16 units": complaints(told, `"😀" has 1`),
      "split leaves an empty word": complaints(told, `"": 0 words, the longest has 0 characters`),
      "Character.isWhitespace": complaints(
        told,
        "function calls allow ASCII whitespace before the parenthesis, and nothing else",
      ),
      "a stack frame for each character": complaints(told, "a single word of 40,000 letters is one word"),
      "a float": complaints(told, "a skewed text has what the formula gives"),
      "Math.round": complaints(told, `"1aaaaaaa" has 12`),
      "Character.isDigit": complaints(told, `"٣٤" has 0`),
      "Character.isLetter": complaints(told, "letters beyond ASCII are no letters here"),
      "no null in a double": complaints(told, "a query without letters is scored with the mean uppercase_share"),
    }).toMatchInlineSnapshot(`
      {
        "Character.isDigit": "fail: digit_percent 0 → 100",
        "Character.isLetter": "fail: uppercase_share null → 1",
        "Character.isWhitespace": "fail: expected [ 1, 1, 1, +0, +0, 1 ] to deeply equal [ 1, 1, 1, +0, +0, +0 ]",
        "Math.round": "fail: digit_percent 12 → 13",
        "UTF-16 units": "fail: length 1 → 2",
        "a float": "fail: entropy 0.8112781244591328 → 0.8112781047821045",
        "a stack frame for each character": "fail: OperationError: process answered StackOverflowError: ",
        "no null in a double": "fail: score 0.07795886 → "NaN"",
        "split leaves an empty word": "fail: words 0 → 1",
      }
    `);
    expect(complaints(told, "the Kelvin sign is no k and the long s is no s")).toContain("logic_words 0 → 1");
    // JDK 19 made \b what \w says; until then, a keyword before é had no end.
    const early = complaints(told, "a letter beyond ASCII ends a word, and with it a keyword");
    expect(early).toBe(jdkVersion() < 19 ? "fail: keywords 1 → 0" : "pass");
    expect(complaints(told, "if( is a function call")).toBe("pass");
  });

  test("a lower case that depends on the machine is noticed on that machine", { timeout: 60_000 }, async () => {
    const told = await example.judge({ start: `java ${turkish} ${firstAttempt}` });
    expect([told.exit, told.ended.error]).toEqual([1, 0]);
    expect(complaints(told, "if( is a function call")).toMatchInlineSnapshot(
      `"fail: expected [ 1, +0, +0, +0 ] to deeply equal [ 1, 1, +0, +0 ]"`,
    );
  });
});
