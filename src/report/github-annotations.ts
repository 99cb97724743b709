/** Failures as annotations of GitHub: at most ten of a kind, worst first; of several endpoints each says on which. */
import { randomUUID } from "node:crypto";
import type { Problem } from "../kernel/errors.ts";
import { type Failure, headlineOf, worstFirst } from "./failure-groups.ts";
import { visible } from "./plain-text.ts";
import type { TextSink } from "./reporter.ts";
import { replayLine } from "./shell-line.ts";

/** GitHub shows ten annotations of a kind for a step. */
const maxAnnotations = 10;
const maxMessage = 1_000;

/** A failure, and the names of the endpoints that fail so; none where there is only one. */
export interface AnnotatedFailure {
  readonly failure: Failure;
  readonly sides: readonly string[];
}

/** What ended a run, and the name of its endpoint. */
export interface AnnotatedProblem {
  readonly problem: Problem;
  readonly side?: string;
}

export interface AnnotationOptions {
  /** The suite's folder from the repository's root. */
  readonly folder: string;
  /** Recommended failures count like all others. */
  readonly strict: boolean;
}

/** Until the function is called with the annotations, GitHub obeys nothing that is written. */
export function closeEars(out: TextSink): (lines: readonly string[]) => void {
  const token = randomUUID();
  out.write(`::stop-commands::${token}\n`);
  return (lines) => void out.write(`::${token}::\n${lines.join("")}`);
}

/** Required failures and what ended a run as errors, recommended ones as warnings. */
export function annotations(
  failures: readonly AnnotatedFailure[],
  problems: readonly AnnotatedProblem[],
  { folder, strict }: AnnotationOptions,
): string[] {
  const sidesOf = new Map(failures.map(({ failure, sides }) => [failure, sides]));
  const inOrder = worstFirst([...sidesOf.keys()]);
  const isError = ({ judged }: Failure): boolean => strict || judged.level === "required" || judged.verdict === "error";
  const lineOf = (kind: "error" | "warning") => (failure: Failure) =>
    annotation(kind, failure, titleOf(visible(failure.plan.name), sidesOf.get(failure) ?? []), folder);
  const errors = [
    ...problems.map(({ problem, side }) =>
      command(
        "error",
        { title: titleOf(problem.code, side === undefined ? [] : [side]) },
        `${problem.message}\nhint: ${problem.hint}`,
      ),
    ),
    ...inOrder.filter(isError).map(lineOf("error")),
  ];
  const warnings = inOrder.filter((failure) => !isError(failure)).map(lineOf("warning"));
  return [...errors.slice(0, maxAnnotations), ...warnings.slice(0, maxAnnotations)];
}

function titleOf(name: string, sides: readonly string[]): string {
  return sides.length === 0 ? name : `${name} (${sides.map(visible).join(", ")})`;
}

function annotation(kind: "error" | "warning", failure: Failure, title: string, folder: string): string {
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
      title,
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
