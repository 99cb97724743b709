/** Collects what is wrong with one `tally.toml`, finds the places and throws the first fault with the others behind it. */
import { type ErrorArgs, type ErrorCode, type Problem, problem, TallyError } from "../kernel/errors.ts";
import { shownPath } from "../kernel/shown-path.ts";
import { lineAndColumn, locateKey } from "./locate-key.ts";

/** A path of keys inside the contract, without `tool.tally`. */
export type KeyPath = readonly (string | number)[];

type ContractCode = Extract<ErrorCode, `contract-${string}`>;

/** What a fault says besides its place. */
type Said<Code extends ContractCode> = Omit<ErrorArgs<Code>, "at" | "path">;

interface Fault {
  readonly path: KeyPath;
  readonly make: (args: { at: string; path: string }, detail: string) => Problem;
}

/** The source text of a contract, for positions. */
export interface ContractSource {
  readonly file: string;
  readonly text: string;
  /** `["tool", "tally"]` in a pyproject.toml. */
  readonly prefix: readonly string[];
}

const othersShown = 8;

/** The faults of one file, in the order they were found. */
export class Faults {
  readonly #source: ContractSource;
  readonly #faults: Fault[] = [];

  constructor(source: ContractSource) {
    this.#source = source;
  }

  /** Notes a fault at a key. */
  add<Code extends ContractCode>(code: Code, path: KeyPath, args: Said<Code>): void {
    // `at` and `path` are what Said leaves out; codes without them ignore them.
    const make: Fault["make"] = (place, detail) => problem(code, { ...args, ...place } as ErrorArgs<Code>, detail);
    this.#faults.push({ path, make });
  }

  /** The number written at a key, as it is written: doubles hide `1e-400`. */
  numberText(path: KeyPath): string {
    const place = locateKey(this.#source.text, [...this.#source.prefix, ...path]);
    return place === undefined ? "" : (/^[^\s,\]}#]*/.exec(this.#source.text.slice(place.value))?.[0] ?? "");
  }

  /** Throws the fault that stands first in the file, with its lines of source and a list of the others. */
  throwAny(): void {
    const { text, file, prefix } = this.#source;
    const placed = this.#faults.map((fault) => {
      const whole = [...prefix, ...fault.path];
      return { fault, whole, offset: locateKey(text, whole)?.at };
    });
    placed.sort((a, b) => (a.offset ?? text.length) - (b.offset ?? text.length));
    const [first, ...others] = placed;
    if (first === undefined) return;
    const say = (one: typeof first, detail: string): Problem =>
      one.fault.make({ at: placeOf(file, text, one.offset), path: keyText(one.whole) }, detail);
    const lines = first.offset === undefined ? [] : frame(text, first.offset);
    for (const other of others.slice(0, othersShown)) lines.push(`also ${say(other, "").message}`);
    if (others.length > othersShown) lines.push(`also ${others.length - othersShown} more`);
    throw new TallyError(say(first, lines.join("\n")));
  }
}

function placeOf(file: string, text: string, offset: number | undefined): string {
  return offset === undefined ? shownPath(file) : `${shownPath(file)}:${lineAndColumn(text, offset).line}`;
}

/** `operations.process.output["a b"]`. */
function keyText(path: KeyPath): string {
  let text = "";
  for (const part of path) {
    if (typeof part === "number") text += `[${part}]`;
    else if (/^[A-Za-z0-9_-]+$/.test(part)) text += text === "" ? part : `.${part}`;
    else text += text === "" ? JSON.stringify(part) : `.${JSON.stringify(part)}`;
  }
  return text;
}

const secretLine = /((?:authorization|cookie|token|secret|password|passwd|api[-_]?key|credential)[^=]*=\s*)(["']).*\2/i;

/** Three lines of source with the place marked. Values of keys that sound like secrets are left out. */
export function frame(text: string, offset: number): string[] {
  const { line, column } = lineAndColumn(text, offset);
  const lines = text.split(/\r?\n/);
  const width = String(line + 1).length;
  const shown: string[] = [];
  for (let number = Math.max(1, line - 1); number <= Math.min(lines.length, line + 1); number++) {
    const whole = lines[number - 1] ?? "";
    const source = whole.replace(secretLine, "$1$2…$2").replaceAll(/:\/\/[^\s/@"']*@/g, "://…@");
    if (number !== line && source.trim() === "") continue;
    const clipped = source.length > 160 ? `${source.slice(0, 159)}…` : source;
    shown.push(`${number === line ? ">" : " "} ${String(number).padStart(width)} | ${clipped}`);
    if (number === line && column <= 160 && source === whole)
      shown.push(`  ${" ".repeat(width)} | ${" ".repeat(column - 1)}^`);
  }
  return shown;
}
