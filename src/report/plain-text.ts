/**
 * Untrusted text, made fit for a terminal or a page: every character that cannot be seen, or that changes how others
 * are seen (escape sequences, bidi overrides, zero-width and odd spaces, lone surrogates), is written as its code.
 */

const unseen = /(?! )[\p{C}\p{Z}]/gu;
const unseenInBlocks = /(?![ \n\t])[\p{C}\p{Z}]/gu;
const beyondAscii = /[^\u0020-\u007e]/gu;

/** The code of a character, in the notation of JSON and JavaScript strings: `\u202e`. */
function codeOf(char: string): string {
  let codes = "";
  for (let at = 0; at < char.length; at++) codes += `\\u${char.charCodeAt(at).toString(16).padStart(4, "0")}`;
  return codes;
}

/** One line of text in which every character can be seen. */
export function visible(text: string): string {
  return text.replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("\t", "\\t").replace(unseen, codeOf);
}

/** Several lines of text in which every character can be seen; line breaks and tabs stay. */
export function visibleBlock(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(unseenInBlocks, codeOf);
}

/** JSON text on one line, equal to the original as JSON, in which every character can be seen. */
export function visibleJson(text: string): string {
  return text.replace(/[\n\r\t]/g, " ").replace(unseen, codeOf);
}

/** Two long texts cut to so many code units around the place where they part, before anything slow is done with them. */
export function nearDifference(one: string, other: string, length: number): readonly [string, string] {
  if (one.length <= length && other.length <= length) return [one, other];
  const shorter = Math.min(one.length, other.length);
  let at = 0;
  while (at < shorter && one.charCodeAt(at) === other.charCodeAt(at)) at++;
  const from = Math.max(0, at - Math.floor(length / 3));
  const cut = (text: string) => {
    const piece = text.slice(from, from + length);
    return `${from > 0 ? "…" : ""}${piece}${from + length < text.length ? "…" : ""}`;
  };
  return [cut(one), cut(other)];
}

/** Letters that are taken for Latin ones. */
const lookalike = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u;
const latin = /\p{Script=Latin}/u;

/**
 * Two texts that differ, shown so that the difference can be seen: `é` in one code point and in two, a Latin and a
 * Cyrillic `a` look the same.
 */
export function visiblePair(one: string, other: string): readonly [string, string] {
  const shown = [visible(one), visible(other)] as const;
  if (one === other) return shown;
  const { start, end } = sharedEnds(...shown);
  const [left, right] = [middleOf(shown[0], start, end), middleOf(shown[1], start, end)];
  const mixed = lookalike.test(left) !== lookalike.test(right) && latin.test(left) !== latin.test(right);
  if (!mixed && shown[0].normalize("NFKC") !== shown[1].normalize("NFKC")) return shown;
  return [asciiBetween(shown[0], start, end), asciiBetween(shown[1], start, end)];
}

/** What stands between so many characters at the start and at the end. */
export function middleOf(text: string, start: number, end: number): string {
  const chars = Array.from(text);
  return chars.slice(start, chars.length - end).join("");
}

function asciiBetween(text: string, start: number, end: number): string {
  const chars = Array.from(text);
  const middle = middleOf(text, start, end).replace(beyondAscii, codeOf);
  return chars.slice(0, start).join("") + middle + chars.slice(chars.length - end).join("");
}

const wide =
  /[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;
const combining = /\p{M}/u;

/** Columns a terminal gives one character. */
function charWidth(char: string): number {
  if (char <= "\u02ff") return 1;
  if (combining.test(char)) return 0;
  return wide.test(char) ? 2 : 1;
}

/** Columns a terminal gives a text. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const char of text) width += charWidth(char);
  return width;
}

/** The text, cut to so many columns with `…` where something was left out. */
export function clip(text: string, columns: number): string {
  if (text.length <= columns && displayWidth(text) <= columns) return text;
  let kept = "";
  let width = 0;
  for (const char of text) {
    width += charWidth(char);
    if (width > columns - 1) break;
    kept += char;
  }
  return `${kept}…`;
}

/** The text, cut at its start to so many columns. */
export function clipStart(text: string, columns: number): string {
  const chars = Array.from(text);
  let width = displayWidth(text);
  if (width <= columns) return text;
  let at = 0;
  while (at < chars.length && width > columns - 1) width -= charWidth(chars[at++] ?? "");
  return `…${chars.slice(at).join("")}`;
}

/** The text, filled with spaces to so many columns. */
export function padTo(text: string, columns: number, side: "left" | "right" = "left"): string {
  const filling = " ".repeat(Math.max(0, columns - displayWidth(text)));
  return side === "left" ? text + filling : filling + text;
}

/** Breaks text at spaces into lines of at most so many columns; a longer word stays whole. */
export function wrapText(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && displayWidth(line) + 1 + displayWidth(word) > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines;
}

/** Index range in which two texts differ: the length of what they share at the start and at the end, by code points. */
export function sharedEnds(one: string, other: string): { readonly start: number; readonly end: number } {
  const a = Array.from(one);
  const b = Array.from(other);
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start++;
  let end = 0;
  while (end < shorter - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  return { start, end };
}

/** Two long texts, both cut to the surroundings of their first difference. */
export function clipPair(one: string, other: string, columns: number): readonly [string, string] {
  if (displayWidth(one) <= columns && displayWidth(other) <= columns) return [one, other];
  const { start } = sharedEnds(one, other);
  const from = Math.max(0, start - Math.floor(columns / 3));
  const cut = (text: string) =>
    from === 0 ? clip(text, columns) : clip(`…${Array.from(text).slice(from).join("")}`, columns);
  return [cut(one), cut(other)];
}

/** `1 test`, `2 tests`, `1,204 tests`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${groupDigits(count)} ${count === 1 ? one : many}`;
}

/** A count with separators, the same in every locale: `1,204`. */
export function groupDigits(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A duration for people: `820 ms`, `1.1 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 99_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
