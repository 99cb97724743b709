/** Every page is worked through as a reader would: its files written, its commands run, their output compared. */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { parseContract } from "../../src/contract/load-contract.ts";
import { normal } from "../kit/project.ts";
import { type Command, isAsShown, type PageProject, readPage, type Step } from "./page.ts";
import { missingFor, python, runPython } from "./python.ts";
import { openShell, type Shell } from "./shell.ts";
import { missingToolsFor } from "./tools.ts";

/** `UPDATE_DOCS=1 npx vitest run test/docs` writes the real output into the pages. */
const updates = process.env["UPDATE_DOCS"] === "1";

const pages = globSync(["*.md", "python/README.md", "docs/**/*.md", "protocol/*.md"]).toSorted();

const projects = pages.flatMap(readPage).filter(({ steps }) => steps.some(isToDo));

function isToDo(step: Step): boolean {
  return step.kind !== "snippet" || (step.language !== "text" && step.language !== "mermaid");
}

test.for(projects.map((project) => [`${project.page}:${project.line}`, project] as const))(
  "%s works as shown",
  { timeout: 300_000 },
  async ([name, project], { skip }) => {
    const missing = missingFor(codeOf(project)) ?? missingToolsFor(project);
    if (missing !== undefined) process.stderr.write(`skipped ${name}: ${missing}\n`);
    skip(missing !== undefined, missing);
    const shell = await openShell(python, project.from);
    onTestFinished(shell.close);
    for (const step of project.steps) {
      if (step.kind === "file") shell.write(step.path, step.text);
      else if (step.kind === "snippet") checkSnippet(step.language, step.text);
      else {
        const outputs = await runAll(step.commands, shell);
        if (outputs.some((output, i) => !agrees(step.commands[i]?.shown ?? "", output)))
          updated.push({ page: project.page, step, outputs });
        if (!updates) expectAsShown(step.commands, outputs);
      }
    }
    const snippets = project.steps.filter((step) => step.kind === "snippet" && step.language === "python");
    if (snippets.length > 0)
      expect(runPython(["test/docs/run_snippet.py"], python, codeOf({ ...project, steps: snippets }))).toBe("");
  },
);

function codeOf({ steps }: PageProject): string {
  return steps.map((step) => (step.kind === "console" ? "" : step.text)).join("\n");
}

async function runAll(commands: readonly Command[], shell: Shell): Promise<string[]> {
  const outputs: string[] = [];
  for (const { command } of commands) outputs.push(await shell.run(command));
  return outputs;
}

function agrees(shown: string, output: string): boolean {
  return isAsShown(normalized(shown), normalized(output));
}

/** What differs from run to run and from machine to machine; files are listed as they end. */
function normalized(text: string): string {
  const lists = text.replaceAll(/(^ [✓✗!] \S+\.(ts|jsonl|csv|py) +\d.*\n)+/gm, (lines) =>
    lines.replaceAll(/ +/g, " ").trimEnd().split("\n").toSorted().concat("").join("\n"),
  );
  return (
    normal(lists, "/nowhere")
      // A long path of the interpreter puts the model's name on a line of its own.
      .replaceAll(/\s+(\S+ python) \d+\.\d+\.\d+ \([^)]*\)/g, "  $1 <version>")
      .replaceAll(/\b\d{8}-\d{6}-[0-9a-f]{4}\b/g, "<run>")
      .replaceAll(/ at \d{4}-\d\d-\d\dT[\d:.]+Z/g, " at <time>")
      .replaceAll(/\b20\d\d-\d\d-\d\d(?!T)\b/g, "<date>")
      // Keys are made as the page is read.
      .replaceAll(/\([0-9a-f]{16}…\)/g, "(<key>)")
      .replaceAll(/"(ms|at|seed)":[^,}]+/g, '"$1":…')
      .replaceAll(/ +\d+\.\d+ sec\b| in \d+\.\d+s$/gm, " <time>")
  );
}

function expectAsShown(commands: readonly Command[], outputs: readonly string[]): void {
  for (const [i, { command, shown }] of commands.entries()) {
    const output = outputs[i] ?? "";
    if (!agrees(shown, output))
      expect(`$ ${command}\n${normalized(output)}`).toBe(`$ ${command}\n${normalized(shown)}`);
  }
}

const updated: { page: string; step: Extract<Step, { kind: "console" }>; outputs: string[] }[] = [];

// From the last block to the first, so that the places of the others stay where they are.
afterAll(() => {
  if (!updates) return;
  for (const { page, step, outputs } of updated.toSorted((a, b) => b.step.from - a.step.from))
    update(page, step, outputs);
});

/** Puts real output in place of what a block shows. */
function update(
  page: string,
  { commands, from, to }: Extract<Step, { kind: "console" }>,
  outputs: readonly string[],
): void {
  const lines = readFileSync(page, "utf8").split("\n");
  const block = commands.flatMap(({ command, shown }, i) => {
    const output = outputs[i] ?? "";
    const kept = agrees(shown, output) ? shown : output.trimEnd();
    return [`$ ${command}`, ...(kept === "" ? [] : [kept])];
  });
  writeFileSync(page, [...lines.slice(0, from), ...block, ...lines.slice(to)].join("\n"));
}

function checkSnippet(language: string, text: string): void {
  if (language === "text" || language === "mermaid" || language === "python") return;
  if (language === "json") JSON.parse(text);
  else if (language === "jsonl") for (const line of text.trimEnd().split("\n")) JSON.parse(line);
  else if (language === "toml") checkContract(text);
  else
    throw new Error(
      `a block of ${language || "no language"} needs the path of a file, or is not of a known kind:\n${text}`,
    );
}

/** A part of a tally.toml is one when the rest is added. */
function checkContract(text: string): void {
  parseContract(text.includes("[model]") ? text : `[model]\nname = "example"\n${text}`, "/project/tally.toml");
}
