/**
 * A baseline held against a run. Comes in: entries, and one by one what became of the tests. Goes out: which failures are known,
 * and at the end which entries are stale. A listed test that passes, fails differently, is past its day or is not there fails
 * the run, so that the list cannot rot. The order of entries and of tests does not matter.
 */
import {
  type Acceptance,
  type BaselineEntry,
  isWildcard,
  type Judgeable,
  sameSignature,
  type Signature,
  signatureOf,
  signatureText,
  testMatcher,
} from "./baseline.ts";
import type { BaselineMark, Reason } from "./run-event.ts";

/** Tests that one entry with `*` may stand for. */
export const maxExpansions = 20;

export interface BaselineOptions {
  readonly entries: readonly BaselineEntry[];
  /** The file's name, for people. */
  readonly file: string;
  /** `2026-11-28`. */
  readonly today: string;
  /** Whether texts of authors are part of how a test fails. */
  readonly messages: boolean;
  /** The baseline is written anew: what fails is accepted, where these say how. */
  readonly renewal?: Partial<Acceptance>;
}

/** What the baseline says to one test. */
export interface Decision {
  readonly known: boolean;
  readonly mark?: BaselineMark;
  /** One sentence for people. */
  readonly note?: string;
}

/** An entry that is no longer true. */
export interface StaleEntry {
  readonly entry: BaselineEntry;
  readonly reason: Extract<Reason, `baseline-${string}`>;
  readonly note: string;
  readonly mark: BaselineMark;
}

/** What became of a test that counts for the baseline. */
export interface Observed {
  readonly id: string;
  readonly verdict: Judgeable["verdict"];
  /** Of a failure. */
  readonly signature: Signature | undefined;
  /** Entries that name it, and those of them that fit how it fails. */
  readonly named: readonly BaselineEntry[];
  readonly fitting: readonly BaselineEntry[];
  /** Not judged because the run stopped before, or only recommended: no reason to accept it. */
  readonly isOpen: boolean;
}

export class BaselineBook {
  readonly options: BaselineOptions;
  readonly #matchers: readonly (readonly [BaselineEntry, (id: string) => boolean])[];
  readonly #exact: ReadonlyMap<string, readonly BaselineEntry[]>;
  readonly #observed = new Map<string, Observed>();

  constructor(options: BaselineOptions) {
    this.options = options;
    const isPlain = ({ test }: BaselineEntry): boolean => !/[*\\]/.test(test);
    this.#exact = Map.groupBy(options.entries.filter(isPlain), ({ test }) => test);
    this.#matchers = options.entries
      .filter((entry) => !isPlain(entry))
      .map((entry) => [entry, testMatcher(entry.test)] as const);
  }

  /** Whether a failure would be accepted; writes nothing down. */
  accepts(id: string, outcome: Judgeable, isRequired: boolean): boolean {
    return this.#decide(this.#look(id, outcome, isRequired)).known;
  }

  /** Writes down what became of a test. */
  judge(id: string, outcome: Judgeable, isRequired: boolean): Decision {
    const observed = this.#look(id, outcome, isRequired);
    if (observed.named.length > 0 || observed.signature !== undefined) this.#observed.set(id, observed);
    return this.#decide(observed);
  }

  observed(): readonly Observed[] {
    return [...this.#observed.values()];
  }

  /** What became of the tests that each entry names. */
  named(): ReadonlyMap<BaselineEntry, readonly Observed[]> {
    const named = new Map<BaselineEntry, Observed[]>(this.options.entries.map((entry) => [entry, []]));
    for (const one of this.#observed.values()) for (const entry of one.named) named.get(entry)?.push(one);
    return named;
  }

  isExpired({ expires }: Acceptance): boolean {
    return expires < this.options.today;
  }

  /** Entries that are no longer true. `whole`: every test of the suite was judged, so that a name without a test is a stale one. */
  stale(whole: boolean): StaleEntry[] {
    if (this.options.renewal !== undefined) return [];
    return [...this.named()].flatMap(([entry, tests]) => this.#staleEntry(entry, tests, whole) ?? []);
  }

  #look(id: string, outcome: Judgeable, isRequired: boolean): Observed {
    const { verdict } = outcome;
    const named = [
      ...(this.#exact.get(id) ?? []),
      ...this.#matchers.flatMap(([entry, matches]) => (matches(id) ? [entry] : [])),
    ];
    const signature = verdict === "fail" ? signatureOf(outcome, this.options.messages) : undefined;
    const fitting = signature === undefined ? [] : named.filter((entry) => sameSignature(entry, signature));
    const isOpen = outcome.reason === "not-run" || (verdict === "fail" && !isRequired);
    return { id, verdict, signature, named, fitting, isOpen };
  }

  #decide({ fitting, isOpen, named, signature }: Observed): Decision {
    if (signature === undefined) return { known: false };
    const { renewal } = this.options;
    const best = longest(fitting);
    if (best !== undefined && !this.isExpired(best)) return this.#known(best, best.line);
    const listed = best ?? longest(named);
    if (renewal !== undefined) {
      const { expires, owner, reason } = { ...(isOpen ? {} : renewal), ...inherited(listed, renewal) };
      if (expires !== undefined && owner !== undefined && reason !== undefined && expires >= this.options.today)
        return this.#known({ expires, owner, reason }, listed?.line ?? 0);
    }
    if (listed === undefined) return { known: false };
    const at = this.#at(listed.line);
    return best === undefined
      ? {
          known: false,
          mark: this.#mark("different", listed),
          note: `${at} accepts another failure: ${signatureText(listed)}`,
        }
      : {
          known: false,
          mark: this.#mark("expired", best),
          note: `${at} accepted this until ${best.expires} (${best.owner}): ${best.reason}`,
        };
  }

  #known(acceptance: Acceptance, line: number): Decision {
    const { expires, owner, reason } = acceptance;
    return {
      known: true,
      mark: this.#mark("known", { ...acceptance, line }),
      note: `${reason} (${owner}, until ${expires})`,
    };
  }

  #staleEntry(entry: BaselineEntry, tests: readonly Observed[], whole: boolean): StaleEntry | undefined {
    const say = (reason: StaleEntry["reason"], note: string): StaleEntry => {
      const state = reason === "baseline-passing" ? "passing" : reason === "baseline-wide" ? "wide" : "unused";
      return { entry, reason, note, mark: this.#mark(state, entry) };
    };
    if (isWildcard(entry.test) && tests.length > maxExpansions)
      return say("baseline-wide", `it stands for ${tests.length} tests; ${maxExpansions} is the most`);
    const passing = tests.filter(({ verdict }) => verdict === "pass");
    if (passing.length > 0) return say("baseline-passing", passingText(entry, passing));
    // What could not be judged, and what fails in a way that nothing here accepts, fails the run by itself.
    if (tests.some((one) => one.fitting.includes(entry) || one.verdict === "error" || isUnaccepted(one)))
      return undefined;
    if (tests.some(({ isOpen }) => isOpen) || (tests.length === 0 && !whole)) return undefined;
    return say("baseline-unused", unusedText(tests));
  }

  #mark(state: BaselineMark["state"], { expires, line, owner, reason }: Acceptance & { line: number }): BaselineMark {
    return { state, reason, owner, expires, ...(line === 0 ? {} : { at: this.#at(line) }) };
  }

  #at(line: number): string {
    return `${this.options.file}:${line}`;
  }
}

/** What a new entry for a listed test takes over: its day too, unless another is given. */
function inherited(listed: BaselineEntry | undefined, renewal: Partial<Acceptance>): Partial<Acceptance> {
  if (listed === undefined) return {};
  const { expires, owner, reason } = listed;
  return { owner, reason, expires: renewal.expires ?? expires };
}

function isUnaccepted({ fitting, signature }: Observed): boolean {
  return signature !== undefined && fitting.length === 0;
}

/** Of several entries the one that holds longest. */
export function longest(entries: readonly BaselineEntry[]): BaselineEntry | undefined {
  return entries.toSorted((a, b) => (a.expires === b.expires ? a.line - b.line : a.expires < b.expires ? 1 : -1))[0];
}

const takeOut = "take the entry out, or write the file anew: tally test --update-baseline";

function passingText(entry: BaselineEntry, passing: readonly Observed[]): string {
  if (!isWildcard(entry.test)) return takeOut;
  const more = passing.length > 1 ? ` and ${passing.length - 1} more pass` : " passes";
  return `${passing.map(({ id }) => id).toSorted()[0]}${more}: an entry with * stands for failures alone`;
}

function unusedText(tests: readonly Observed[]): string {
  if (tests.length === 0) return `there is no such test; ${takeOut}`;
  if (tests.every(({ verdict }) => verdict === "skip")) return "the test is skipped";
  return "another entry accepts how the test fails";
}
