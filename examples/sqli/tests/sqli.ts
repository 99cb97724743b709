/** The two operations with the types of the contract, for every test file of this suite. */
import { operation } from "tallyml";

export interface Query {
  query: string;
}

export interface Features {
  null_values: number;
  length: number;
  words: number;
  longest_word: number;
  keywords: number;
  logic_words: number;
  function_calls: number;
  quotes: number;
  quote_style: "none" | "single" | "double" | "backtick" | "mixed";
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

export interface Prediction {
  is_injection: boolean;
  score: number;
}

export const process = operation<Query, Features>("process");
export const inference = operation<Query, Prediction>("inference");

/** `["a", "b"]` as records. */
export const queries = (texts: readonly string[]): Query[] => texts.map((query) => ({ query }));

/** Small repeatable pseudo-random numbers in [0, 1), so that a failing query can be made again. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
