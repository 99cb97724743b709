/**
 * What a test asked and was answered, as far as it can still matter. A test that sends a million records would otherwise
 * hold them all: of more than so many only the last are kept, those that got no answer and those of mismatches.
 */
import type { Exchange, LocatedMismatch } from "../../verdict/run-event.ts";

/** One record asked and its answer. */
export type OneExchange = Omit<Exchange, "type" | "id">;

/** Kept at least; a list asked for in one call is always kept whole. */
const keptExchanges = 8_192;
/** And so much of their text, in characters. */
const keptText = 16 * 1024 * 1024;

export class ExchangeLog {
  /** Whether all are wanted, whatever that costs (--log all). */
  keepsAll = false;
  #asked = 0;
  #kept: OneExchange[] = [];
  #text = 0;

  /** Of the test, in the order of asking. */
  get list(): OneExchange[] {
    return this.#kept;
  }

  /** Forgets what is too old and no mismatch names, before the answers of the next call are added. */
  trim(mismatches: readonly LocatedMismatch[]): void {
    // Not at every call: each time it takes as long as there are exchanges.
    if (this.keepsAll || (this.#kept.length < 2 * keptExchanges && this.#text < 2 * keptText)) return;
    const old = this.#firstToKeep();
    const named = new Set(mismatches.map((mismatch) => mismatch.exchange));
    this.#kept = this.#kept.filter((one, i) => i >= old || one.fault !== undefined || named.has(one.n));
    this.#text = this.#kept.reduce((sum, one) => sum + textOf(one), 0);
  }

  #firstToKeep(): number {
    let text = 0;
    let first = this.#kept.length;
    const least = Math.max(0, first - keptExchanges);
    while (first > least && text < keptText) text += textOf(this.#kept[--first]);
    return first;
  }

  /** Adds an exchange and gives its number within the test. */
  add(exchange: Omit<OneExchange, "n">): number {
    this.#asked += 1;
    const one = { n: this.#asked, ...exchange };
    this.#kept.push(one);
    this.#text += textOf(one);
    return this.#asked;
  }
}

function textOf(one: OneExchange | undefined): number {
  return one === undefined ? 0 : one.input.length + (one.answer?.length ?? 0);
}
