/**
 * The vocabulary of a baseline: which failures are accepted, by whom, until when, and how they fail. Comes in: what became of
 * a test. Goes out: its signature, which an entry can be held against. Pure; knows no file.
 */
import type { MismatchKind } from "../compare/mismatch.ts";
import { generalMessage, generalPath } from "./general-words.ts";
import type { LocatedMismatch, Reason, TestFailure, Verdict } from "./run-event.ts";

/** A field that is off, and in which way. Indices of lists do not count: `scores[].label`. */
export interface AcceptedMismatch {
  readonly operation: string;
  readonly field: string;
  readonly kind: MismatchKind;
}

/** How a test fails, without its values. */
export interface Signature {
  readonly fails: Reason;
  readonly mismatches: readonly AcceptedMismatch[];
  /** Of a failure that is not about fields: its first line without numbers and quoted texts. */
  readonly message?: string;
}

/** Who accepts a failure, why, and until which day. */
export interface Acceptance {
  readonly reason: string;
  readonly owner: string;
  /** The last day, `2027-01-31`. */
  readonly expires: string;
}

export interface BaselineEntry extends Acceptance, Signature {
  /** Id of the test; `*` stands for any characters, `\*` for a star. */
  readonly test: string;
  /** Line of the file, from 1; 0 for an entry that is not in it yet. */
  readonly line: number;
}

/** What of an outcome counts. */
export interface Judgeable {
  readonly verdict: Verdict;
  readonly reason?: Reason;
  readonly mismatches: readonly LocatedMismatch[];
  readonly failures: readonly TestFailure[];
}

/** How a failing test fails. Without `messages` the texts of authors stay out: they may hold sensitive values. */
export function signatureOf({ failures, mismatches, reason }: Judgeable, messages: boolean): Signature {
  const places = new Map<string, AcceptedMismatch>();
  for (const { kind, operation, path } of mismatches) {
    const one = { operation: operation.toWellFormed(), field: generalPath(path).toWellFormed(), kind };
    places.set(placeText(one), one);
  }
  const [first] = failures;
  return {
    fails: reason ?? "assertion",
    mismatches: [...places.keys()].toSorted().flatMap((key) => places.get(key) ?? []),
    ...(messages && places.size === 0 && first !== undefined
      ? { message: generalMessage(first.message).toWellFormed() }
      : {}),
  };
}

/** Whether a failure is the one that was accepted. An entry without a message takes any. */
export function sameSignature(accepted: Signature, found: Signature): boolean {
  const words = ({ mismatches }: Signature): string => [...new Set(mismatches.map(placeText))].toSorted().join("\n");
  const saysSame = accepted.message === undefined || found.message === undefined || accepted.message === found.message;
  return accepted.fails === found.fails && words(accepted) === words(found) && saysSame;
}

/** Place and kind in one text. */
function placeText({ field, kind, operation }: AcceptedMismatch): string {
  return `${[operation, field].filter((part) => part !== "").join(".")} ${kind}`;
}

/** A signature in one line. */
export function signatureText({ fails, message, mismatches }: Signature): string {
  if (mismatches.length === 0) return message === undefined ? fails : `${fails}: ${message}`;
  const shown = mismatches.slice(0, 3).map(placeText).join(", ");
  const more = mismatches.length > 3 ? ` and ${mismatches.length - 3} more` : "";
  return fails === "mismatch" ? shown + more : `${fails}: ${shown}${more}`;
}

/** Whether a `test` of an entry can stand for several. */
export function isWildcard(pattern: string): boolean {
  return /(^|[^\\])(\\\\)*\*/.test(pattern);
}

/** Which ids a `test` of an entry names. */
export function testMatcher(pattern: string): (id: string) => boolean {
  const parts = pattern.match(/\\.|\*|[^*\\]+|\\/gsu) ?? [];
  const source = parts.map((part) => (part === "*" ? ".*" : literal(part.replace(/^\\(?=[*\\])/, ""))));
  const regex = new RegExp(`^${source.join("")}$`, "su");
  return (id) => regex.test(id);
}

function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}

/** The `test` of an entry that names this id and no other. */
export function patternOf(id: string): string {
  // Half of a surrogate pair cannot be written down in TOML.
  return id.replaceAll(/[*\\]/g, String.raw`\$&`).replaceAll(/\p{Surrogate}/gu, "*");
}
