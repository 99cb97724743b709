import { approx, describe, expect, test } from "tallyml";
import { inference, process, queries } from "./sqli.ts";

async function scores(...texts: string[]): Promise<number[]> {
  return (await inference(queries(texts))).map((answer) => answer.score);
}

/** The values, each of which has to be greater than the one before. */
function expectRising(values: readonly number[]): void {
  expect(values).toEqual(values.toSorted((a, b) => a - b));
  expect(new Set(values).size).toBe(values.length);
}

describe("invariance", () => {
  test("the case of keywords changes uppercase_share and nothing else", async () => {
    const [lower, upper] = await process(
      queries([
        "8 union select maker from kettles where a is null",
        "8 UNION SELECT maker FROM kettles WHERE a IS NULL",
      ]),
    );
    expect({ ...upper, uppercase_share: 0, entropy: 0 }).toEqual({ ...lower, uppercase_share: 0, entropy: 0 });
  });

  test("mixed case does not hide an attack", async () => {
    const answers = await inference(
      queries([
        "8 union select maker from kettles",
        "8 UNION SELECT maker FROM kettles",
        "8 UnIoN SeLeCt maker FrOm kettles",
      ]),
    );
    expect(answers.map((answer) => answer.is_injection)).toEqual([true, true, true]);
  });

  test.each(["\t", "\n", "\r", "\v", "\f"])("whitespace %j is as good as a space", async (space) => {
    const query = "8 union select maker from kettles";
    const [plain, other] = await scores(query, query.replaceAll(" ", space));
    expect(other).toEqual(approx(plain ?? Number.NaN, { abs: 1e-9 }));
  });

  test("names and values mean nothing, only their shape does", async () => {
    const [one, other] = await scores("pear' AND SLEEP(4)#", "pear' AND SLEEP(9)#");
    expect(other).toEqual(approx(one ?? Number.NaN, { abs: 1e-9 }));
  });

  test("letters in another order have the same features", async () => {
    const [one, other] = await process(queries(["stone", "notes"]));
    expect(other).toEqual(one);
  });
});

describe("direction: what makes a query more of an attack raises its score", () => {
  test("a union", async () => {
    expectRising(await scores("red chairs", "red chairs UNION SELECT NULL"));
  });

  test("a quote, then a comment mark", async () => {
    expectRising(await scores("garden", "garden'", "garden' --"));
  });

  test("an open condition, then one that is always true", async () => {
    expectRising(await scores("cherry tart", "cherry tart' OR", "cherry tart' OR 'x'='x"));
  });

  test("a tautology in place of an equation", async () => {
    expectRising(await scores("7 OR 7=8", "7 OR 7=7"));
  });

  test("a comment mark after it", async () => {
    expectRising(await scores("7 OR 7=7", "7 OR 7=7 -- "));
  });

  test("a function call in place of a word", async () => {
    expectRising(await scores("13 AND pause(4)", "13 AND sleep(4)"));
  });

  test("parentheses around a subquery", async () => {
    expectRising(await scores("5 > SELECT COUNT FROM ledger", "5 > (SELECT COUNT(*) FROM ledger)"));
  });

  test("plain text, the more the less", async () => {
    expectRising(await scores("please call me back at noon tomorrow", "please call me back", "please"));
  });
});
