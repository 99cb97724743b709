import { describe, expect, test } from "tallyml";
import { inference, queries } from "./sqli.ts";

describe("attacks of every common kind are recognised", { tags: ["smoke"] }, () => {
  test.each([
    ["a union", "9 UNION ALL SELECT title, price FROM garden_tools"],
    ["a tautology behind a quote", "zebra' OR 'kiwi'='kiwi"],
    ["a bare tautology", "12 OR 12=12 #"],
    ["double quotes", 'kettle" AND "fern"="fern'],
    ["parentheses to close", "lamp') OR ('moss'='moss"],
    ["a subquery", "5 AND (SELECT COUNT(*) FROM ledger) > 3"],
    ["a delay", "x' AND SLEEP(4) AND 'q'='q"],
    ["a delay of SQL Server", "0' WAITFOR DELAY '0:0:7' --"],
    ["one character at a time", "4 AND ASCII(SUBSTRING((SELECT name FROM orchard LIMIT 1),1,1))>77"],
    ["an error that speaks", "8' AND extractvalue(6, concat(0x7e, version())) -- x"],
    ["a second statement", "5;INSERT INTO pottery VALUES(1,2)"],
    ["a command", "moth'; EXEC xp_cmdshell 'dir'; --"],
    ["a column count", "3 ORDER BY 17--"],
    ["comments for spaces", "8/**/union/**/select/**/maker/**/from/**/kettles"],
    ["a cut-off condition", "birch' --"],
    ["backticks", "`birch` OR `birch`=`birch`"],
    ["URL-encoding", "%27%20OR%20%27fox%27%3D%27fox"],
  ])("%s", async (_kind, query) => {
    expect(await inference({ query })).toTally({ is_injection: true });
  });
});

describe("what people type is let pass", { tags: ["smoke"] }, () => {
  test.each([
    "Anna-Lena Ström",
    "O'Brien",
    "fish & chips for 4",
    "2026-11-22",
    "please call me back at noon",
    "ana.lopez@example.org",
    "https://example.org/a?b=c",
    "C++ (3rd edition)",
    "Tom & Jerry; season 2",
    "Null Island",
    "50% off",
    "東京都",
    "naïve café",
    "0",
    "",
    " ",
    "5 * (3 + 4)",
    "x = y",
  ])("%j", async (query) => {
    expect(await inference({ query })).toTally({ is_injection: false });
  });
});

describe("words of SQL in ordinary text", { level: "recommended" }, () => {
  test.each(["union station", "Bring your own cup", "table for two", "insert coin", "from A to B", "tea -- green"])(
    "%j is let pass",
    async (query) => {
      expect(await inference({ query })).toTally({ is_injection: false });
    },
  );
});

// Production has to share the weaknesses: whoever silently repairs one has built another model.
describe("known weaknesses of this version are reproduced", () => {
  test.each([
    "Where is the library?",
    "Drop the table by the window and call me when it's done",
    "Select a seat, or order tickets for the group",
    "user(s)",
  ])("%j is taken for an attack", async (query) => {
    expect(await inference({ query })).toTally({ is_injection: true });
  });
});

describe("close to the threshold the side is kept", () => {
  test.each([
    ["select 2", true],
    ["order 12", true],
    ["order 1", false],
    ["red chairs UNION SELECT NULL", false],
    ["#1 fan", false],
    ["#sunset", false],
  ])("%j: %j", async (query, injection) => {
    const answer = await inference({ query });
    expect(answer).toTally({ is_injection: injection });
    expect(Math.abs(answer.score - 0.5)).toBeLessThan(0.02);
  });
});

test("a mixed batch keeps its order", async () => {
  const answers = await inference(queries(["cherry tart", "cherry tart' OR 'x'='x", "apple", "12 OR 12=12 #"]));
  expect(answers.map((answer) => answer.is_injection)).toEqual([false, true, false, true]);
});
