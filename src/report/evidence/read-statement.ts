/**
 * A statement out of bytes that a key has signed. Comes in: exactly these bytes. Goes out: what Tally's attestations say, checked.
 * Keys that it does not know are left alone, as in-toto asks.
 */
import { tallyError } from "../../kernel/errors.ts";
import { membersOf, readStrictly } from "./envelope.ts";
import { predicateType, statementType, type Subject, type TestResultWord } from "./statement.ts";

/** What a reader may rely on; attestations of other programs have no claims of a run. */
export interface ReadStatement {
  readonly subjects: readonly Subject[];
  readonly result: TestResultWord;
  readonly configuration: readonly Subject[];
  readonly passed: readonly string[];
  readonly warned: readonly string[];
  readonly failed: readonly string[];
  readonly claims: ReadClaims | undefined;
}

export interface ReadClaims {
  readonly tally: string;
  readonly run: string;
  readonly at: string;
  readonly whole: boolean;
  readonly partial: string | undefined;
  readonly endpoints: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
}

/** Throws `attestation-malformed` and `attestation-type`. */
export function readStatement(payload: Uint8Array, file: string): ReadStatement {
  const statement = membersOf(readStrictly(payload, file)) ?? {};
  for (const [key, expected, what] of [
    ["_type", statementType, "its statement"],
    ["predicateType", predicateType, "its predicate"],
  ] as const) {
    const found = statement[key];
    if (found !== expected)
      throw tallyError("attestation-type", {
        file,
        what,
        found: typeof found === "string" ? found : "nothing",
        expected,
      });
  }
  const predicate = membersOf(statement["predicate"]) ?? {};
  const subjects = subjectsOf(statement["subject"]);
  const result = ["PASSED", "WARNED", "FAILED"] as const;
  const word = result.find((one) => one === predicate["result"]);
  if (word === undefined || subjects.length === 0)
    throw tallyError("attestation-malformed", {
      file,
      reason: "its statement has no result, or no subject with a digest",
    });
  return {
    subjects,
    result: word,
    configuration: subjectsOf(predicate["configuration"]),
    passed: textsOf(predicate["passedTests"]),
    warned: textsOf(predicate["warnedTests"]),
    failed: textsOf(predicate["failedTests"]),
    claims: claimsOf(membersOf(predicate["tally"])),
  };
}

function subjectsOf(list: unknown): Subject[] {
  return (Array.isArray(list) ? list : []).flatMap((one: unknown) => {
    const { annotations, digest, name } = membersOf(one) ?? {};
    const digests = wordsOf(digest);
    if (Object.keys(digests).length === 0) return [];
    return [{ name: typeof name === "string" ? name : "", digest: digests, annotations: wordsOf(annotations) }];
  });
}

function claimsOf(claims: Readonly<Record<string, unknown>> | undefined): ReadClaims | undefined {
  if (claims === undefined) return undefined;
  const { at, counts, endpoints, partial, run, tally, whole } = claims;
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  const numbers = Object.entries(membersOf(counts) ?? {}).filter(
    (entry): entry is [string, number] => typeof entry[1] === "number",
  );
  return {
    tally: text(tally),
    run: text(run),
    at: text(at),
    // Whoever does not say so has not run everything.
    whole: whole === true,
    partial: typeof partial === "string" ? partial : undefined,
    endpoints: (Array.isArray(endpoints) ? endpoints : []).map((one: unknown) => text(membersOf(one)?.["url"])),
    counts: Object.fromEntries(numbers),
  };
}

function textsOf(list: unknown): string[] {
  return (Array.isArray(list) ? list : []).filter((one): one is string => typeof one === "string");
}

function wordsOf(value: unknown): Record<string, string> {
  const words = Object.entries(membersOf(value) ?? {});
  return Object.fromEntries(words.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}
