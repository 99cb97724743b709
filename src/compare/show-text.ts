/** Code points shown around the first difference of two long texts. */
const window = { before: 20, after: 30 };

const quoteOrBackslash = /["\\]/u;
/** Controls, format characters, unassigned, private, lone surrogates, and every separator but the blank. */
const invisible = /[\p{C}\p{Z}]/u;
const letter = /\p{L}/u;
const scripts = [
  /\p{Script=Latin}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
];

/**
 * Two texts as a person can tell them apart: quoted, cut to the surroundings of the first difference, with invisible
 * characters as escapes, and lookalikes (a Cyrillic а, an NFD é, a fullwidth digit) as escapes where the texts part.
 */
export function showTexts(a: string, b: string): readonly [string, string] {
  let first = 0;
  while (first < a.length && a[first] === b[first]) first++;
  // Not in the middle of a surrogate pair.
  if (/[\uD800-\uDBFF]/.test(a.charAt(first - 1)) && first > 0) first--;
  const [left, right] = [around(a, first), around(b, first)];
  const plain = [shown(left, lookalike(right)), shown(right, lookalike(left))] as const;
  if (plain[0].normalize("NFKC") !== plain[1].normalize("NFKC")) return plain;
  return [shown(left, isForeign), shown(right, isForeign)];
}

/** One text, quoted, with what is invisible as escapes, shortened at the end. */
export function showText(text: string): string {
  return shown(around(text, 0), () => false);
}

/** A text in which nothing is invisible or acts on a terminal. */
export function visible(text: string): string {
  return Array.from(text, (each) => (isInvisible(each) ? escaped(each) : each)).join("");
}

/** A part of a text: the characters around a place, and what was cut off. */
interface Part {
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly cutBefore: boolean;
  readonly cutAfter: boolean;
}

function around(text: string, place: number): Part {
  // Four code units more than twice the window are enough code points, and cheap in texts of megabytes.
  const before = Array.from(text.slice(Math.max(0, place - 2 * window.before - 8), place));
  const after = Array.from(text.slice(place, place + 2 * window.after + 8));
  const cutBefore = place > 2 * window.before + 8 || before.length > window.before + 4;
  const cutAfter = text.length - place > 2 * window.after + 8 || after.length > window.after + 4;
  return {
    before: cutBefore ? before.slice(-window.before) : before,
    after: cutAfter ? after.slice(0, window.after) : after,
    cutBefore,
    cutAfter,
  };
}

/** `escapes` is asked of the characters from the first difference on. */
function shown(part: Part, escapes: (character: string, i: number) => boolean): string {
  const text = part.before.map(quotable).join("");
  const rest = part.after.map((each, i) => (escapes(each, i) ? escaped(each) : quotable(each))).join("");
  return `${part.cutBefore ? "…" : ""}"${text}${rest}"${part.cutAfter ? "…" : ""}`;
}

/** Whether the first differing character of a text could be taken for that of the other. */
function lookalike(other: Part): (character: string, i: number) => boolean {
  return (character, i) => i === 0 && isLookalike(character, other.after[0]);
}

/** Only letters of one script, and ASCII, are told apart at sight. */
function isLookalike(character: string, other: string | undefined): boolean {
  if (!isForeign(character)) return false;
  if (other === undefined) return !letter.test(character);
  if (!letter.test(character) || !letter.test(other)) return true;
  if (character.normalize("NFKC") === other.normalize("NFKC")) return true;
  return scripts.some((script) => script.test(character) !== script.test(other));
}

function isForeign(character: string): boolean {
  return character > "~";
}

function isInvisible(character: string): boolean {
  return character !== " " && invisible.test(character);
}

function quotable(character: string): string {
  if (quoteOrBackslash.test(character)) return `\\${character}`;
  return isInvisible(character) ? escaped(character) : character;
}

function escaped(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
