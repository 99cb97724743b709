import { styleText } from "node:util";
import type { Problem } from "../kernel/errors.ts";
import { isSingleFile } from "../kernel/own-package.ts";

/** A problem as the terminal shows it: code and message, details, hint, where to read more. */
export function showProblem({ code, detail, hint, message }: Problem, colour: boolean): string {
  const red = (text: string): string => (colour ? styleText(["bold", "red"], text, { validateStream: false }) : text);
  const dim = (text: string): string => (colour ? styleText("dim", text, { validateStream: false }) : text);
  const lines = [`${red(`error[${code}]`)}: ${visible(message)}`];
  if (detail !== undefined)
    lines.push(
      ...detail
        .trimEnd()
        .split("\n")
        .map((line) => `  ${dim("|")} ${visible(line)}`),
    );
  // The pages of the documentation do not travel with a suite; what they say of errors does.
  const more = isSingleFile ? `tally explain ${code}` : `docs/reference/errors.md#${code}`;
  lines.push(`  hint: ${visible(hint)}`, `  ${dim(`more: ${more}`)}`);
  return `${lines.join("\n")}\n`;
}

/** Control characters as escapes: names and answers are data and must not steer a terminal. */
function visible(text: string): string {
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
