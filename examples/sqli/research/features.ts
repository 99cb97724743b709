/**
 * The features of a query. Comes in: a string. Goes out: the fields of `process`, defined one by one in tally.toml.
 *
 * No regular expression here has the flag `u`: with `iu`, \w and [a-z] also match the long s and the Kelvin sign. And
 * whitespace is spelt out, because \s also matches no-break spaces.
 */
import vocabulary from "./vocabulary.json" with { type: "json" };

export type QuoteStyle = "none" | "single" | "double" | "backtick" | "mixed";

/** What `process` answers. */
export interface Features {
  null_values: number;
  length: number;
  words: number;
  longest_word: number;
  keywords: number;
  logic_words: number;
  function_calls: number;
  quotes: number;
  quote_style: QuoteStyle;
  unbalanced_quotes: boolean;
  comment_marks: number;
  operators: number;
  parentheses: number;
  semicolons: number;
  percent_escapes: number;
  tautology: boolean;
  entropy: number;
  digit_percent: number | null;
  special_share: number | null;
  uppercase_share: number | null;
}

const space = "[\\t-\\r ]";
const anyOf = (words: readonly string[], then = ""): RegExp => new RegExp(`\\b(?:${words.join("|")})\\b${then}`, "gi");

const nullWord = anyOf(["null"]);
const keyword = anyOf(vocabulary.keywords);
const logicWord = anyOf(vocabulary.logic_words);
const functionCall = anyOf(vocabulary.functions, `${space}*\\(`);
const tautology = new RegExp(`(['"]?)\\b(\\w+)\\1${space}*=${space}*\\1\\2\\b`);

export function features(query: string): Features {
  const characters = Array.from(query);
  const length = characters.length;
  const words = query.match(/\w+/g) ?? [];
  const upper = count(query, /[A-Z]/g);
  const letters = count(query, /[A-Za-z]/g);
  return {
    null_values: count(query, nullWord),
    length,
    words: words.length,
    longest_word: words.reduce((longest, word) => Math.max(longest, word.length), 0),
    keywords: count(query, keyword),
    logic_words: count(query, logicWord),
    function_calls: count(query, functionCall),
    quotes: count(query, /['"`]/g),
    quote_style: quoteStyle(query),
    unbalanced_quotes: count(query, /'/g) % 2 === 1 || count(query, /"/g) % 2 === 1,
    comment_marks: count(query, /--|\/\*|\*\/|#/g),
    operators: count(query, /[=<>!|&]/g),
    parentheses: count(query, /[()]/g),
    semicolons: count(query, /;/g),
    percent_escapes: count(query, /%[0-9A-Fa-f]{2}/g),
    tautology: tautology.test(query),
    entropy: entropy(characters),
    digit_percent: length === 0 ? null : roundHalfToEven((100 * count(query, /[0-9]/g)) / length),
    special_share: length === 0 ? null : count(query, /[!-/:-@[-^`{-~]/g) / length,
    uppercase_share: letters === 0 ? null : upper / letters,
  };
}

function count(query: string, pattern: RegExp): number {
  return query.match(pattern)?.length ?? 0;
}

function quoteStyle(query: string): QuoteStyle {
  const styles: QuoteStyle[] = [];
  if (query.includes("'")) styles.push("single");
  if (query.includes('"')) styles.push("double");
  if (query.includes("`")) styles.push("backtick");
  return styles.length > 1 ? "mixed" : (styles[0] ?? "none");
}

/** Bits a character. */
function entropy(characters: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const character of characters) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const n of counts.values()) {
    const p = n / characters.length;
    bits += p * Math.log2(1 / p);
  }
  return bits;
}

/** As Python and numpy round; Math.round would take 12.5 to 13. */
function roundHalfToEven(x: number): number {
  const below = Math.floor(x);
  if (x - below !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}
