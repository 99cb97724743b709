const doubles = new Float64Array(1);
const doubleBits = new BigInt64Array(doubles.buffer);
const floats = new Float32Array(1);
const floatBits = new Int32Array(floats.buffer);

const smallestDouble = -(2n ** 63n);
const smallestFloat = -(2 ** 31);

/**
 * Representable doubles from `a` to `b`: 0 for equal numbers (−0 equals 0, NaN equals NaN). Nothing but itself is any
 * number of steps from an infinity or NaN: the distance is then Infinity. Beyond 2^53 the nearest double.
 */
export function ulpsApart64(a: number, b: number): number {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return 0;
  if (!Number.isFinite(a) || !Number.isFinite(b)) return Number.POSITIVE_INFINITY;
  const apart = ordinal64(a) - ordinal64(b);
  return Number(apart < 0n ? -apart : apart);
}

/** Representable float32 numbers from `a` to `b`, both rounded to float32 first; Infinity where one overflows. */
export function ulpsApart32(a: number, b: number): number {
  const [left, right] = [Math.fround(a), Math.fround(b)];
  if (Number.isNaN(left) && Number.isNaN(right)) return 0;
  // What float32 cannot hold is not equal to another such number.
  if (!Number.isFinite(left) || !Number.isFinite(right)) return a === b ? 0 : Number.POSITIVE_INFINITY;
  return Math.abs(ordinal32(left) - ordinal32(right));
}

/** The place of a double in the order of all doubles; −0 and 0 share place 0. */
function ordinal64(value: number): bigint {
  doubles[0] = value;
  const bits = doubleBits[0] ?? 0n;
  return bits < 0n ? smallestDouble - bits : bits;
}

function ordinal32(value: number): number {
  floats[0] = value;
  const bits = floatBits[0] ?? 0;
  return bits < 0 ? smallestFloat - bits : bits;
}
