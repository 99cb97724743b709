/** Writes the reference page of the command line from `src/cli/commands.ts`, `src/cli/options.ts` and the exit codes. */
import { type Command, optionsOf } from "../../src/cli/command.ts";
import { commands } from "../../src/cli/commands.ts";
import { type Option, type OptionName, variableOf } from "../../src/cli/options.ts";
import type { ExitCode } from "../../src/kernel/errors.ts";
import { exitMeanings } from "../../src/kernel/errors/exit-meanings.ts";
import { strongestExit } from "../../src/verdict/exit-code.ts";

/** The generated files: path from the repository's root, and content. */
export function generateCli(): { path: string; text: string }[] {
  const sections = Object.entries(commands).map(([verb, command]) => section(verb, command));
  return [{ path: "docs/reference/cli.md", text: `${[intro, ...sections, exitCodes(), environment].join("\n\n")}\n` }];
}

const intro = `<!-- generated from src/cli/commands.ts and src/cli/options.ts: npm run generate -->
# The command line

\`\`\`text
tally COMMAND [arguments] [flags]
\`\`\`

${Object.entries(commands)
  .map(([verb, { summary }]) => `- [\`tally ${verb}\`](#tally-${verb}): ${summary}`)
  .join("\n")}

\`tally --version\` and \`tally COMMAND --help\` do what they say. Where the package is a dependency of the project, call it by \`npx --no tally\`:
\`--no\` keeps npx from fetching another package of that name, and \`npx --no -- tally --version\` keeps it from answering itself.

Results go to stdout, progress and errors to stderr. Durations are \`250ms\`, \`3s\`, \`2m\`. Every flag can be set in the environment:
\`--test-timeout\` is \`TALLY_TEST_TIMEOUT\`; a list is separated by commas, a flag without a value is on unless it is \`0\` or \`false\`.
What is typed counts first.`;

function section(verb: string, command: Command): string {
  const rows = optionsOf(command).map(([name, option]) => row(name, option));
  return [
    `## tally ${verb}`,
    `${command.summary}.`,
    `\`\`\`text\ntally ${verb} ${command.usage}\n\`\`\``,
    ...(rows.length === 0 ? [] : [["| flag | meaning | default |", "|---|---|---|", ...rows].join("\n")]),
    `Examples:\n\n\`\`\`text\n${command.examples.join("\n")}\n\`\`\``,
  ].join("\n\n");
}

function row(name: OptionName, option: Option): string {
  const long = `\`--${name}${option.value === undefined ? "" : ` ${option.value}`}\``;
  const flag = option.short === undefined ? long : `\`-${option.short}\`, ${long}`;
  return `| ${[flag, option.doc, option.default ?? ""].map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function exitCodes(): string {
  const codes = Object.keys(exitMeanings).map(Number) as ExitCode[];
  const rows = codes.map((code) => `| ${code} | ${exitMeanings[code]} |`);
  const order = codes.toSorted((a, b) => (strongestExit([a, b]) === a ? -1 : 1));
  return [
    "## Exit codes",
    "Nothing executed is never 0, unless the selection was computed (`--shard`, `--last-failed`) and is empty.\n" +
      "6 is a run that stopped before everything was judged: `-x`, `--max-time`.",
    ["| code | meaning |", "|---|---|", ...rows].join("\n"),
    `When several apply, the first of these counts: ${order.join(", ")}.`,
  ].join("\n\n");
}

const environment = `## Environment

| variable | meaning |
|---|---|
| \`ENDPOINT\` | the endpoint to test, like \`--endpoint\`, which counts first; \`${variableOf("endpoint")}\` is another name for it |
| \`TALLY_TOKEN\` | sent as \`Authorization: Bearer …\` to the endpoint's origin only |
| \`TALLY_PYTHON\` | the interpreter of Python connectors, unless \`[connector] interpreter\` names one |
| \`TALLY_SENSITIVE_KEY\` | the key of the hashes that stand for sensitive fields; without it every run has one of its own |
| \`NO_COLOR\`, \`FORCE_COLOR\` | colour off, on; \`--color\` counts first |
| \`CI\` | no live progress line |`;
