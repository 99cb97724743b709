/** Flags and arguments of one call: from the command line, else from TALLY_<FLAG>; a wrong value is refused. */
import { parseDuration } from "../contract/duration.ts";
import { tallyError } from "../kernel/errors.ts";
import { type OptionName, variableOf } from "./options.ts";

export class Arguments {
  readonly positionals: readonly string[];
  readonly #given: ReadonlyMap<string, readonly string[]>;
  readonly #env: NodeJS.ProcessEnv;

  constructor(positionals: readonly string[], given: ReadonlyMap<string, readonly string[]>, env: NodeJS.ProcessEnv) {
    this.positionals = positionals;
    this.#given = given;
    this.#env = env;
  }

  /** Whether the flag was given on the command line, rather than in the environment. */
  isTyped(name: OptionName): boolean {
    return this.#given.has(name);
  }

  /** The same words, as if this flag had been typed too. */
  with(name: OptionName, value: string): Arguments {
    return new Arguments(this.positionals, new Map([...this.#given, [name, [value]]]), this.#env);
  }

  text(name: OptionName): string | undefined {
    const given = this.#given.get(name)?.at(-1) ?? this.#env[variableOf(name)];
    return given === "" ? undefined : given;
  }

  list(name: OptionName): readonly string[] {
    return this.#given.get(name) ?? this.#env[variableOf(name)]?.split(",").filter((word) => word !== "") ?? [];
  }

  flag(name: OptionName): boolean {
    if (this.#given.has(name)) return true;
    const value = this.#env[variableOf(name)];
    return value !== undefined && value !== "" && value !== "0" && value !== "false";
  }

  number(name: OptionName, least = 0): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const expected = least === 0 ? "a whole number" : `a whole number of at least ${least}`;
    if (!/^\d{1,15}$/.test(value) || Number(value) < least)
      throw tallyError("flag-value", { flag: `--${name}`, value, expected });
    return Number(value);
  }

  /** Milliseconds. */
  duration(name: OptionName): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const ms = parseDuration(value);
    if (ms === undefined)
      throw tallyError("flag-value", { flag: `--${name}`, value, expected: "a duration (250ms, 3s, 2m)" });
    return ms;
  }

  /** One of several words. */
  choice<const Word extends string>(name: OptionName, words: readonly Word[]): Word | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const found = words.find((word) => word === value);
    if (found !== undefined) return found;
    const example = `--${name} ${words[0]}`;
    throw tallyError("flag-value", { flag: `--${name}`, value, expected: words.join(", "), example });
  }
}
