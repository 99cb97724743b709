/** `tally list`: what the suite holds, without running it. */
import { availableParallelism } from "node:os";
import type { ExitCode, Problem } from "../kernel/errors.ts";
import { groupDigits, plural, visible } from "../report/plain-text.ts";
import { paintWith } from "../report/terminal/paint.ts";
import { type ListedTest, listSuite } from "../suite/list-suite.ts";
import { strongestExit } from "../verdict/exit-code.ts";
import type { Arguments } from "./arguments.ts";
import { defaultTestTimeoutMs, readSelection, selectTests } from "./run/run-plan.ts";
import { wantsColour } from "./run/run-reports.ts";
import { showProblem } from "./show-problem.ts";
import { readContract } from "./target.ts";

export async function runList(args: Arguments): Promise<ExitCode> {
  const contract = readContract(args);
  const { problems, tests } = await listSuite({
    contract,
    selection: await selectTests(readSelection(args, contract), args, contract),
    jobs: args.number("jobs", 1) ?? availableParallelism(),
    testTimeoutMs: args.duration("test-timeout") ?? defaultTestTimeoutMs,
  });
  if (args.flag("json")) {
    const { name } = contract.suite;
    process.stdout.write(`${JSON.stringify({ v: 1, suite: { name }, tests, problems }, undefined, 2)}\n`);
  } else {
    process.stdout.write(listText(tests, problems, wantsColour(args, process.stdout)));
    for (const problem of problems) process.stderr.write(showProblem(problem, wantsColour(args, process.stderr)));
  }
  return strongestExit(problems.map(({ exit }) => exit));
}

/** A block for each file, a line for each test, the totals. */
function listText(tests: readonly ListedTest[], problems: readonly Problem[], colour: boolean): string {
  const paint = paintWith(colour);
  const width = Math.max(1, ...tests.map(({ line }) => String(line ?? "").length));
  const lines: string[] = [];
  for (const [file, own] of Map.groupBy(tests, (test) => test.file)) {
    lines.push(paint("bold", visible(file)));
    for (const test of own) {
      const marks = marksOf(test);
      const about = marks.length === 0 ? "" : `  ${paint("dim", visible(marks.join(" · ")))}`;
      lines.push(`  ${paint("dim", String(test.line ?? "").padStart(width))}  ${visible(test.name)}${about}`);
    }
    lines.push("");
  }
  return `${[...lines, totals(tests, problems.length)].join("\n")}\n`;
}

function marksOf({ bug, level, mode, note, tags }: ListedTest): string[] {
  return [
    ...(mode === "run" ? [] : [note === undefined ? mode : `${mode}: ${note}`]),
    ...(level === "required" ? [] : [level]),
    ...tags.map((tag) => `#${tag}`),
    ...(bug === undefined ? [] : [bug]),
  ];
}

function totals(tests: readonly ListedTest[], unreadable: number): string {
  const cases = tests.filter(({ kind }) => kind === "case").length;
  const left = tests.filter(({ mode }) => mode !== "run").length;
  return [
    plural(tests.length - cases, "test"),
    plural(cases, "case"),
    ...(left === 0 ? [] : [`${groupDigits(left)} would be skipped`]),
    ...(unreadable === 0 ? [] : [`${groupDigits(unreadable)} cannot be read`]),
  ].join(" · ");
}
