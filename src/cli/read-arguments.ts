/** The words behind a verb → its flags and arguments; an unknown one is refused with the nearest there is. */
import { parseArgs } from "node:util";
import { tallyError } from "../kernel/errors.ts";
import { Arguments } from "./arguments.ts";
import { type Command, optionsOf } from "./command.ts";
import type { Option } from "./options.ts";

/** Reads what stands behind the verb. */
export async function readArguments(
  verb: string,
  command: Command,
  words: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Arguments> {
  const known = new Map<string, Option>(optionsOf(command));
  const config = Object.fromEntries(
    [...known].map(
      ([name, { kind, short }]) =>
        [name, { type: kind === "flag" ? "boolean" : "string", multiple: true, ...(short ? { short } : {}) }] as const,
    ),
  );
  const parse = (args: string[]) =>
    parseArgs({ args, options: config, strict: false, allowPositionals: true, tokens: true }).tokens;
  let tokens = parse([...words]);
  if (command.wraps === true) {
    const at = tokens.find(({ kind }) => kind === "positional" || kind === "option-terminator")?.index;
    if (at !== undefined && words[at] !== "--") tokens = parse([...words.slice(0, at), "--", ...words.slice(at)]);
  }
  const given = new Map<string, string[]>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const option = known.get(token.name);
    if (option === undefined) throw await unknownFlag(token.rawName, verb, known);
    const flag = token.rawName;
    if (option.kind === "flag" && token.value !== undefined)
      throw tallyError("flag-value", { flag, value: token.value, expected: "no value", example: flag });
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
