/**
 * Strict JSON without loss.
 * Comes in: a text, or bytes. Goes out: a value in which every number says what the text said, or a `JsonFault` with the place.
 * It must not know what the value is for: field types, tolerances and wire rules are others' business.
 *
 * Objects inherit nothing, duplicate keys and deep nesting are refused, lone surrogates survive. Strings of 13 and more
 * characters are slices that keep the whole text in memory as long as they live.
 */
import { continued, followed, rememberedShapes, type KeyPath, type Shape } from "./_key-path.ts";
import { exactPower, nearestDouble, numberOf } from "./_number.ts";
import { plainObject, type PlainObject } from "./_plain-object.ts";
import { falseUnits, nullUnits, Scanner, startsWithBom, trueUnits } from "./_scanner.ts";
import { JsonFault } from "./json-fault.ts";
import { JsonNumber, type Json } from "./json-value.ts";

export interface ReadOptions {
  /** Lists and objects within each other; 128 unless told, never more than 1,000. */
  readonly maxDepth?: number;
  /**
   * `lossless` (unless told): a plain number where that says everything, a `JsonNumber` with its text otherwise.
   * `text`: a `JsonNumber` always, as written.
   */
  readonly numbers?: "lossless" | "text";
  /** Whether NaN, Infinity and -Infinity are numbers. No, unless told. */
  readonly bareTokens?: boolean;
  /** What happens when an object has a key twice; an error, unless told. */
  readonly duplicateKeys?: "error" | "last";
  /** What happens to a byte order mark before the text; an error, unless told. */
  readonly bom?: "error" | "strip";
}

export interface CountedJson {
  readonly value: Json;
  /** How many bare NaN, Infinity and -Infinity were read. */
  readonly bareTokens: number;
  /** Whether a byte order mark was skipped. */
  readonly bom: boolean;
}

/** Reads one JSON value. Throws `JsonFault`. */
export function readJson(text: string, options: ReadOptions = {}): Json {
  return reader.read(text, options);
}

/** Reads one JSON value and says what was let pass. As strict as `readJson`: both are refused unless the options allow them. */
export function readJsonCounted(text: string, options: ReadOptions = {}): CountedJson {
  const value = reader.read(text, options);
  return { value, bareTokens: reader.bareTokens, bom: options.bom === "strip" && startsWithBom(text) };
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Decodes UTF-8 strictly: throws a `JsonFault` that names the first bad byte. A byte order mark stays, for the reader to see. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    const wrong = firstBadByte(bytes);
    if (wrong === bytes.length) throw cause;
    const before = utf8.decode(bytes.subarray(0, wrong));
    const byte = (bytes[wrong] ?? 0).toString(16).toUpperCase().padStart(2, "0");
    throw new JsonFault("utf8", `byte 0x${byte} is not UTF-8`, before, before.length);
  }
}

/** The beginning of the first sequence that is not UTF-8 (Unicode table 3-7), or the length. */
function firstBadByte(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const lead = bytes[at] ?? 0;
    const second = bytes[at + 1] ?? 0;
    let more = 0;
    if (lead >= 0xc2 && lead <= 0xdf) more = 1;
    else if (lead >= 0xe0 && lead <= 0xef) more = 2;
    else if (lead >= 0xf0 && lead <= 0xf4) more = 3;
    else if (lead >= 0x80) return at;
    // Overlong forms, surrogates, and what lies beyond U+10FFFF.
    if (lead === 0xe0 && second < 0xa0) return at;
    if (lead === 0xed && second > 0x9f) return at;
    if (lead === 0xf0 && second < 0x90) return at;
    if (lead === 0xf4 && second > 0x8f) return at;
    for (let next = at + 1; next <= at + more; next++) {
      if (((bytes[next] ?? 0) & 0xc0) !== 0x80) return at;
    }
    at += more + 1;
  }
  return at;
}

/** Elements up to which a list is made in one piece. */
const shortList = 16;

class Reader extends Scanner {
  private asText = false;
  private lastWins = false;
  /** Elements of the short lists being read: a list that grows by itself takes room for 17 with the first. */
  private waiting: Json[] = [];
  private waitingCount = 0;

  read(text: string, options: ReadOptions): Json {
    this.open(text, options.maxDepth ?? 128, options.bareTokens ?? false);
    this.asText = options.numbers === "text";
    this.lastWins = options.duplicateKeys === "last";
    try {
      const value = this.value(this.begin(options.bom ?? "error"), rememberedShapes());
      this.end();
      return value;
    } finally {
      this.close();
      this.waiting = [];
      this.waitingCount = 0;
    }
  }

  private value(at: number, shape: Shape): Json {
    let unit = this.unit(at);
    if (unit <= 32) {
      at = this.space(at);
      unit = this.unit(at);
    }
    if (unit === 34) return this.string(at + 1);
    if ((unit >= 48 && unit <= 57) || unit === 45) return this.number(at, unit);
    if (unit === 123) return this.object(at + 1, shape);
    if (unit === 91) return this.array(at + 1, shape);
    if (unit === 116 && this.passWord(at, trueUnits)) return true;
    if (unit === 102 && this.passWord(at, falseUnits)) return false;
    if (unit === 110 && this.passWord(at, nullUnits)) return null;
    return Number(this.passBare(at));
  }

  private array(at: number, shape: Shape): Json {
    this.descend(at);
    at = this.space(at);
    let list: Json[] | undefined;
    const base = this.waitingCount;
    if (this.unit(at) === 93) this.at = at + 1;
    else {
      const inside = shape.element;
      do {
        const element = this.value(at, inside);
        if (list) list.push(element);
        else {
          this.waiting[this.waitingCount++] = element;
          if (this.waitingCount - base === shortList) list = this.waitingFrom(base);
        }
        at = this.nextElement() + 1;
      } while (this.unit(at - 1) === 44);
      this.at = at;
    }
    list ??= this.waiting.slice(base, this.waitingCount);
    this.waitingCount = base;
    this.depth--;
    return list;
  }

  /** The elements of what turned out to be a longer list. Pushed one by one, so that V8 stores numbers as numbers. */
  private waitingFrom(base: number): Json[] {
    const list: Json[] = [];
    for (let index = base; index < this.waitingCount; index++) list.push(this.waiting[index] ?? null);
    this.waitingCount = base;
    return list;
  }

  private object(at: number, shape: Shape): Json {
    this.descend(at);
    const object = plainObject(shape.width);
    at = this.space(at);
    if (this.unit(at) === 125) this.at = at + 1;
    else this.members(at, object, shape);
    this.depth--;
    return object;
  }

  /** The members of an object, from its first key on, along the path of keys that the last object here took. */
  private members(at: number, object: PlainObject, shape: Shape): void {
    let path = shape.start;
    let width = 0;
    for (;;) {
      const guess = path.next;
      if (guess !== undefined && this.isAt(guess.quoted, at)) {
        path = guess;
        at += guess.quoted.length;
      } else {
        const other = this.otherKey(at, path, object);
        if (other === undefined) return this.untrackedMembers(at, object, shape);
        path = other;
        at = this.at;
      }
      object[path.key] = this.value(this.colon(at), path.value);
      width++;
      at = this.nextMember();
      if (at < 0) break;
    }
    shape.width = width;
  }

  /** A key that was not the expected one; undefined when it cannot be tracked, and nothing is read then. */
  private otherKey(at: number, path: KeyPath, object: PlainObject): KeyPath | undefined {
    const key = this.key(at);
    const known = followed(path, key);
    if (known) return known;
    // A path in the tree has no key twice; only a new piece of it must be checked.
    if (key in object) {
      if (this.lastWins) return undefined;
      throw this.duplicate(at, key);
    }
    return continued(path, key);
  }

  /** Objects used as maps, and those with a key twice where that is allowed: every key is looked up. */
  private untrackedMembers(at: number, object: PlainObject, shape: Shape): void {
    while (at >= 0) {
      const key = this.key(at);
      if (key in object && !this.lastWins) throw this.duplicate(at, key);
      object[key] = this.value(this.colon(this.at), shape.element);
      at = this.nextMember();
    }
  }

  /** A string, from behind its opening quote. */
  private string(start: number): string {
    const units = this.units;
    let at = start;
    for (;;) {
      const unit = units[at] ?? 0;
      if (unit === 34) {
        this.at = at + 1;
        return this.text.slice(start, at);
      }
      if (unit === 92 || unit < 32) break;
      at++;
    }
    this.passString(at);
    // Checked above; V8's own reader is the fastest way to decode escapes.
    return String(JSON.parse(this.text.slice(start - 1, this.at)));
  }

  /** A number that begins with `unit`. Common spellings are decoded here, the others by their text. */
  private number(start: number, unit: number): Json {
    if (this.asText) return this.numberText(start, unit);
    const units = this.units;
    const first = unit === 45 ? start + 1 : start;
    // Up to 18 significant digits, in two halves.
    let high = 0;
    let low = 0;
    let count = 0;
    let point = -1;
    let at = first;
    for (;;) {
      unit = units[at] ?? 0;
      if (unit >= 48 && unit <= 57) {
        if (count < 9) {
          high = high * 10 + (unit - 48);
          if (high !== 0) count++;
        } else if (count++ < 18) low = low * 10 + (unit - 48);
      } else if (unit === 46 && point < 0) point = at;
      else break;
      at++;
    }
    const wholeEnd = point < 0 ? at : point;
    const hasLeadingZero = wholeEnd - first > 1 && units[first] === 48;
    const isPlain = wholeEnd > first && !hasLeadingZero && at !== point + 1;
    if (!isPlain) return this.oddNumber(start);

    let scale = point < 0 ? 0 : at - point - 1;
    this.at = at;
    if (unit === 101 || unit === 69) scale -= this.exponent(at);
    const value = decoded(high, low, count, scale);
    // NaN: not decided here.
    if (value !== value) return numberOf(this.text.slice(start, this.at));
    return first === start ? value : -value;
  }

  private numberText(start: number, unit: number): Json {
    if (unit === 45 && this.unit(start + 1) === 73) return Number(this.passBare(start));
    this.passNumber(start, unit);
    return new JsonNumber(this.text.slice(start, this.at));
  }

  /** What began like a number: -Infinity, or a fault. */
  private oddNumber(start: number): Json {
    const unit = this.unit(start);
    if (unit === 45 && this.unit(start + 1) === 73) return Number(this.passBare(start));
    this.passNumber(start, unit);
    throw this.unexpectedAt(this.at);
  }

  private exponent(at: number): number {
    this.passExponent(at);
    return Number(this.text.slice(at + 1, this.at));
  }
}

/**
 * (high and low as one number of `count` digits) / 10^scale, as a double that says everything; NaN when only the text can
 * tell: more than 17 digits, a large exponent, an integer that may not be safe, two doubles about equally near.
 */
function decoded(high: number, low: number, count: number, scale: number): number {
  if (scale === 0 && count <= 15) return count <= 9 ? high : high * (exactPower[count - 9] ?? 1) + low;
  if (count > 17 || scale < 0 || scale > 22) return Number.NaN;
  // Both are exact doubles, so the quotient is the nearest one.
  if (count <= 9) return high / (exactPower[scale] ?? 1);
  const value = nearestDouble(high, low, count - 9, scale);
  return value === Math.floor(value) ? Number.NaN : value;
}

const reader = new Reader();
