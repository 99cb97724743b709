/** Longer words are only compared letter by letter: nobody mistypes one of these into another. */
const maxLength = 64;

/**
 * The candidate that `word` was probably meant to be: the same letters and digits apart from case, `_`, `-` and spaces,
 * or at most two edits away (one for words of up to four letters). The first of the nearest; undefined when none is near.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const letters = bareLetters(word);
  const allowed = word.length <= 4 ? 1 : 2;
  let best: string | undefined;
  let bestDistance = allowed + 1;
  for (const candidate of candidates) {
    if (candidate === word) continue;
    const distance = bareLetters(candidate) === letters ? 0 : boundedDistance(word, candidate, bestDistance);
    // A word of which nothing is left is no misspelling: `a` is not `b`.
    if (distance >= bestDistance || distance >= Math.max(word.length, candidate.length)) continue;
    best = candidate;
    bestDistance = distance;
  }
  return best;
}

/** Edits from one word to the other, a swap of two neighbours counting as one; `limit` when it is that many or more. */
function boundedDistance(from: string, to: string, limit: number): number {
  if (Math.abs(from.length - to.length) >= limit) return limit;
  if (from.length > maxLength || to.length > maxLength) return limit;
  return Math.min(limit, editDistance(from, to));
}

/**
 * Insertions, deletions, replacements and swaps of neighbours that turn one word into the other (optimal string
 * alignment). Quadratic: for words, not for texts.
 */
export function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      let least = Math.min(at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + (same ? 0 : 1));
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (swapped) least = Math.min(least, at(beforeLast, column - 2) + 1);
      current.push(least);
    }
    beforeLast = last;
    last = current;
  }
  return at(last, to.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}

function bareLetters(word: string): string {
  return word.toLowerCase().replaceAll(/[_\-\s]/gu, "");
}
