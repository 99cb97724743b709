/** Entries of a baseline as the text of its file; read again it gives the same entries. */
import type { AcceptedMismatch, BaselineEntry } from "../../verdict/baseline.ts";
import { baselineVersion } from "./baseline-keys.ts";

const defaultHead = "# Failures that are accepted for a time. Written anew by: tally test --update-baseline\n";

/** `head` are the comment lines that the file began with. */
export function baselineText(entries: readonly BaselineEntry[], head = ""): string {
  return `${head === "" ? defaultHead : head}baseline = ${baselineVersion}\n${entries.map(entryText).join("")}`;
}

function entryText({ expires, fails, message, mismatches, owner, reason, test }: BaselineEntry): string {
  const lines = [
    `test = ${quoted(test)}`,
    `reason = ${quoted(reason)}`,
    `owner = ${quoted(owner)}`,
    `expires = ${quoted(expires)}`,
    ...(fails === "mismatch" ? [] : [`fails = ${quoted(fails)}`]),
    ...(message === undefined ? [] : [`message = ${quoted(message)}`]),
    ...(mismatches.length === 0 ? [] : [`mismatches = [\n${mismatches.map(mismatchText).join("")}]`]),
  ];
  return `\n[[accepted]]\n${lines.join("\n")}\n`;
}

function mismatchText({ field, kind, operation }: AcceptedMismatch): string {
  return `  { operation = ${quoted(operation)}, field = ${quoted(field)}, kind = ${quoted(kind)} },\n`;
}

/** A basic string of TOML: escapes as in JSON, DEL too; half of a surrogate pair has no way to be written. */
function quoted(text: string): string {
  return JSON.stringify(text.toWellFormed()).replaceAll("\u007f", String.raw`\u007f`);
}
