/**
 * The tokens of JSON (RFC 8259), over a string: what the reader and the slicer have in common.
 * `at` is where the last token ended; methods take the place where a token begins.
 */
import { keptArray, ownUnits, unitsOf } from "./_units.ts";
import { JsonFault, codePointName, shownKey, unexpected } from "./json-fault.ts";

/** Deepest nesting that any caller can ask for: less than half of a stack of 984 kB, which holds over 2,000 levels. */
const hardDepth = 1000;

/**
 * One scanner reads many texts, one after the other: V8 throws the machine code for a class away when a garbage collection
 * finds no instance of it, so each kind of scanner has one that lives as long as the program.
 */
export class Scanner {
  text = "";
  /** The text again; what is read unit by unit is read here. */
  units: Uint16Array = keptArray;
  at = 0;
  depth = 0;
  maxDepth = 0;
  /** Whether bare NaN, Infinity and -Infinity may stand for values. */
  allowsBare = false;
  bareTokens = 0;

  protected open(text: string, maxDepth: number, allowsBare: boolean): void {
    this.text = text;
    this.units = unitsOf(text);
    this.at = 0;
    this.depth = 0;
    this.maxDepth = Math.min(maxDepth, hardDepth);
    this.allowsBare = allowsBare;
    this.bareTokens = 0;
  }

  /** Lets go of the text. Every reading ends with this. */
  close(): void {
    this.text = "";
    this.units = keptArray;
  }

  /** Where the text's value begins: behind white space and, where one is allowed, a byte order mark. */
  begin(bom: "error" | "strip"): number {
    if (!startsWithBom(this.text)) return this.space(0);
    if (bom === "strip") return this.space(1);
    throw new JsonFault("bom", "a byte order mark before the text", this.text, 0);
  }

  /** Fails unless nothing but white space is left. */
  end(): void {
    const at = this.space(this.at);
    if (at >= this.text.length) return;
    throw new JsonFault("trailing", `${unexpected(this.text, at).what} after the end of the value`, this.text, at);
  }

  /** 0 at the end. Nothing reads further: no token goes on behind a 0. */
  unit(at: number): number {
    return this.units[at] ?? 0;
  }

  /** The first place that is not white space. */
  space(at: number): number {
    for (;;) {
      const unit = this.unit(at);
      if (unit !== 32 && unit !== 10 && unit !== 13 && unit !== 9) return at;
      at++;
    }
  }

  /** Goes one level down; the caller comes up again by `depth--`. */
  descend(at: number): void {
    if (++this.depth <= this.maxDepth) return;
    throw new JsonFault("depth", `nesting deeper than ${this.maxDepth} levels`, this.text, at - 1);
  }

  /** The end of a string, from a place inside it; afterwards `at` is behind the closing quote. Checks every escape. */
  passString(at: number): void {
    const units = this.units;
    for (;;) {
      const unit = units[at] ?? 0;
      if (unit === 34) break;
      if (unit === 92) at = this.escapeEnd(at);
      else if (unit < 32) throw this.stringFault(at);
      else at++;
    }
    this.at = at + 1;
  }

  /** The end of a number that begins with `unit`, a digit or a minus sign. */
  passNumber(at: number, unit: number): void {
    let next = unit === 45 ? this.unit(++at) : unit;
    if (next === 48) next = this.unit(++at);
    else at = this.passDigits(at, next);
    next = this.unit(at);
    if (next === 46) {
      at = this.passDigits(at + 1, this.unit(at + 1));
      next = this.unit(at);
    }
    if (next === 101 || next === 69) this.passExponent(at);
    else this.at = at;
  }

  /** The exponent whose e is at `at`. */
  passExponent(at: number): void {
    let next = this.unit(++at);
    if (next === 43 || next === 45) next = this.unit(++at);
    this.at = this.passDigits(at, next);
  }

  /** Whether these units stand here. They may not contain a 0. */
  isAt(wanted: Uint16Array, at: number): boolean {
    const units = this.units;
    for (let index = 0; index < wanted.length; index++) {
      if (units[at + index] !== wanted[index]) return false;
    }
    return true;
  }

  /** From behind a key to behind its colon. */
  colon(at: number): number {
    if (this.unit(at) !== 58) {
      at = this.space(at);
      if (this.unit(at) !== 58) throw this.unexpectedAt(at);
    }
    return at + 1;
  }

  /** From behind a list's element to the comma or bracket that follows. */
  nextElement(): number {
    let unit = this.unit(this.at);
    let at = this.at;
    if (unit <= 32) {
      at = this.space(at);
      unit = this.unit(at);
    }
    if (unit !== 44 && unit !== 93) throw this.unexpectedAt(at);
    return at;
  }

  /** From behind a member's value to the next key's quote; -1 when the object ends, and `at` is behind it. */
  nextMember(): number {
    let at = this.at;
    let unit = this.unit(at);
    if (unit <= 32) {
      at = this.space(at);
      unit = this.unit(at);
    }
    if (unit === 44) {
      at++;
      return this.unit(at) <= 32 ? this.space(at) : at;
    }
    if (unit !== 125) throw this.unexpectedAt(at);
    this.at = at + 1;
    return -1;
  }

  /** Whether a word stands here; if so, `at` is behind it. */
  passWord(at: number, word: Uint16Array): boolean {
    this.at = at + word.length;
    return this.isAt(word, at);
  }

  /** What stands where a value must begin is no value of strict JSON: counts a bare NaN or Infinity, or fails. */
  passBare(at: number): string {
    const found = bareTokens.find(
      (token) => this.text.startsWith(token, at) && !isWordUnit(this.unit(at + token.length)),
    );
    if (found === undefined) throw this.unexpectedAt(at);
    if (!this.allowsBare) throw new JsonFault("bare-token", `bare ${found}, which is not JSON,`, this.text, at);
    this.bareTokens++;
    this.at = at + found.length;
    return found;
  }

  unexpectedAt(at: number): JsonFault {
    return unexpected(this.text, at);
  }

  /** An object's key and `at` behind it. */
  key(at: number): string {
    if (this.unit(at) !== 34) throw this.unexpectedAt(at);
    this.passString(at + 1);
    const source = this.text.slice(at, this.at);
    return source.includes("\\") ? String(JSON.parse(source)) : source.slice(1, -1);
  }

  duplicate(at: number, key: string): JsonFault {
    return new JsonFault("duplicate-key", `duplicate key ${shownKey(key)}`, this.text, at);
  }

  private passDigits(at: number, first: number): number {
    if (!(first >= 48 && first <= 57)) throw this.unexpectedAt(at);
    let unit = first;
    while (unit >= 48 && unit <= 57) unit = this.unit(++at);
    return at;
  }

  /** Behind the escape whose backslash is at `at`. */
  private escapeEnd(at: number): number {
    const unit = this.unit(at + 1);
    if (unit === 117) {
      for (let digit = at + 2; digit < at + 6; digit++) {
        if (!isHexUnit(this.unit(digit))) throw this.escapeFault(at, digit);
      }
      return at + 6;
    }
    // " \ / b f n r t
    const isShort =
      unit === 110 ||
      unit === 34 ||
      unit === 92 ||
      unit === 116 ||
      unit === 47 ||
      unit === 114 ||
      unit === 98 ||
      unit === 102;
    if (!isShort) throw this.escapeFault(at, at + 1);
    return at + 2;
  }

  private escapeFault(at: number, wrong: number): JsonFault {
    if (wrong >= this.text.length) return this.unexpectedAt(wrong);
    return new JsonFault(
      "syntax",
      `bad escape ${JSON.stringify(this.text.slice(at, wrong + 1)).replace("\\\\", "\\")}`,
      this.text,
      at,
    );
  }

  stringFault(at: number): JsonFault {
    if (at >= this.text.length) return this.unexpectedAt(at);
    return new JsonFault("syntax", `unescaped ${codePointName(this.unit(at))} in a string`, this.text, at);
  }
}

export function startsWithBom(text: string): boolean {
  return text.charCodeAt(0) === 0xfeff;
}

export const trueUnits: Uint16Array = ownUnits("true");
export const falseUnits: Uint16Array = ownUnits("false");
export const nullUnits: Uint16Array = ownUnits("null");

const bareTokens: readonly string[] = ["NaN", "Infinity", "-Infinity"];

function isHexUnit(unit: number): boolean {
  return (unit >= 48 && unit <= 57) || (unit >= 97 && unit <= 102) || (unit >= 65 && unit <= 70);
}

function isWordUnit(unit: number): boolean {
  return (
    (unit >= 48 && unit <= 57) ||
    (unit >= 97 && unit <= 122) ||
    (unit >= 65 && unit <= 90) ||
    unit === 95 ||
    unit === 36
  );
}
