/** What a test threw → what a person is shown: message, diff, the line of the suite's own source. */
import { readFileSync } from "node:fs";
import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { isTallyError } from "../../kernel/errors.ts";
import type { TestFailure } from "../../verdict/run-event.ts";

const maxMessage = 4_000;
const maxDiff = 8_000;

/** Whether an error came out of `toTally`, whose mismatches are kept apart as data. */
export function isTallyMismatch(error: unknown): boolean {
  const context = memberOf(error, "__vitest_error_context__");
  return (
    memberOf(memberOf(context, "meta"), "tally") === true ||
    String(memberOf(error, "message")).startsWith("the answer does not tally")
  );
}

/** Describes what was thrown; `root` is the folder whose sources count as the suite's own. */
export async function describeFailure(error: unknown, root: string): Promise<TestFailure> {
  const at = placeOf(String(memberOf(error, "stack") ?? ""), root);
  const diff = await diffOf(error);
  return {
    message: messageOf(error).slice(0, maxMessage),
    ...(diff ? { diff: diff.slice(0, maxDiff) } : {}),
    ...(at ? { at } : {}),
    ...(at ? { frame: codeFrame(`${root}${sep}${at.file}`, at.line, at.column) } : {}),
  };
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}

function messageOf(error: unknown): string {
  if (isTallyError(error)) return `error[${error.problem.code}]: ${error.problem.message}\nhint: ${error.problem.hint}`;
  if (typeof error !== "object" || error === null) return `thrown: ${String(error)}`;
  const name = String(memberOf(error, "name") ?? "Error");
  const message = String(memberOf(error, "message") ?? "");
  return name === "AssertionError" || name === "Error" ? message : `${name}: ${message}`;
}

/** Expected and received line by line; @vitest/utils is loaded only when there is something to show. */
async function diffOf(error: unknown): Promise<string | undefined> {
  const known = memberOf(error, "diff");
  if (typeof known === "string") return known;
  if (isTallyMismatch(error) || memberOf(error, "showDiff") === false) return undefined;
  if (memberOf(error, "expected") === undefined && memberOf(error, "actual") === undefined) return undefined;
  const { processError } = await import("@vitest/utils/error");
  const diff: unknown = processError(error).diff;
  return typeof diff === "string" ? diff : undefined;
}

const frameLine = /(?:\(|at (?:async )?)((?:file:\/\/)?\/[^()]*|[A-Za-z]:\\[^()]*):(\d+):(\d+)\)?$/;

/** The innermost frame inside the project that is not a dependency's. */
function placeOf(stack: string, root: string): TestFailure["at"] {
  for (const line of stack.split("\n")) {
    const [, where, row, column] = frameLine.exec(line.trim()) ?? [];
    if (where === undefined) continue;
    const path = where.startsWith("file://") ? fileURLToPath(where) : where;
    if (!path.startsWith(root + sep) || path.includes(`${sep}node_modules${sep}`)) continue;
    return { file: relative(root, path).replaceAll(sep, "/"), line: Number(row), column: Number(column) };
  }
  return undefined;
}

/** Two lines before, the line with its place marked, two after. */
export function codeFrame(path: string, line: number, column: number): string {
  let lines: string[];
  try {
    lines = readFileSync(path, "utf8").split("\n");
  } catch {
    return "";
  }
  const from = Math.max(1, line - 2);
  const width = String(line + 2).length;
  return lines
    .slice(from - 1, line + 2)
    .flatMap((text, i) => {
      const number = from + i;
      const shown = `${number === line ? ">" : " "} ${String(number).padStart(width)} | ${text}`;
      return number === line ? [shown, `  ${" ".repeat(width)} | ${" ".repeat(Math.max(0, column - 1))}^`] : [shown];
    })
    .join("\n");
}
