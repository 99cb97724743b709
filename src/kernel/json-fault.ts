/**
 * What is wrong with a JSON text, and exactly where.
 * Comes in: a kind, the text and an offset in it. Goes out: an error that knows line, column and UTF-8 byte.
 * It must not know whose text it is; whoever asked for the text names the file, endpoint or worker.
 */

export type JsonFaultKind =
  /** A character that cannot stand where it stands. */
  | "syntax"
  /** The text ends before the value does. */
  | "truncated"
  /** A complete value, and then more. */
  | "trailing"
  | "depth"
  | "duplicate-key"
  /** Bytes that are not UTF-8. */
  | "utf8"
  /** A byte order mark before the text, where none is allowed. */
  | "bom"
  /** NaN, Infinity or -Infinity, where they are not allowed. */
  | "bare-token"
  /** Valid JSON, but another kind of value than the one asked for. */
  | "not-array"
  | "not-object"
  /** A column with more or fewer values than there are records. */
  | "length";

/** A text that is not the JSON asked for. Thrown by the readers of this folder; callers turn it into a problem or a verdict. */
export class JsonFault extends Error {
  readonly kind: JsonFaultKind;
  /** What is wrong, without the place: `unexpected "}"`, `duplicate key "score"`. */
  readonly what: string;
  /** UTF-16 index in the text. */
  readonly offset: number;
  /** Byte index in the text's UTF-8 form. */
  readonly byte: number;
  /** From 1. Lines end with \n, \r\n or \r. */
  readonly line: number;
  /** From 1, in UTF-16 units, as editors count. */
  readonly column: number;

  constructor(kind: JsonFaultKind, what: string, text: string, offset: number) {
    const { line, column, byte } = placeOf(text, offset);
    super(`${what} at line ${line}, column ${column} (byte ${byte})`);
    this.name = "JsonFault";
    this.kind = kind;
    this.what = what;
    this.offset = offset;
    this.byte = byte;
    this.line = line;
    this.column = column;
  }
}

/** Fails because of what stands at `offset`: the end of the text, or a character or word that cannot stand there. */
export function unexpected(text: string, offset: number): JsonFault {
  const isCut = offset >= text.length || (text.length - offset < 5 && isBegunWord(text.slice(offset)));
  if (isCut) return new JsonFault("truncated", "unexpected end", text, text.length);
  return new JsonFault("syntax", `unexpected ${shown(text, offset)}`, text, offset);
}

function isBegunWord(end: string): boolean {
  return ["true", "false", "null"].some((whole) => whole.length > end.length && whole.startsWith(end));
}

/** A key as a message shows it: JSON, cut when it is long. */
export function shownKey(key: string): string {
  return JSON.stringify(key.length > 60 ? `${key.slice(0, 60)}…` : key);
}

const invisible = /[\p{C}\p{Z}]/u;
const word = /[A-Za-z_$][\w$]{0,30}/y;

/** What stands at an offset, as a message shows it: a whole word, a visible character, or a code point's number. */
function shown(text: string, offset: number): string {
  word.lastIndex = offset;
  const found = word.exec(text);
  if (found) return `"${found[0]}"`;
  const code = text.codePointAt(offset) ?? 0;
  const character = String.fromCodePoint(code);
  return invisible.test(character) ? codePointName(code) : `"${character}"`;
}

/** U+000A. */
export function codePointName(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}

/** One pass over what stands before the offset, made only when something is wrong. */
function placeOf(text: string, offset: number): { line: number; column: number; byte: number } {
  let line = 1;
  let lineStart = 0;
  let byte = 0;
  for (let at = 0; at < offset; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 10 || (unit === 13 && text.charCodeAt(at + 1) !== 10)) {
      line++;
      lineStart = at + 1;
    }
    byte += bytesOf(unit, text, at);
  }
  return { line, column: offset - lineStart + 1, byte };
}

/** UTF-8 bytes of one UTF-16 unit; a pair counts 4 at its first half and 0 at its second. */
function bytesOf(unit: number, text: string, at: number): number {
  if (unit < 0x80) return 1;
  if (unit < 0x800) return 2;
  if (isHigh(unit) && isLow(text.charCodeAt(at + 1))) return 4;
  if (isLow(unit) && at > 0 && isHigh(text.charCodeAt(at - 1))) return 0;
  return 3;
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
