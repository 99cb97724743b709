/**
 * What the reference answered to every input of the suite (spec §7): recorded while the suite runs against its connector,
 * looked up while it runs against a candidate. One line a record in `.tally/answers.jsonl`, sorted, so that it has a digest.
 */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { answersPath } from "../../delivery/suite-contents.ts";
import { tallyError } from "../../kernel/errors.ts";
import { readJson } from "../../kernel/read-json.ts";
import { shownPath } from "../../kernel/shown-path.ts";
import { sliceObject } from "../../kernel/slice-json.ts";
import { writeWholeFile } from "../../kernel/whole-file.ts";
import { canonicalJson } from "../../kernel/write-json.ts";
import type { AnswerPolicy } from "./answer-policy.ts";

/** More than this is not kept: a suite that makes millions of records does not want them in its image. */
const maxAnswers = 100_000;
/** In characters of inputs and answers. */
const maxText = 64 * 1024 * 1024;

interface StoredAnswer {
  readonly operation: string;
  /** As it was asked; undefined when it comes from the file. */
  readonly asked: string | undefined;
  /** As it is stored: sensitive values are a keyed hash. */
  readonly input: string;
  readonly answer: string;
  readonly model: string | undefined;
}

export class ReferenceAnswers {
  readonly #answers = new Map<string, StoredAnswer>();
  readonly #policy: AnswerPolicy;
  #text = 0;
  /** Records that were not kept because there were too many. */
  dropped = 0;
  /** Records that were not kept because their inputs are sensitive and nobody gave a key. */
  withheld = 0;

  constructor(policy: AnswerPolicy) {
    this.#policy = policy;
  }

  get size(): number {
    return this.#answers.size;
  }

  get(operation: string, input: string): string | undefined {
    const stored = this.#policy.storedInput(operation, input);
    return stored === undefined ? undefined : this.#answers.get(`${operation}\n${stored}`)?.answer;
  }

  /** Keeps the answer to an input; a later answer replaces an earlier one. */
  record(operation: string, input: string, answer: string, model: string | undefined): void {
    this.#keep(operation, { text: input, asked: input }, answer, model);
  }

  /** Puts back what was stored. */
  restore(operation: string, input: string, answer: string, model: string | undefined): void {
    this.#keep(operation, { text: input, asked: undefined }, answer, model);
  }

  #keep(
    operation: string,
    { asked, text }: { readonly text: string; readonly asked: string | undefined },
    answer: string,
    model: string | undefined,
  ): void {
    const input = this.#policy.storedInput(operation, text);
    if (input === undefined) {
      this.withheld += 1;
      return;
    }
    const key = `${operation}\n${input}`;
    const stored = { operation, asked, input, answer: this.#policy.storedAnswer(operation, answer), model };
    const known = this.#answers.get(key);
    const more = lengthOf(stored) - (known ? lengthOf(known) : 0);
    if ((known === undefined && this.#answers.size >= maxAnswers) || this.#text + more > maxText) {
      this.dropped += 1;
      return;
    }
    this.#text += more;
    this.#answers.set(key, stored);
  }

  /** How many inputs an operation has. */
  count(operation: string): number {
    let count = 0;
    for (const stored of this.#answers.values()) if (stored.operation === operation) count += 1;
    return count;
  }

  /** The inputs that this run asked of an operation. */
  inputs(operation: string): string[] {
    return [...this.#answers.values()].flatMap((stored) =>
      stored.operation === operation && stored.asked !== undefined ? [canonicalJson(readJson(stored.asked))] : [],
    );
  }

  /** Adds what another set knows and this one does not: answers of tests that were not selected this time. */
  keepOthers(others: ReferenceAnswers): void {
    for (const [key, stored] of others.#answers) if (!this.#answers.has(key)) this.#answers.set(key, stored);
  }

  save(file: string): void {
    const lines = [...this.#answers.entries()]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([, stored]) => lineOf(stored));
    const text = lines.join("");
    // Most runs change nothing, and replacing a file makes the file system wait for its disk.
    if (existsSync(file) && readFileSync(file, "utf8") === text) return;
    mkdirSync(dirname(file), { recursive: true });
    writeWholeFile(file, text, { canBeMadeAgain: true });
  }
}

function lineOf({ operation, input, answer, model }: StoredAnswer): string {
  return `{"operation":${JSON.stringify(operation)},"input":${input},"answer":${answer},"model":${JSON.stringify(model ?? null)}}\n`;
}

function lengthOf({ answer, input }: StoredAnswer): number {
  return input.length + answer.length;
}

/** Reads recorded answers; none when there is no file. */
export function loadAnswers(file: string, policy: AnswerPolicy): ReferenceAnswers {
  const answers = new ReferenceAnswers(policy);
  if (!existsSync(file)) return answers;
  for (const [i, line] of readFileSync(file, "utf8").split("\n").entries()) {
    if (line === "") continue;
    try {
      const parts = sliceObject(line);
      const operation = readJson(parts.get("operation") ?? "null");
      const model = readJson(parts.get("model") ?? "null");
      const [input, answer] = [parts.get("input"), parts.get("answer")];
      if (typeof operation !== "string" || input === undefined || answer === undefined)
        throw tallyError("answers-torn", { file: shownPath(file), line: i + 1 });
      answers.restore(operation, input, answer, typeof model === "string" ? model : undefined);
    } catch (cause) {
      throw tallyError("answers-torn", { file: shownPath(file), line: i + 1 }, { cause });
    }
  }
  return answers;
}

/** Where a suite's recorded answers are. */
export function answersFile(root: string): string {
  return join(root, answersPath);
}
