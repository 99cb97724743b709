/**
 * A run on GitHub Actions, beside the terminal. Comes in: run events. Goes out: annotations, worst first, and a Markdown
 * summary of the step. GitHub obeys any line of a step's output that begins like a command, even indented, so its ears are
 * closed while other reporters show what models and suites said.
 */
import { randomUUID } from "node:crypto";
import { foldRun, type RunResult } from "../verdict/fold-run.ts";
import { type Failure, failuresOf, headlineOf, worstFirst } from "./failure-groups.ts";
import { appendSummary } from "./github-summary.ts";
import { visible } from "./plain-text.ts";
import type { Reporter, ReporterOptions } from "./reporter.ts";
import { replayLine } from "./shell-line.ts";

/** GitHub shows ten annotations of a kind for a step. */
const maxAnnotations = 10;
const maxMessage = 1_000;

/** Opened after the reporters that print, so that its end comes after theirs. */
export function githubReporter(options: ReporterOptions): Reporter {
  const token = randomUUID();
  const fold = foldRun();
  options.out.write(`::stop-commands::${token}\n`);
  return {
    event: (event) => fold.add(event),
    end: async () => {
      const result = fold.result();
      options.out.write(`::${token}::\n${annotations(result, options.sourceFolder ?? "").join("")}`);
      if (options.summary !== undefined) appendSummary(options.summary, result);
    },
  };
}

/** Required failures and what ended the run as errors, recommended ones as warnings. */
function annotations(result: RunResult, folder: string): string[] {
  const failures = worstFirst(failuresOf(result.tests));
  const strict = result.started?.strict === true;
  const isError = ({ judged }: Failure): boolean => strict || judged.level === "required" || judged.verdict === "error";
  const problem = result.ended?.problem;
  const errors = [
    ...(problem === undefined
      ? []
      : [command("error", { title: problem.code }, `${problem.message}\nhint: ${problem.hint}`)]),
    ...failures.filter(isError).map((failure) => annotation("error", failure, folder)),
  ];
  const warnings = failures
    .filter((failure) => !isError(failure))
    .map((failure) => annotation("warning", failure, folder));
  return [...errors.slice(0, maxAnnotations), ...warnings.slice(0, maxAnnotations)];
}

function annotation(kind: "error" | "warning", failure: Failure, folder: string): string {
  const { judged, plan } = failure;
  const at = judged.failures[0]?.at ?? { file: plan.file, line: plan.line };
  // A baseline lies where the run was started, not with the suite.
  const isInSuite = folder !== "" && judged.reason?.startsWith("baseline-") !== true;
  const replay = judged.failure === undefined ? "" : `\nreproduce: ${replayLine(judged.failure)}`;
  return command(
    kind,
    {
      file: isInSuite ? `${folder}/${at.file}` : at.file,
      ...(at.line === undefined ? {} : { line: String(at.line) }),
      title: visible(plan.name),
    },
    `${visible(headlineOf(failure)).slice(0, maxMessage)}${replay}`,
  );
}

/** A workflow command; what would end it or its properties is escaped as GitHub asks. */
function command(name: string, properties: Readonly<Record<string, string>>, message: string): string {
  const escaped = (text: string): string => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  const list = Object.entries(properties).map(
    ([key, value]) => `${key}=${escaped(value).replaceAll(":", "%3A").replaceAll(",", "%2C")}`,
  );
  return `::${name} ${list.join(",")}::${escaped(message)}\n`;
}
