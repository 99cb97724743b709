/**
 * What can be said of an input in a few words. Comes in: the JSON text of a record. Goes out: facts that are true of it,
 * each as the end of a sentence that begins with `where`: `query has upper-case NULL`. Knows no answer and no verdict.
 */
import { type Json, JsonNumber } from "../kernel/json-value.ts";
import { readJson } from "../kernel/read-json.ts";

/** Facts about one input, and its sizes by name, for bounds: `length of query` → 12. */
export interface InputTraits {
  readonly facts: ReadonlySet<string>;
  readonly sizes: ReadonlyMap<string, number>;
}

/** Whether the words of a clue are true of an input. */
export function isTrueOf(words: string, { facts, sizes }: InputTraits): boolean {
  const [, name = "", bound, side] = /^(.+) is (\S+) or (more|less)$/.exec(words) ?? [];
  const size = sizes.get(name);
  if (size === undefined || bound === undefined) return facts.has(words);
  return side === "more" ? size >= Number(bound) : size <= Number(bound);
}

/** Facts of one input; texts and lists beyond that are looked at in part only, and then nothing is said about them. */
const maxFacts = 600;
const maxWord = 24;

/** The facts of a record; undefined where there are too many for all to be known. */
export function inputTraits(record: string): InputTraits | undefined {
  const facts = new Set<string>();
  const sizes = new Map<string, number>();
  tellValue("", readJson(record), { facts, sizes });
  return facts.size > maxFacts ? undefined : { facts, sizes };
}

interface Told {
  readonly facts: Set<string>;
  readonly sizes: Map<string, number>;
}

function tellValue(path: string, value: Json, told: Told): void {
  if (told.facts.size > maxFacts) return;
  const { facts } = told;
  const name = path === "" ? "the record" : path;
  if (value === null) facts.add(`${name} is null`);
  else if (typeof value === "boolean") facts.add(`${name} is ${String(value)}`);
  else if (typeof value === "string") tellText(name, value, told);
  else if (typeof value === "number" || value instanceof JsonNumber) tellNumber(name, value, told);
  else if (Array.isArray(value)) tellList(path, name, value, told);
  else for (const [key, part] of Object.entries(value)) tellValue(path === "" ? key : `${path}.${key}`, part, told);
}

function tellList(path: string, name: string, list: readonly Json[], told: Told): void {
  if (list.length === 0) told.facts.add(`${name} is an empty list`);
  told.sizes.set(`the length of ${name}`, list.length);
  for (const element of list) tellValue(`${path}[]`, element, told);
}

function tellNumber(name: string, value: number | JsonNumber, { facts, sizes }: Told): void {
  const number = typeof value === "number" ? value : Number(value.text);
  if (Number.isInteger(number) && Math.abs(number) < 1e6) facts.add(`${name} is ${number}`);
  if (number < 0) facts.add(`${name} is negative`);
  if (number > 0) facts.add(`${name} is positive`);
  if (!Number.isInteger(number)) facts.add(`${name} has a fraction`);
  if (Math.abs(number) > Number.MAX_SAFE_INTEGER) facts.add(`${name} is beyond 2^53`);
  if (!name.includes("[]")) sizes.set(name, number);
}

/** In the order in which they are preferred where several are true of the same inputs. */
const kinds: readonly (readonly [RegExp, string])[] = [
  [/[\u{10000}-\u{10ffff}]/u, "a character beyond U+FFFF"],
  [/%[0-9a-f]{2}/i, "a percent escape"],
  [/\p{M}/u, "a combining mark"],
  [/[^\u0000-\u007f]/, "a character outside ASCII"],
  [/\n/, "a line break"],
  [/\t/, "a tab"],
  [/ {2}/, "two blanks in a row"],
  [/^\s/, "white space at its start"],
  [/\s$/, "white space at its end"],
  [/\d/, "a digit"],
  [/\p{Lu}/u, "an upper-case letter"],
  [/\p{Ll}/u, "a lower-case letter"],
  [/"/, "a double quote"],
  [/'/, "a single quote"],
  [/\\/, "a backslash"],
];

function tellText(name: string, text: string, { facts, sizes }: Told): void {
  if (text === "") facts.add(`${name} is empty`);
  else if (/^\s+$/.test(text)) facts.add(`${name} is nothing but white space`);
  if (!name.includes("[]")) sizes.set(`the length of ${name}`, Array.from(text).length);
  for (const [pattern, words] of kinds) {
    if (pattern.test(text)) facts.add(`${name} has ${words}`);
    else if (words === "a digit") facts.add(`${name} has no digit`);
  }
  for (const [word] of text.matchAll(/[\p{L}_][\p{L}\p{N}_]*|[^\s\p{L}\p{N}_]+|\d+/gu)) {
    if (facts.size > maxFacts) return;
    if (word.length > maxWord) continue;
    facts.add(`${name} has ${wordText(word)}`);
    if (/\p{L}/u.test(word)) facts.add(`${name} has ${word.toLowerCase()} in any case`);
  }
}

function wordText(word: string): string {
  if (!/\p{L}/u.test(word)) return JSON.stringify(word);
  if (word.length > 1 && word === word.toUpperCase()) return `upper-case ${word}`;
  return word === word.toLowerCase() ? `lower-case ${word}` : `“${word}”`;
}
