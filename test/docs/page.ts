/**
 * A page of the documentation as a reader works through it. Comes in: Markdown. Goes out: projects, each a sequence of
 * files to write and commands to run, with what the page shows of their output.
 *
 *     ```ts tests/a.test.ts     a file of the project
 *     ```console                lines after `$ ` are commands, the others their output; `…` stands for any lines
 *     ```python                 run; a comment after an expression is its value
 *     ```toml                   a part of a tally.toml
 *     ```json, ```jsonl         parsed
 *     ```text, ```mermaid       for people only
 *
 * `<!-- new project -->` begins another folder; a page begins with one. `<!-- new project: examples/sqli -->` begins with
 * a copy of that folder.
 */
import { readFileSync } from "node:fs";

export interface Command {
  readonly command: string;
  readonly shown: string;
}

export type Step = { readonly line: number } & (
  | { readonly kind: "file"; readonly path: string; readonly text: string }
  /** `from` and `to`: the lines of the block's inside, for those who update the page. */
  | { readonly kind: "console"; readonly commands: readonly Command[]; readonly from: number; readonly to: number }
  | { readonly kind: "snippet"; readonly language: string; readonly text: string }
);

export interface PageProject {
  readonly page: string;
  readonly line: number;
  /** The folder it is a copy of, from the repository's root. */
  readonly from?: string | undefined;
  readonly steps: readonly Step[];
}

/** The projects of a page. */
export function readPage(page: string): PageProject[] {
  const lines = readFileSync(page, "utf8").split("\n");
  const projects: (PageProject & { steps: Step[] })[] = [{ page, line: 1, steps: [] }];
  for (let i = 0; i < lines.length; i += 1) {
    const begins = /^<!-- new project(?:: (\S+))? -->$/.exec(lines[i] ?? "");
    if (begins !== null) projects.push({ page, line: i + 1, from: begins[1], steps: [] });
    const fence = /^( *)```(.*)$/.exec(lines[i] ?? "");
    if (fence === null) continue;
    const [, indent = "", info = ""] = fence;
    const end = lines.indexOf(`${indent}\`\`\``, i + 1);
    const inside = lines.slice(i + 1, end).map((line) => line.slice(indent.length));
    projects.at(-1)?.steps.push(stepOf(info, inside, i + 1));
    i = end;
  }
  return projects.filter(({ steps }) => steps.length > 0);
}

function stepOf(info: string, inside: readonly string[], line: number): Step {
  const [language = "", path] = info.split(" ");
  const text = `${inside.join("\n")}\n`;
  if (path !== undefined) return { kind: "file", path, text, line };
  if (language !== "console") return { kind: "snippet", language, text, line };
  return { kind: "console", commands: readCommands(inside), from: line, to: line + inside.length, line };
}

/** A command may go on over several lines: after a backslash, or to the end of its here-document. */
function readCommands(lines: readonly string[]): Command[] {
  const commands: { command: string; shown: string[] }[] = [];
  let goesOn: ((line: string) => boolean) | undefined;
  for (const line of lines) {
    const last = commands.at(-1);
    if (goesOn && last) {
      last.command += `\n${line}`;
      if (!goesOn(line)) goesOn = undefined;
    } else if (line.startsWith("$ ")) {
      commands.push({ command: line.slice(2), shown: [] });
      const word = /<<'?(\w+)'?/.exec(line)?.[1];
      if (word !== undefined) goesOn = (next) => next !== word;
      else if (line.endsWith("\\")) goesOn = (next) => next.endsWith("\\");
    } else last?.shown.push(line);
  }
  return commands.map(({ command, shown }) => ({ command, shown: shown.join("\n") }));
}

/** Whether output is as shown. A line with nothing but `…` stands for any number of lines. */
export function isAsShown(shown: string, output: string): boolean {
  const lines = trimmedLines(output);
  const parts = trimmedLines(shown)
    .join("\n")
    .split(/^ *…$\n?/m)
    .map((part) => (part === "" ? [] : part.replace(/\n$/, "").split("\n")));
  let at = 0;
  for (const [i, part] of parts.entries()) {
    const isLast = i === parts.length - 1;
    if (isLast && i > 0) at = Math.max(at, lines.length - part.length);
    else if (i > 0) at = lines.findIndex((_, from) => from >= at && startsWith(lines, from, part));
    if (at < 0 || !startsWith(lines, at, part)) return false;
    at += part.length;
  }
  return at === lines.length;
}

function startsWith(lines: readonly string[], at: number, part: readonly string[]): boolean {
  return part.every((line, i) => lines[at + i] === line);
}

function trimmedLines(text: string): string[] {
  const trimmed = text.trimEnd();
  return trimmed === "" ? [] : trimmed.split("\n").map((line) => line.trimEnd());
}
