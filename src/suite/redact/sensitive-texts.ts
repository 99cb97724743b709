/**
 * Sensitive values that were seen, and texts without them: the second net, for texts that have no fields (messages of
 * assertions, printed lines). Booleans, null and what is shorter than three characters would be found in any sentence.
 */
import { type Json, JsonNumber } from "../../kernel/json-value.ts";
import { readJson } from "../../kernel/read-json.ts";
import { canonicalJson } from "../../kernel/write-json.ts";

const minLength = 3;
/** Of a long text so much of its beginning is enough: messages like to cut. */
const headLength = 12;
/** In characters; then the oldest are forgotten. */
const maxKept = 16 * 1024 * 1024;

interface Secret {
  readonly text: string;
  readonly shown: string;
  /** A number is not looked for within another one. */
  readonly isNumber: boolean;
}

interface Generation {
  readonly byStart: Map<string, Secret[]>;
  readonly known: Set<string>;
  size: number;
}

export class SensitiveTexts {
  readonly #hash: (value: string) => string;
  #young = newGeneration();
  #old = newGeneration();

  constructor(hash: (value: string) => string) {
    this.#hash = hash;
  }

  /** Adds the JSON text of a sensitive value, and of everything in it. */
  add(value: string): void {
    if (this.#young.known.has(value)) return;
    this.#young.known.add(value);
    this.#young.size += value.length;
    this.#addParts(readJson(value, { numbers: "text" }));
    if (this.#young.size < maxKept) return;
    this.#old = this.#young;
    this.#young = newGeneration();
  }

  /** The text with the hash in the place of each value. */
  scrub(text: string): string {
    return scrubWith(this.#old, scrubWith(this.#young, text));
  }

  #addParts(value: Json): void {
    if (typeof value === "string") {
      const shown = this.#hash(JSON.stringify(value));
      const lines = value.split("\n").map((line) => line.trim());
      const spellings = new Set([value, JSON.stringify(value).slice(1, -1), ...lines]);
      for (const text of spellings) this.#keep({ text, shown, isNumber: false });
    } else if (typeof value === "number" || value instanceof JsonNumber) {
      const text = canonicalJson(value);
      const shown = this.#hash(text);
      for (const one of new Set([text, String(Number(text)), value instanceof JsonNumber ? value.text : text]))
        this.#keep({ text: one, shown, isNumber: true });
    } else if (typeof value === "object" && value !== null) {
      for (const part of Object.values(value)) this.#addParts(part);
    }
  }

  #keep(secret: Secret): void {
    if (secret.text.length < minLength) return;
    const start = secret.text.slice(0, minLength);
    const list = this.#young.byStart.get(start) ?? [];
    this.#young.byStart.set(start, list);
    list.push(secret);
  }
}

function newGeneration(): Generation {
  return { byStart: new Map(), known: new Set(), size: 0 };
}

function scrubWith({ byStart }: Generation, text: string): string {
  if (byStart.size === 0) return text;
  let scrubbed = "";
  let from = 0;
  for (let at = 0; at + minLength <= text.length;) {
    const found = longestAt(text, at, byStart.get(text.slice(at, at + minLength)));
    if (found === undefined) {
      at += 1;
      continue;
    }
    scrubbed += text.slice(from, at) + found.shown;
    at += found.length;
    from = at;
  }
  return scrubbed + text.slice(from);
}

function longestAt(
  text: string,
  at: number,
  secrets: readonly Secret[] | undefined,
): { readonly shown: string; readonly length: number } | undefined {
  let longest: { readonly shown: string; readonly length: number } | undefined;
  for (const secret of secrets ?? []) {
    const length = matchLength(text, at, secret);
    if (length > (longest?.length ?? 0)) longest = { shown: secret.shown, length };
  }
  return longest;
}

function matchLength(text: string, at: number, { isNumber, text: secret }: Secret): number {
  if (isNumber) {
    const end = at + secret.length;
    const isWhole = !/[\w.]/.test(text.charAt(at - 1)) && !/^(\w|\.\d)/.test(text.slice(end, end + 2));
    return isWhole && text.startsWith(secret, at) ? secret.length : 0;
  }
  let length = minLength;
  while (length < secret.length && text[at + length] === secret[length]) length += 1;
  return length === secret.length || length >= headLength ? length : 0;
}
