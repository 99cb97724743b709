/** Indexes of two elements that belong together, the reference's first. */
export type Pair = readonly [reference: number, candidate: number];

/** Which elements of two lists belong together. */
export interface Matching {
  readonly pairs: readonly Pair[];
  readonly onlyReference: readonly number[];
  readonly onlyCandidate: readonly number[];
  /** False when the search ended before every possibility was tried: there may be a better matching. */
  readonly complete: boolean;
}

interface Sizes {
  readonly references: number;
  readonly candidates: number;
}

type Agrees = (reference: number, candidate: number) => boolean;

/** Bounds of one search: comparisons of two elements, looks at a possible pair, length of a chain of re-matchings. */
const limits = { comparisons: 262_144, looks: 8_000_000, chain: 1000 };

/**
 * A largest matching, where each element has one partner at most (augmenting paths). Greedy pairing is not enough once
 * tolerances overlap: 0 ~ 1 and 1 ~ 2, but not 0 ~ 2. `first` are pairs to start from; they may be parted again.
 */
export function matchLargest(sizes: Sizes, first: readonly Pair[], agrees: Agrees): Matching {
  const search = new Search(sizes, agrees);
  for (const [r, c] of first) search.holders.set(c, r);
  const matched = new Set(first.map(([r]) => r));
  for (let r = 0; r < sizes.references && !search.isExhausted; r++) {
    if (!matched.has(r)) search.seat(r, new Set(), 0);
  }
  const pairs = [...search.holders].map(([c, r]): Pair => [r, c]).toSorted((a, b) => a[0] - b[0]);
  return matchingOf(sizes, pairs, !search.isExhausted);
}

/** For each element a partner on the other side, which several may share. `first` are pairs that are known. */
export function coverAll(sizes: Sizes, first: readonly Pair[], agrees: Agrees): Matching {
  const search = new Search(sizes, agrees);
  const pairs = [...first];
  const covered = { references: new Set(first.map(([r]) => r)), candidates: new Set(first.map(([, c]) => c)) };
  for (const r of indexes(sizes.references)) {
    if (covered.references.has(r)) continue;
    const c = indexes(sizes.candidates).find((each) => search.belongs(r, each));
    if (c !== undefined) pairs.push([r, c]);
    if (c !== undefined) covered.candidates.add(c);
    if (search.isExhausted) break;
  }
  for (const c of indexes(sizes.candidates)) {
    if (covered.candidates.has(c)) continue;
    const r = indexes(sizes.references).find((each) => search.belongs(each, c));
    if (r !== undefined) pairs.push([r, c]);
    if (search.isExhausted) break;
  }
  return matchingOf(sizes, pairs, !search.isExhausted);
}

/** The matching that pairs make, the others being unmatched. */
export function matchingOf(sizes: Sizes, pairs: readonly Pair[], complete = true): Matching {
  const [left, right] = [new Set(pairs.map(([r]) => r)), new Set(pairs.map(([, c]) => c))];
  return {
    pairs,
    onlyReference: indexes(sizes.references).filter((r) => !left.has(r)),
    onlyCandidate: indexes(sizes.candidates).filter((c) => !right.has(c)),
    complete,
  };
}

/** 0 to count − 1. */
export function indexes(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** A search for partners within its limits. */
class Search {
  /** Who holds which candidate. */
  readonly holders = new Map<number, number>();
  isExhausted = false;
  readonly #sizes: Sizes;
  readonly #agrees: Agrees;
  readonly #known = new Map<number, boolean>();
  #looks = 0;

  constructor(sizes: Sizes, agrees: Agrees) {
    this.#sizes = sizes;
    this.#agrees = agrees;
  }

  /** Whether two elements agree; each pair is compared once. */
  belongs(r: number, c: number): boolean {
    if (++this.#looks > limits.looks) this.isExhausted = true;
    const key = r * this.#sizes.candidates + c;
    const known = this.#known.get(key);
    if (known !== undefined || this.isExhausted) return known ?? false;
    if (this.#known.size >= limits.comparisons) {
      this.isExhausted = true;
      return false;
    }
    const answer = this.#agrees(r, c);
    this.#known.set(key, answer);
    return answer;
  }

  /** Finds a candidate for `r`: a free one, or one whose holder can move to another. */
  seat(r: number, seen: Set<number>, chain: number): boolean {
    if (chain > limits.chain) this.isExhausted = true;
    const wanted: number[] = [];
    for (let c = 0; c < this.#sizes.candidates && !this.isExhausted; c++) {
      if (seen.has(c) || !this.belongs(r, c)) continue;
      if (!this.holders.has(c)) {
        this.holders.set(c, r);
        return true;
      }
      wanted.push(c);
    }
    for (const c of wanted) {
      const holder = this.holders.get(c);
      if (this.isExhausted || seen.has(c) || holder === undefined) continue;
      seen.add(c);
      if (!this.seat(holder, seen, chain + 1)) continue;
      this.holders.set(c, r);
      return true;
    }
    return false;
  }
}
