/**
 * A text's UTF-16 units as an array of numbers, which V8 reads about a third faster than the string itself: `charCodeAt`
 * looks up on every call how the string is stored. Filling costs 4 GB/s into memory that is already there.
 *
 * The array is shared and as long as or longer than the text; a 0 stands behind the last unit. It holds one text at a time,
 * until the next call.
 */

/** Units kept for good: 512 KiB, more than most answers. */
const keptUnits = 1 << 18;

/** What `unitsOf` returns for short texts; a scanner without a text holds it instead of a large one. */
export const keptArray: Uint16Array = new Uint16Array(keptUnits);
/** What the longest text so far needed, until the garbage collector wants the memory. */
let large: WeakRef<Uint16Array> | undefined;

/** The units of a text, with a 0 behind them. */
export function unitsOf(text: string): Uint16Array {
  const units = roomFor(text.length + 1);
  fill(units, text);
  units[text.length] = 0;
  return units;
}

/** The units of a short text in an array of their own. */
export function ownUnits(text: string): Uint16Array {
  return Uint16Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
}

function roomFor(count: number): Uint16Array {
  if (count <= keptUnits) return keptArray;
  const before = large?.deref();
  if (before && before.length >= count) return before;
  const made = new Uint16Array(count);
  large = new WeakRef(made);
  return made;
}

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
/** Node.js copies strings as UTF-16 in one go; a browser, where the report may compare values, has no such call. */
const canCopy = isLittleEndian && typeof Buffer === "function";
const keptBytes = canCopy ? Buffer.from(keptArray.buffer) : undefined;

function fill(units: Uint16Array, text: string): void {
  if (!canCopy) for (let at = 0; at < text.length; at++) units[at] = text.charCodeAt(at);
  else if (units === keptArray) keptBytes?.write(text, "utf16le");
  else Buffer.from(units.buffer).write(text, "utf16le");
}
