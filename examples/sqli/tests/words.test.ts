import { describe, expect, test } from "tallyml";
import { process, queries } from "./sqli.ts";

const keywords =
  "alter case create declare delete drop exec execute from group having information_schema insert into join limit offset order " +
  "procedure select sysobjects table truncate union update values waitfor when where xp_cmdshell";
const logicWords = "all and between exists in is like not or regexp rlike xor";
const functions =
  "ascii benchmark cast char chr concat convert count database elt extractvalue hex if ifnull iif length load_file make_set mid " +
  "nullif ord pg_sleep rand row sleep substr substring updatexml user version";

describe("the vocabulary", () => {
  test.each(keywords.split(" "))("%s is a keyword", async (word) => {
    const answers = await process(queries([word, word.toUpperCase(), `x${word}`, `${word}_1`]));
    expect(answers.map((answer) => answer.keywords)).toEqual([1, 1, 0, 0]);
  });

  test.each(logicWords.split(" "))("%s is a logic word", async (word) => {
    const answers = await process(queries([word, word.toUpperCase(), `${word}9`]));
    expect(answers.map((answer) => answer.logic_words)).toEqual([1, 1, 0]);
  });

  test.each(functions.split(" "))("%s( is a function call", async (word) => {
    const answers = await process(queries([`${word}(`, `${word.toUpperCase()} (`, word, `my_${word}(`]));
    expect(answers.map((answer) => answer.function_calls)).toEqual([1, 1, 0, 0]);
  });

  test("words that only look like keywords are none", async () => {
    const query = "selection reunion ordered tables upset whereas fromage outlast";
    expect(await process({ query })).toTally({ keywords: 0, logic_words: 0, words: 8 });
  });
});

describe("what a word is", () => {
  test.each([
    ["", 0, 0],
    ["...", 0, 0],
    ["one", 1, 3],
    ["snake_case is one", 3, 10],
    ["kebab-case is two", 4, 5],
    ["x1y2", 1, 4],
    ["naïve", 2, 2],
    ["日本 a", 1, 1],
    ["_", 1, 1],
  ])("%j: %d words, the longest has %d characters", async (query, words, longest) => {
    expect(await process({ query })).toTally({ words, longest_word: longest });
  });

  test("a letter beyond ASCII ends a word, and with it a keyword", async () => {
    expect(await process({ query: "select\u00e9 \u00fcnion" })).toTally({ keywords: 1, words: 2 });
  });

  test("the Kelvin sign is no k and the long s is no s", async () => {
    expect(await process({ query: "li\u212ae \u017felect wa\u0131tfor" })).toTally({ keywords: 0, logic_words: 0 });
  });

  test("function calls allow ASCII whitespace before the parenthesis, and nothing else", async () => {
    const texts = ["sleep(1)", "sleep (1)", "sleep\t\n(1)", "sleep/**/(1)", "sleep\u00a0(1)", "sleep\u3000(1)"];
    const answers = await process(queries(texts));
    expect(answers.map((answer) => answer.function_calls)).toEqual([1, 1, 1, 0, 0, 0]);
  });
});
