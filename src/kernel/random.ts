/**
 * Seeded random numbers: the same seed gives the same numbers on every machine. Not for secrets.
 * Algorithm: sfc32 (Chris Doty-Humphrey, PractRand), 128 bits of state, uniform in [0, 1) with 32 bits.
 */
export function seededRandom(seed: number, ...names: readonly string[]): () => number {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = seed >>> 0;
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (const name of names) {
    for (let i = 0; i < name.length; i += 1) {
      c = (c ^ name.charCodeAt(i)) | 0;
      next();
    }
  }
  for (let i = 0; i < 12; i += 1) next();
  return () => next() / 0x1_0000_0000;
}
