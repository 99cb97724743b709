/** `tally explain [CODE]`: the reference of errors, at the terminal. */
import { type ErrorCode, type ExitCode, tallyError } from "../kernel/errors.ts";
import { exitMeanings } from "../kernel/errors/exit-meanings.ts";
import { warnings } from "../kernel/errors/explain/warnings.ts";
import { errorAreas, exampleOf, isErrorCode, whenItHappens } from "../kernel/errors/explanations.ts";
import { nearest } from "../kernel/nearest.ts";
import { wrapText } from "../report/plain-text.ts";
import type { Arguments } from "./arguments.ts";

const columns = 80;

export async function runExplain(args: Arguments): Promise<ExitCode> {
  const [asked] = args.positionals;
  const explained = asked === undefined ? allCodes() : explain(codeIn(asked));
  process.stdout.write(args.flag("json") ? `${JSON.stringify(explained.data, undefined, 2)}\n` : explained.text);
  return 0;
}

interface Explained {
  readonly text: string;
  /** The same for `--json`. */
  readonly data: object;
}

/** `error[code]`, as a message begins, and the end of a link will do as well. */
function codeIn(asked: string): string {
  return asked
    .replace(/^.*#/, "")
    .replace(/^error\[(.*?)\].*$/s, "$1")
    .toLowerCase();
}

function explain(code: string): Explained {
  if (isErrorCode(code)) return explainError(code);
  const warning = Object.hasOwn(warnings, code) ? warnings[code] : undefined;
  if (warning !== undefined) return explainWarning(code, warning);
  const known = [...errorAreas.flatMap(({ codes }) => codes), ...Object.keys(warnings)];
  throw tallyError("code-unknown", { code, nearest: nearest(code, known) });
}

function explainError(code: ErrorCode): Explained {
  const { exit, hint, message } = exampleOf(code);
  const area = errorAreas.find(({ codes }) => codes.includes(code))?.name ?? "";
  const when = plain(whenItHappens(code));
  const ends =
    exit === 0 ? "a warning: it changes no exit code" : `the command ends with ${exit}: ${exitMeanings[exit]}`;
  const lines = [
    `${code}  (${area})`,
    "",
    ...wrapText(when, columns),
    "",
    "It is said like this:",
    "",
    `  error[${code}]: ${message}`,
    `    hint: ${hint}`,
    "",
    `Exit: ${ends}.`,
  ];
  return {
    text: `${lines.join("\n")}\n`,
    data: { v: 1, code, kind: "error", area, exit, when, example: { message, hint } },
  };
}

function explainWarning(code: string, meaning: string): Explained {
  const when = plain(meaning);
  const lines = [`${code}  (a warning)`, "", ...wrapText(when, columns), "", "It changes no verdict and no exit code."];
  return { text: `${lines.join("\n")}\n`, data: { v: 1, code, kind: "warning", exit: 0, when } };
}

/** The page's Markdown as text. */
function plain(text: string): string {
  return text.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll("`", "");
}

function allCodes(): Explained {
  const extra = Object.keys(warnings).filter((code) => !isErrorCode(code));
  const groups = [...errorAreas, { name: "warnings", codes: extra }];
  const lines = groups.flatMap(({ codes, name }) => [`${name}:`, ...codes.map((code) => `  ${code}`), ""]);
  return {
    text: `${[...lines, "tally explain CODE says more."].join("\n")}\n`,
    data: { v: 1, areas: groups },
  };
}
