/** What `--help` prints. */
import { isInImage } from "../kernel/in-image.ts";
import { type Command, optionsOf } from "./command.ts";
import type { Option } from "./options.ts";

const columns = 80;

/** `tally --help`. */
export function generalHelp(commands: Readonly<Record<string, Command>>): string {
  const verbs = Object.entries(commands).map(([verb, { summary }]) => `  ${verb.padEnd(10)} ${summary}`);
  return [
    "Does production tally with research? Tests of a model that run against any endpoint.",
    "",
    "Usage: tally COMMAND [flags]",
    "",
    ...verbs,
    "",
    "  tally COMMAND --help   its flags        tally --version",
    ...(isInImage
      ? ["", "In an image `tally` is `docker run … IMAGE`: what follows it comes behind the image's name."]
      : []),
    "",
    "Exit: 0 all judged, all agree · 1 a test failed · 2 usage or configuration",
    "  3 the endpoint could not be judged · 4 the connector failed · 5 nothing to judge",
    "  6 incomplete · 7 trust · 70 a bug in Tally · 130/143 signals",
    "",
  ].join("\n");
}

/** `tally VERB --help`. */
export function commandHelp(verb: string, command: Command): string {
  return [
    `${command.summary}.`,
    "",
    `Usage: tally ${verb} ${command.usage}`,
    "",
    ...optionsOf(command).flatMap(([name, option]) => describeOption(name, option)),
    "",
    ...command.examples.map((example, i) => `${i === 0 ? "Examples: " : "          "}${example}`),
    "",
    "Every flag can be set in the environment too: TALLY_<FLAG>.",
    "",
  ].join("\n");
}

function describeOption(name: string, option: Option): string[] {
  const short = option.short ? `-${option.short}, ` : "    ";
  const left = `  ${short}--${name}${option.value ? ` ${option.value}` : ""}`;
  const doc = `${option.doc}${option.default ? ` [${option.default}]` : ""}`;
  const indent = 30;
  const lines = wrap(doc, columns - indent);
  if (left.length >= indent) return [left, ...lines.map((line) => " ".repeat(indent) + line)];
  return lines.map((line, i) => (i === 0 ? left : "").padEnd(indent) + line);
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
