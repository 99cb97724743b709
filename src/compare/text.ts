import type { Normalization } from "../contract/contract.ts";

const whiteSpace = /^\p{White_Space}$/u;
/** Longer texts are not searched for a cause. */
const maxSearched = 20_000;

/**
 * A text after what a field's `normalize` asks for: white space (Unicode White_Space) off both ends, lower case
 * (language-neutral; final sigma as sigma), then NFC. The order of the list does not matter.
 */
export function normalizeText(text: string, steps: readonly Normalization[]): string {
  let made = text;
  if (steps.includes("trim")) made = trimmed(made);
  if (steps.includes("case")) made = made.toLowerCase().replaceAll("ς", "σ");
  return steps.includes("nfc") ? made.normalize("NFC") : made;
}

/** Why two texts look alike or are related, for people; says nothing of the texts themselves. */
export function textHint(reference: string, candidate: string): string | undefined {
  if (reference.length > maxSearched || candidate.length > maxSearched) return undefined;
  for (const steps of [
    ["nfc"],
    ["trim"],
    ["case"],
    ["nfc", "trim"],
    ["trim", "case"],
    ["nfc", "trim", "case"],
  ] as const) {
    if (normalizeText(reference, steps) !== normalizeText(candidate, steps)) continue;
    return `the same after ${steps.map((step) => says[step]).join(", ")}: normalize = [${steps.map((step) => `"${step}"`).join(", ")}]`;
  }
  if (isMisread(reference, candidate)) return "the candidate is the reference's UTF-8 read as Latin-1";
  if (isMisread(candidate, reference)) return "the reference is the candidate's UTF-8 read as Latin-1";
  if (candidate.includes("\ufffd") && !reference.includes("\ufffd")) {
    return "the candidate has U+FFFD: bytes were decoded with another charset";
  }
  return undefined;
}

const says: Readonly<Record<Normalization, string>> = {
  nfc: "Unicode normalisation",
  trim: "trimming",
  case: "ignoring case",
};

function isMisread(right: string, misread: string): boolean {
  const bytes = new TextEncoder().encode(right);
  if (bytes.length !== misread.length || bytes.length === right.length) return false;
  return bytes.every((byte, i) => misread.charCodeAt(i) === byte);
}

/** From both ends by hand: a regular expression for the end takes quadratic time. */
function trimmed(text: string): string {
  let start = 0;
  while (start < text.length && whiteSpace.test(text.charAt(start))) start++;
  let end = text.length;
  while (end > start && whiteSpace.test(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}
