/**
 * The baseline that a run asks for. Comes in: a book after a whole run. Goes out: its entries anew: those that still hold as they
 * are, those that fail differently with the new signature, new failures with the acceptance that was given; the rest is gone.
 */
import { type Acceptance, type BaselineEntry, isWildcard, patternOf, type Signature } from "./baseline.ts";
import { type BaselineBook, longest, maxExpansions, type Observed } from "./baseline-book.ts";

export interface BaselineUpdate {
  readonly entries: readonly BaselineEntry[];
  readonly kept: number;
  readonly changed: number;
  readonly added: number;
  readonly dropped: number;
  /** Ids of failures that nobody gave a reason, an owner or a day. */
  readonly lacking: readonly string[];
}

/** Entries as they are now; the new ones come last, by the ids of their tests. */
export function updatedBaseline(book: BaselineBook): BaselineUpdate {
  const { entries, renewal = {} } = book.options;
  const failing = book.observed().filter(isFailing).toSorted(byId);
  const made: BaselineEntry[] = [];
  const lacking: string[] = [];
  const covered = new Set<string>();
  const kept = new Set<BaselineEntry>();
  const changed = new Set<BaselineEntry>();
  let added = 0;
  const dayOf = (entry: Acceptance): string | undefined => (book.isExpired(entry) ? renewal.expires : entry.expires);
  for (const [entry, named] of book.named()) {
    const day = dayOf(entry);
    if (day !== undefined && holds(entry, named)) {
      (day === entry.expires ? kept : changed).add(entry);
      made.push({ ...entry, expires: day });
      for (const { id } of named) covered.add(id);
    }
  }
  for (const { fitting, id, isOpen, named, signature } of failing) {
    if (covered.has(id)) continue;
    const before = longest(fitting) ?? longest(named);
    if (before === undefined && isOpen) continue;
    const acceptance = complete(
      before === undefined ? renewal : { ...before, expires: renewal.expires ?? before.expires },
    );
    if (acceptance === undefined || book.isExpired(acceptance)) {
      lacking.push(id);
      continue;
    }
    if (before === undefined) added += 1;
    else changed.add(before);
    made.push({ test: patternOf(id), line: 0, ...acceptance, ...signature });
  }
  const dropped = entries.filter((entry) => !kept.has(entry) && !changed.has(entry)).length;
  return { entries: made, kept: kept.size, changed: changed.size, added, dropped, lacking };
}

interface Failing extends Observed {
  readonly signature: Signature;
}

function isFailing(one: Observed): one is Failing {
  return one.signature !== undefined;
}

/** Whether an entry can stay as it is. */
function holds(entry: BaselineEntry, named: readonly Observed[]): boolean {
  if (isWildcard(entry.test) && named.length > maxExpansions) return false;
  return named.length > 0 && named.every((one) => one.fitting.includes(entry));
}

function complete({ expires, owner, reason }: Partial<Acceptance>): Acceptance | undefined {
  return expires === undefined || owner === undefined || reason === undefined ? undefined : { reason, owner, expires };
}

function byId(a: Observed, b: Observed): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
