/** Flags and arguments of one call: from the command line, else from TALLY_<FLAG>; a wrong one is refused by name. */
import { parseArgs } from "node:util";
import { parseDuration } from "../contract/duration.ts";
import { tallyError } from "../kernel/errors.ts";
import type { Command } from "./commands.ts";
import { type Option, type OptionName, options, variableOf } from "./options.ts";

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

  number(name: OptionName): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (!/^\d{1,15}$/.test(value))
      throw tallyError("flag-value", { flag: `--${name}`, value, expected: "a whole number" });
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
    if (found === undefined) throw tallyError("flag-value", { flag: `--${name}`, value, expected: words.join(", ") });
    return found;
  }
}

/** Reads what stands behind the verb. */
export async function readArguments(
  verb: string,
  command: Command,
  words: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Arguments> {
  const known = new Map<string, Option>(command.options.map((name) => [name, options[name]]));
  const config = Object.fromEntries(
    [...known].map(
      ([name, { kind, short }]) =>
        [name, { type: kind === "flag" ? "boolean" : "string", multiple: true, ...(short ? { short } : {}) }] as const,
    ),
  );
  const { tokens } = parseArgs({
    args: [...words],
    options: config,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const given = new Map<string, string[]>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const option = known.get(token.name);
    if (option === undefined) throw await unknownFlag(token.rawName, verb, known);
    const flag = token.rawName;
    if (option.kind === "flag" && token.value !== undefined)
      throw tallyError("flag-value", { flag, value: token.value, expected: "no value" });
    if (option.kind !== "flag" && (token.value === undefined || token.value === "")) {
      throw tallyError("flag-without-value", { flag, value: option.value ?? "VALUE" });
    }
    given.set(token.name, [...(given.get(token.name) ?? []), token.value ?? "true"]);
  }
  const { max, min, name } = command.arguments;
  const extra = positionals[max];
  if (extra !== undefined) throw tallyError("argument-unexpected", { argument: extra, verb });
  if (positionals.length < min) throw tallyError("argument-missing", { argument: name, verb });
  return new Arguments(positionals, given, env);
}

async function unknownFlag(flag: string, verb: string, known: ReadonlyMap<string, Option>): Promise<Error> {
  const { nearest } = await import("../kernel/nearest.ts");
  const found = nearest(flag.replace(/^-+/, ""), [...known.keys()]);
  return tallyError("flag-unknown", { flag, verb, nearest: found === undefined ? undefined : `--${found}` });
}
