/** Why a test file did not load → one problem with the place in the author's own source. */
import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { isTallyError, type Problem, problem } from "../../kernel/errors.ts";
import { describeFailure } from "./test-failure.ts";

const importCodes = new Set([
  "ERR_MODULE_NOT_FOUND",
  "ERR_UNKNOWN_FILE_EXTENSION",
  "ERR_IMPORT_ATTRIBUTE_MISSING",
  "ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING",
  "ERR_PACKAGE_PATH_NOT_EXPORTED",
  "ERR_UNSUPPORTED_DIR_IMPORT",
]);

/** `file` is the path as reports name it, `path` where it is. */
export async function loadProblem(error: unknown, file: string, path: string, root: string): Promise<Problem> {
  if (isTallyError(error)) {
    const { frame } = await describeFailure(error, root);
    return { ...error.problem, ...(frame ? { detail: frame } : {}) };
  }
  const code = member(error, "code");
  const message = member(error, "message").replaceAll(`${root}/`, "").replace(/\.$/, "");
  if (code === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX")
    return problem("suite-typescript", { file, message }, excerpt(error, root));
  if (importCodes.has(code) || message.includes("does not provide an export named")) {
    return problem("suite-import", { file, message }, excerpt(error, root));
  }
  if (error instanceof SyntaxError)
    return problem("suite-syntax", { file, message }, excerpt(error, root) ?? frameByStripping(path));
  const failure = await describeFailure(error, root);
  const where = failure.at ? `${failure.at.file}:${failure.at.line}\n` : "";
  return problem("suite-load", { file, message: failure.message }, where + (failure.frame ?? ""));
}

function member(error: unknown, key: string): string {
  const value: unknown = typeof error === "object" && error !== null ? Reflect.get(error, key) : undefined;
  return typeof value === "string"
    ? value
    : value === undefined
      ? key === "message"
        ? String(error)
        : ""
      : String(value);
}

/** Node puts `path:line`, the line and a caret in front of the stack of a syntax error. */
function excerpt(error: unknown, root: string): string | undefined {
  const [head = "", ...rest] = member(error, "stack").split("\n");
  const place = /^(?:file:\/\/)?(\/.*:\d+|[A-Za-z]:\\.*:\d+)$/.exec(head)?.[1];
  if (place === undefined) return undefined;
  const end = rest.findIndex((line) => line.trim() === "" || /^\w*Error\b/.test(line));
  return [place.replace(`${root}/`, ""), ...rest.slice(0, end === -1 ? 3 : end)].join("\n");
}

/** JavaScript's own parser names no line; the type stripper does. */
function frameByStripping(path: string): string | undefined {
  try {
    stripTypeScriptTypes(readFileSync(path, "utf8"), { sourceUrl: path });
    return undefined;
  } catch (error) {
    return excerpt(error, "");
  }
}
