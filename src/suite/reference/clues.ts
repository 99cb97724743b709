/**
 * What the inputs on which a field disagrees have in common, and the others have not. Comes in: inputs of the candidate
 * with the fields that are off. Goes out: a few clues a field, with the counts that bear them out: facts about these
 * inputs, never a claim about a cause. Memory is bounded: of many inputs, those with the smallest hash are looked at.
 */
import { type InputTraits, inputTraits, isTrueOf } from "../../verdict/input-traits.ts";
import type { Clue } from "../../verdict/run-event.ts";

/** Inputs of an operation that are kept: so many of all, and of those on which a field is off. */
const [maxInputs, maxOff] = [300, 200];
/** Longer inputs would say nothing in a few words. */
const maxInputText = 4000;
/** With fewer on either side, chance alone finds something. */
const fewest = 3;
/** Of the inputs that a clue is true of, so large a share is off. */
const precision = 0.9;
const maxClues = 4;

interface Input {
  readonly hash: number;
  readonly text: string;
  readonly off: ReadonlySet<string>;
}

/** The inputs with the smallest hashes: the same ones in whatever order they come. */
class Sample {
  readonly #size: number;
  #inputs: Input[] = [];

  constructor(size: number) {
    this.#size = size;
  }

  add(input: Input): void {
    this.#inputs.push(input);
    if (this.#inputs.length >= 2 * this.#size) this.#inputs = this.list();
  }

  list(): Input[] {
    return this.#inputs.toSorted((a, b) => a.hash - b.hash || (a.text < b.text ? -1 : 1)).slice(0, this.#size);
  }
}

interface Samples {
  readonly all: Sample;
  readonly off: Map<string, Sample>;
}

export class Clues {
  readonly #operations = new Map<string, Samples>();

  /** `off`: output fields of this input that disagree. */
  add(operation: string, text: string, off: ReadonlySet<string>): void {
    if (text.length > maxInputText) return;
    const samples = this.#operations.get(operation) ?? { all: new Sample(maxInputs), off: new Map<string, Sample>() };
    this.#operations.set(operation, samples);
    const input = { hash: hashOf(text), text, off };
    samples.all.add(input);
    for (const field of off) {
      const sample = samples.off.get(field) ?? new Sample(maxOff);
      samples.off.set(field, sample);
      sample.add(input);
    }
  }

  /** By the names of operation and field. */
  list(): Clue[] {
    return [...this.#operations].toSorted(byName).flatMap(([operation, { all, off }]) => {
      const inputs = all.list();
      return [...off].toSorted(byName).flatMap(([field, sample]) => {
        const right = inputs.filter((input) => !input.off.has(field));
        return cluesOf(traitsOf(sample.list()), traitsOf(right)).map((found) => ({ operation, field, ...found }));
      });
    });
  }
}

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}

function traitsOf(inputs: readonly Input[]): InputTraits[] {
  return inputs.flatMap(({ text }) => inputTraits(text) ?? []);
}

type Found = Omit<Clue, "operation" | "field">;

/** The clue that explains most inputs, then the one that explains most of the rest. */
function cluesOf(off: readonly InputTraits[], agree: readonly InputTraits[]): Found[] {
  if (off.length < fewest || agree.length < fewest) return [];
  const found: Found[] = [];
  const counts = { off: off.length, agree: agree.length };
  const right = countFacts(agree);
  let left = off;
  while (found.length < maxClues && left.length >= fewest) {
    const words = bestWords(left, right, agree.length) ?? (found.length === 0 ? boundOf(off, agree) : undefined);
    if (words === undefined) break;
    const offWith = off.filter((input) => isTrueOf(words, input)).length;
    found.push({ words, ...counts, offWith, agreeWith: right.get(words) ?? 0 });
    left = left.filter((input) => !isTrueOf(words, input));
  }
  return found;
}

/** Among facts that hardly any agreeing input shares, the one that is true of most. */
function bestWords(off: readonly InputTraits[], right: ReadonlyMap<string, number>, agree: number): string | undefined {
  const facts = [...countFacts(off)].filter(([, count]) => count >= fewest);
  let best: { readonly words: string; readonly worth: number } | undefined;
  for (const [words, count] of facts) {
    const others = right.get(words) ?? 0;
    if (others > (1 - precision) * count) continue;
    const worth = count - others;
    if (isChance(count - 3 * others, off.length / (off.length + agree), facts.length)) continue;
    if (best === undefined || worth > best.worth) best = { words, worth };
  }
  return best?.words;
}

/** Of so many facts, one may well hold of so many inputs that are off by accident: with more than three chances in a hundred. */
function isChance(count: number, shareOff: number, facts: number): boolean {
  return shareOff ** count * facts > 0.03;
}

function countFacts(inputs: readonly InputTraits[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { facts } of inputs) for (const fact of facts) counts.set(fact, (counts.get(fact) ?? 0) + 1);
  return counts;
}

/** A size that is larger, or smaller, in everything that is off than in anything that agrees. */
function boundOf(off: readonly InputTraits[], agree: readonly InputTraits[]): string | undefined {
  for (const name of off[0]?.sizes.keys() ?? []) {
    const wrong = off.map(({ sizes }) => sizes.get(name) ?? Number.NaN);
    const right = agree.map(({ sizes }) => sizes.get(name) ?? Number.NaN);
    if (Math.min(...wrong) > Math.max(...right)) return `${name} is ${Math.min(...wrong)} or more`;
    if (Math.max(...wrong) < Math.min(...right)) return `${name} is ${Math.max(...wrong)} or less`;
  }
  return undefined;
}

/** FNV-1a over UTF-16 units. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
