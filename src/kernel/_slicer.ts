/**
 * Checks JSON as strictly as the reader, without making values, and remembers where they stand.
 */
import { continued, followed, keysOf, type KeyPath, type Shape } from "./_key-path.ts";
import { falseUnits, nullUnits, Scanner, trueUnits } from "./_scanner.ts";
import { JsonFault } from "./json-fault.ts";

export interface SliceOptions {
  /** Lists and objects within each other; 128 unless told, never more than 1,000. */
  readonly maxDepth?: number;
  /** Whether NaN, Infinity and -Infinity are let pass. Yes, unless told. */
  readonly bareTokens?: boolean;
  /** What happens to a byte order mark before the text; skipped, unless told. */
  readonly bom?: "error" | "strip";
}

export class Slicer extends Scanner {
  /** Beginnings and ends of the bare tokens passed, in turn. */
  private bareSpans: number[] = [];

  start(text: string, options: SliceOptions): number {
    this.open(text, options.maxDepth ?? 128, options.bareTokens ?? true);
    this.bareSpans = [];
    return this.begin(options.bom ?? "strip");
  }

  /** Passes the value at or after a place. */
  value(at: number, shape: Shape): void {
    let unit = this.unit(at);
    if (unit <= 32) {
      at = this.space(at);
      unit = this.unit(at);
    }
    if (unit === 34) this.passString(at + 1);
    else if ((unit >= 48 && unit <= 57) || (unit === 45 && this.unit(at + 1) !== 73)) this.passNumber(at, unit);
    else if (unit === 123) this.object(at + 1, shape);
    else if (unit === 91) this.array(at + 1, shape);
    else if (!this.passedWord(at, unit)) {
      this.passBare(at);
      this.bareSpans.push(at, this.at);
    }
  }

  /** The source of every element of the list whose bracket is at `at`, with bare tokens as strings. */
  elements(at: number, shape: Shape): string[] {
    const found: string[] = [];
    this.descend(at + 1);
    at = this.space(at + 1);
    if (this.unit(at) === 93) this.at = at + 1;
    else {
      const inside = shape.element;
      do {
        at = this.space(at);
        const bareBefore = this.bareSpans.length;
        this.value(at, inside);
        found.push(
          this.bareSpans.length === bareBefore
            ? this.text.slice(at, this.at)
            : this.quotedBare(at, this.at, bareBefore),
        );
        at = this.nextElement() + 1;
      } while (this.unit(at - 1) === 44);
      this.at = at;
    }
    this.depth--;
    return found;
  }

  /** A piece of the text, with the bare tokens from number `index` / 2 on as strings. */
  private quotedBare(from: number, to: number, index: number): string {
    let text = "";
    for (let next = index; next < this.bareSpans.length; next += 2) {
      const end = this.bareSpans[next + 1] ?? to;
      const start = this.bareSpans[next] ?? to;
      text += `${this.text.slice(from, start)}"${this.text.slice(start, end)}"`;
      from = end;
    }
    return text + this.text.slice(from, to);
  }

  private passedWord(at: number, unit: number): boolean {
    if (unit === 116) return this.passWord(at, trueUnits);
    if (unit === 102) return this.passWord(at, falseUnits);
    return unit === 110 && this.passWord(at, nullUnits);
  }

  private array(at: number, shape: Shape): void {
    this.descend(at);
    at = this.space(at);
    if (this.unit(at) === 93) this.at = at + 1;
    else {
      const inside = shape.element;
      do {
        this.value(at, inside);
        at = this.nextElement() + 1;
      } while (this.unit(at - 1) === 44);
      this.at = at;
    }
    this.depth--;
  }

  private object(at: number, shape: Shape): void {
    this.descend(at);
    at = this.space(at);
    if (this.unit(at) === 125) this.at = at + 1;
    else this.members(at, shape);
    this.depth--;
  }

  private members(at: number, shape: Shape): void {
    let path: KeyPath | undefined = shape.start;
    // Needed only where the path leaves what was seen before.
    let seen: Set<string> | undefined;
    while (at >= 0) {
      const guess: KeyPath | undefined = path?.next;
      if (guess !== undefined && this.isAt(guess.quoted, at)) {
        path = guess;
        at += guess.quoted.length;
      } else {
        const key = this.key(at);
        const known: KeyPath | undefined = path && followed(path, key);
        if (known) path = known;
        else {
          seen ??= path ? keysOf(path) : new Set();
          if (seen.has(key)) throw this.duplicate(at, key);
          seen.add(key);
          path = path && continued(path, key);
        }
        at = this.at;
      }
      this.value(this.colon(at), path ? path.value : shape.element);
      at = this.nextMember();
    }
  }

  /** A valid value of the wrong kind is one fault, an invalid one another, and that comes first. */
  wrongKind(at: number, shape: Shape, wanted: "array" | "object", subject: string): JsonFault {
    const article = wanted === "array" ? "an array" : "an object";
    this.value(at, shape);
    if (this.depth === 0) this.end();
    return new JsonFault(`not-${wanted}`, `${subject}${kindAt(this.unit(at))}, not ${article},`, this.text, at);
  }
}

function kindAt(unit: number): string {
  if (unit === 123) return "an object";
  if (unit === 91) return "an array";
  if (unit === 34) return "a string";
  if (unit === 116 || unit === 102) return "a boolean";
  return unit === 110 ? "null" : "a number";
}
