/**
 * The command line. Comes in: words and environment. Goes out: results on stdout, progress and errors on stderr, an
 * exit code. Only here errors become text. `--version` and `--help` load next to nothing.
 */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { ExitCode } from "../kernel/errors.ts";
import { tallyVersion } from "../kernel/own-package.ts";
import type { Command } from "./command.ts";

/** The verbs of a command line, loaded when they are needed. */
export type Verbs = () => Promise<Readonly<Record<string, Command>>>;

/** Runs one command and gives its exit code. `isVerified`: the suite at hand was held against its digest already. */
export async function main(words: readonly string[], verbs: Verbs, isVerified = false): Promise<ExitCode> {
  const [verb, ...rest] = words;
  try {
    if (verb === "--version" || verb === "-V") return printVersion();
    if (verb === undefined || verb === "--help" || verb === "-h" || verb === "help")
      return await printHelp(rest[0], verbs);
    const commands = await verbs();
    const command = Object.hasOwn(commands, verb) ? commands[verb] : undefined;
    if (command === undefined) throw await unknownVerb(verb, Object.keys(commands));
    if (rest.includes("--help") || rest.includes("-h")) return await printCommandHelp(verb, command);
    const { readArguments } = await import("./read-arguments.ts");
    const args = await readArguments(verb, command, rest, process.env);
    const run = await command.load();
    if (!command.options.includes("suite") || command.namesSuite) return await run(args);
    if (args.text("suite") === undefined) {
      if (!isVerified && mayBeDelivered(args.text("config")))
        (await import("./delivered/verify-here.ts")).verifyHere(args);
      return await run(args);
    }
    const { withSuite } = await import("./delivered/with-suite.ts");
    return await run(await withSuite(args));
  } catch (error) {
    const { showError } = await import("./show-error.ts");
    return showError(error);
  }
}

/** Whether a delivered suite can lie here: a look at names, so that nobody else waits for it. */
function mayBeDelivered(config: string | undefined): boolean {
  const from = resolve(config ?? "");
  const isThere = (folder: string): boolean => existsSync(join(folder, "suite.json"));
  if (config !== undefined) return isThere(from) || isThere(dirname(from));
  for (let folder = from; ; folder = dirname(folder)) {
    if (isThere(folder)) return true;
    if (folder === dirname(folder)) return false;
  }
}

function printVersion(): ExitCode {
  process.stdout.write(`tally ${tallyVersion()}\n`);
  return 0;
}

async function printHelp(verb: string | undefined, verbs: Verbs): Promise<ExitCode> {
  const commands = await verbs();
  const { commandHelp, generalHelp } = await import("./help.ts");
  const command = verb !== undefined && Object.hasOwn(commands, verb) ? commands[verb] : undefined;
  process.stdout.write(verb !== undefined && command ? commandHelp(verb, command) : generalHelp(commands));
  return 0;
}

async function printCommandHelp(verb: string, command: Command): Promise<ExitCode> {
  const { commandHelp } = await import("./help.ts");
  process.stdout.write(commandHelp(verb, command));
  return 0;
}

async function unknownVerb(verb: string, known: readonly string[]): Promise<Error> {
  const [{ tallyError }, { nearest }, { isInstalledOnly }] = await Promise.all([
    import("../kernel/errors.ts"),
    import("../kernel/nearest.ts"),
    import("./suite-commands.ts"),
  ]);
  return tallyError("verb-unknown", { verb, nearest: nearest(verb, known), isInstalledOnly: isInstalledOnly(verb) });
}
