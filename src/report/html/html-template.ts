/**
 * HTML in which nothing from outside can become markup: a tagged template that escapes every value it is given, unless the
 * value is HTML that was made the same way. Characters that cannot be seen are shown as their codes.
 */
import { visibleBlock } from "../plain-text.ts";

/** Markup that was made by `markup`. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type HtmlValue = Html | string | number | undefined | false | readonly HtmlValue[];

/** Makes markup; strings and numbers are escaped, lists are joined, `undefined` and `false` are left out. */
export function markup(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const parts = withoutIndent(strings);
  let text = parts[0] ?? "";
  for (const [at, value] of values.entries()) text += written(value) + (parts[at + 1] ?? "");
  return new Html(text);
}

const unindented = new WeakMap<TemplateStringsArray, readonly string[]>();

/** The template as it is written here is indented; the page need not carry that. Values keep their white space. */
function withoutIndent(strings: TemplateStringsArray): readonly string[] {
  const known = unindented.get(strings);
  if (known !== undefined) return known;
  const made = strings.map((part) => part.replace(/\n +/g, "\n"));
  unindented.set(strings, made);
  return made;
}

function written(value: HtmlValue): string {
  if (value === undefined || value === false) return "";
  if (value instanceof Html) return value.text;
  if (typeof value === "string") return escapeHtml(value);
  if (typeof value === "number") return String(value);
  let text = "";
  for (const part of value) text += written(part);
  return text;
}

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text that is safe between tags and inside quoted attributes. */
export function escapeHtml(text: string): string {
  return visibleBlock(text).replace(/[&<>"']/g, (char) => escapes[char] ?? char);
}
