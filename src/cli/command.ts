import type { ExitCode } from "../kernel/errors.ts";
import type { Arguments } from "./arguments.ts";
import { type Option, type OptionName, options } from "./options.ts";

/** What a command does: gives its exit code, throws a TallyError for what the user did wrong. */
export type Run = (args: Arguments) => Promise<ExitCode>;

/** A verb as data. */
export interface Command {
  readonly summary: string;
  /** What stands after the verb, for help. */
  readonly usage: string;
  readonly options: readonly OptionName[];
  /** Flags that are something else here than with other verbs. */
  readonly own?: Readonly<Partial<Record<OptionName, Option>>>;
  /** Its arguments are another command: what stands behind the first of them is that command's, flags too. */
  readonly wraps?: boolean;
  /** `--suite` is what the command looks into, not what it works on. */
  readonly namesSuite?: boolean;
  /** How many positional arguments it takes. */
  readonly arguments: { readonly min: number; readonly max: number; readonly name: string };
  readonly examples: readonly string[];
  readonly load: () => Promise<Run>;
}

/** The flags of a verb, in the order in which they are shown. */
export function optionsOf(command: Command): (readonly [OptionName, Option])[] {
  return command.options.map((name) => [name, command.own?.[name] ?? options[name]]);
}
