/**
 * A mismatch as one line for people. Comes in: a mismatch, whose values are JSON text. Goes out: text without colour,
 * in which no value can act on a terminal. The hint is left to the renderer: it is a line of its own.
 */
import type { Tolerance } from "../contract/contract.ts";
import { equalDecimals, parseDecimal } from "./decimal.ts";
import type { Delta, Mismatch, NearTie } from "./mismatch.ts";
import { showText, showTexts, visible } from "./show-text.ts";
import { parseTimestamp } from "./timestamp.ts";

/** Longer values are cut. */
const maxLength = 80;

/** `entropy  expected 2.32  got 2.5  (abs 0.18, rel 0.0776, 4.05e14 ulp; tolerance rel 1e-9)`. */
export function describeMismatch(mismatch: Mismatch): string {
  const path = mismatch.path === "" ? "the record" : visible(mismatch.path);
  const [reference, candidate] = describeValues(mismatch);
  const remark = remarkOn(mismatch);
  return `${path}  ${reference}  ${candidate}${remark === "" ? "" : `  (${remark})`}`;
}

/** A near-tie as one line: the label, and how close the scores are to the threshold. */
export function describeNearTie(tie: NearTie): string {
  const [label, score] = [visible(tie.path), visible(tie.score)];
  const [expected, got] = showValues(tie.reference, tie.candidate);
  const [from, to] = showValues(tie.referenceScore, tie.candidateScore);
  return `${label}  expected ${expected}  got ${got}  (near-tie: ${score} ${from} and ${to}, threshold ${tie.threshold})`;
}

function describeValues({ kind, reference, candidate }: Mismatch): readonly [string, string] {
  if (reference !== undefined && candidate !== undefined) {
    const [expected, got] =
      kind === "error-versus-value" ? [showOne(reference), showOne(candidate)] : showValues(reference, candidate);
    return [`expected ${expected}`, `got ${got}`];
  }
  if (reference !== undefined) return [`expected ${showOne(reference)}`, "got no such field"];
  if (candidate === undefined) return ["expected a value", "got no such field"];
  if (kind === "extra") return ["expected no such field", `got ${showOne(candidate)}`];
  return ["expected another value", `got ${showOne(candidate)}`];
}

/** Distances with three significant digits, then the tolerance that they exceed. */
function remarkOn({ kind, delta, tolerance, reference }: Mismatch): string {
  const words: Partial<Record<Mismatch["kind"], string>> = {
    type: "another type",
    length: "another length",
  };
  const unit = parseTimestamp(asString(reference ?? "") ?? "") ? " ms" : "";
  const distance = delta && `${describeDelta(delta)}${unit}`;
  const allowed = tolerance && `${describeTolerance(tolerance)}${unit}`;
  const parts = [words[kind], distance, allowed];
  return parts.filter((part) => part !== undefined).join("; ");
}

/** `abs 0.18, rel 0.0776, 4.05e14 ulp`. */
export function describeDelta(delta: Delta): string {
  const parts = [`abs ${threeDigits(delta.abs)}`];
  if (delta.rel !== undefined) parts.push(`rel ${threeDigits(delta.rel)}`);
  if (delta.ulp !== undefined) parts.push(`${threeDigits(delta.ulp)} ulp`);
  return parts.join(", ");
}

/** `tolerance abs 0.01, rel 1e-9`; `tolerance exact` where nothing is allowed. */
export function describeTolerance({ abs, rel, ulp }: Tolerance): string {
  const parts: string[] = [];
  if (abs !== undefined) parts.push(`abs ${shortNumber(String(abs))}`);
  if (rel !== undefined) parts.push(`rel ${shortNumber(String(rel))}`);
  if (ulp !== undefined) parts.push(`${ulp} ulp`);
  return `tolerance ${parts.length === 0 ? "exact" : parts.join(", ")}`;
}

/** Two JSON texts so that they never look the same. */
export function showValues(reference: string, candidate: string): readonly [string, string] {
  const [r, c] = [asString(reference), asString(candidate)];
  if (r !== undefined && c !== undefined) return showTexts(r, c);
  const [left, right] = [showOne(reference), showOne(candidate)];
  return left === right ? showParting(reference, candidate) : [left, right];
}

function showOne(text: string): string {
  const string = asString(text);
  if (string !== undefined) return showText(string);
  const error = /^\{"\$error":\{"type":"([^"\\]*)"/u.exec(text);
  return error ? `error ${visible(error[1] ?? "")}` : cut(shortNumber(text));
}

/** Two texts that look alike when cut or shortened: as they are, from a little before their first difference. */
function showParting(reference: string, candidate: string): readonly [string, string] {
  let first = 0;
  while (first < reference.length && reference[first] === candidate[first]) first++;
  const from = reference.length > maxLength || candidate.length > maxLength ? Math.max(0, first - 20) : 0;
  const start = from > 0 ? "…" : "";
  return [start + cut(reference.slice(from)), start + cut(candidate.slice(from))];
}

/** A number in its shortest spelling, where that says exactly the same; other text as it is. */
function shortNumber(text: string): string {
  const written = parseDecimal(text);
  if (!written || text.startsWith("-0")) return text;
  const shortest = String(Number(text)).replace("e+", "e");
  const read = parseDecimal(shortest);
  return read && equalDecimals(read, written) ? shortest : text;
}

function threeDigits(value: number): string {
  const rounded = Number(value.toPrecision(3));
  const plain = rounded === 0 || (rounded >= 1e-4 && rounded < 1e6);
  return plain ? String(rounded) : rounded.toExponential().replace("e+", "e");
}

function cut(text: string): string {
  return visible(text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text);
}

/** The string that a JSON text is, undefined when it is something else. */
function asString(text: string): string | undefined {
  if (!text.startsWith('"')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}
