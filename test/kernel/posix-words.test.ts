import { expect, test } from "vitest";
import { posixWords } from "../../src/kernel/posix-words.ts";

test.each([
  ["./build/model --flag", ["./build/model", "--flag"]],
  ["  a\t b\n", ["a", "b"]],
  ["a 'b c' d", ["a", "b c", "d"]],
  [`a"b c"'d'e`, ["ab cde"]],
  [`a '' ""`, ["a", "", ""]],
  [String.raw`a\ b \'`, ["a b", "'"]],
  [String.raw`"a\"b\n\$\\"`, [String.raw`a"b\n$\ `.trim()]],
  [String.raw`'a\b'`, [String.raw`a\b`]],
  ["a\\\nb", ["ab"]],
  ["$HOME *.txt | x; y > z", ["$HOME", "*.txt", "|", "x;", "y", ">", "z"]],
  ["", []],
])("%j is %j", (text, words) => {
  expect(posixWords(text)).toEqual(words);
});

test.each([
  ["a 'b", "the ' at character 3 is never closed"],
  ['"a\\"', 'the " at character 1 is never closed'],
  ["a\\", "it ends in a backslash"],
])("%j is no list of words", (text, reason) => {
  expect(posixWords(text)).toEqual({ reason });
});
