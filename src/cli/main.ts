/**
 * The command line. Comes in: words and environment. Goes out: results on stdout, progress and errors on stderr, an
 * exit code. Only here errors become text. `--version` and `--help` load next to nothing.
 */
import { type ExitCode, isTallyError, problem } from "../kernel/errors.ts";
import type { Command } from "./command.ts";

/** Runs one command and gives its exit code. */
export async function main(words: readonly string[]): Promise<ExitCode> {
  const [verb, ...rest] = words;
  try {
    if (verb === "--version" || verb === "-V") return await printVersion();
    if (verb === undefined || verb === "--help" || verb === "-h" || verb === "help") return await printHelp(rest[0]);
    const { commands } = await import("./commands.ts");
    const command = Object.hasOwn(commands, verb) ? commands[verb] : undefined;
    if (command === undefined) throw await unknownVerb(verb, Object.keys(commands));
    if (rest.includes("--help") || rest.includes("-h")) return await printCommandHelp(verb, command);
    const { readArguments } = await import("./read-arguments.ts");
    const args = await readArguments(verb, command, rest, process.env);
    const run = await command.load();
    return await run(args);
  } catch (error) {
    const { showProblem } = await import("./show-problem.ts");
    const shown = isTallyError(error) ? error.problem : problem("internal", { what: reasonOf(error) }, stackOf(error));
    process.stderr.write(showProblem(shown, process.stderr.isTTY && !process.env["NO_COLOR"]));
    return shown.exit;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? "") : "";
}

async function printVersion(): Promise<ExitCode> {
  const { tallyVersion } = await import("../kernel/own-package.ts");
  process.stdout.write(`tally ${tallyVersion()}\n`);
  return 0;
}

async function printHelp(verb: string | undefined): Promise<ExitCode> {
  const { commands } = await import("./commands.ts");
  const { commandHelp, generalHelp } = await import("./help.ts");
  const command = verb !== undefined && Object.hasOwn(commands, verb) ? commands[verb] : undefined;
  process.stdout.write(verb !== undefined && command ? commandHelp(verb, command) : generalHelp());
  return 0;
}

async function printCommandHelp(verb: string, command: Command): Promise<ExitCode> {
  const { commandHelp } = await import("./help.ts");
  process.stdout.write(commandHelp(verb, command));
  return 0;
}

async function unknownVerb(verb: string, known: readonly string[]): Promise<Error> {
  const [{ tallyError }, { nearest }] = await Promise.all([
    import("../kernel/errors.ts"),
    import("../kernel/nearest.ts"),
  ]);
  return tallyError("verb-unknown", { verb, nearest: nearest(verb, known) });
}
