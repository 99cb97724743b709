/**
 * What an attestation says: an in-toto statement with a test result. Comes in: a run and what was tested. Goes out: plain data.
 * PASSED is said only of a whole suite in which everything was judged and nothing was accepted.
 */
import { createHash } from "node:crypto";
import { canonicalJson } from "../../kernel/write-json.ts";
import type { RunResult } from "../../verdict/fold-run.ts";
import type { EndpointOutline, RunEnded, RunStarted } from "../../verdict/run-event.ts";

export const statementType = "https://in-toto.io/Statement/v1";
export const predicateType = "https://in-toto.io/attestation/test-result/v0.1";

/** What was tested, by what cannot change: an image, a file, a commit. */
export interface Subject {
  readonly name: string;
  /** Algorithm, sha256 or gitCommit, and hex digits. */
  readonly digest: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export type TestResultWord = "PASSED" | "WARNED" | "FAILED";

export interface Statement {
  readonly _type: typeof statementType;
  readonly subject: readonly Subject[];
  readonly predicateType: typeof predicateType;
  readonly predicate: {
    readonly result: TestResultWord;
    readonly configuration: readonly Subject[];
    readonly passedTests: readonly string[];
    readonly warnedTests: readonly string[];
    readonly failedTests: readonly string[];
    readonly tally: RunClaims;
  };
}

/** What the predicate has no words for. */
export interface RunClaims {
  readonly v: 1;
  readonly tally: string;
  readonly run: string;
  readonly at: string;
  readonly suite: RunStarted["suite"];
  readonly endpoints: readonly EndpointOutline[];
  /** Empty when all of the suite was run. */
  readonly selection: readonly string[];
  readonly strict: boolean;
  /** Everything planned was judged, and nothing was left out by a selection. */
  readonly whole: boolean;
  /** Why not, in words. */
  readonly partial?: string;
  readonly counts: Readonly<Record<"planned" | "pass" | "fail" | "error" | "skip" | "known" | "recommended", number>>;
  /** SHA-256 over lines `verdict id`, sorted: what became of every test, also of those that the lists leave out. */
  readonly verdicts: string;
  readonly exit: number;
  readonly baseline?: RunStarted["baseline"];
}

/** Names in each of the three lists. */
const maxNames = 1000;

/** The statement of a run that began and ended. Without subjects the endpoint's own words stand in. */
export function statementOf(
  result: RunResult,
  started: RunStarted,
  ended: RunEnded,
  subjects: readonly Subject[],
): Statement {
  const partial = whyPartial(result, started, ended);
  const warned = result.tests.filter(
    ({ judged, plan }) => judged?.verdict === "known" || isMild(judged?.verdict, plan.level, started),
  );
  const failed = result.tests.filter(
    ({ judged, plan }) => isFailure(judged?.verdict) && !isMild(judged?.verdict, plan.level, started),
  );
  const word = ended.exit !== 0 ? "FAILED" : warned.length > 0 || partial !== undefined ? "WARNED" : "PASSED";
  const names = (tests: RunResult["tests"]): string[] => tests.slice(0, maxNames).map(({ plan }) => plan.id);
  return {
    _type: statementType,
    subject: subjects.length > 0 ? subjects : [selfDescribed(started.endpoints)],
    predicateType,
    predicate: {
      result: word,
      configuration: configurationOf(started),
      passedTests: names(result.tests.filter(({ judged }) => judged?.verdict === "pass")),
      warnedTests: names(warned),
      failedTests: names(failed),
      tally: claimsOf(result, started, ended, partial),
    },
  };
}

function claimsOf(result: RunResult, started: RunStarted, ended: RunEnded, partial: string | undefined): RunClaims {
  const { counts, planned, recommended } = result;
  const { at, baseline, endpoints, run, selection, strict = false, suite, tally } = started;
  const verdicts = result.tests.map(({ judged, plan }) => `${judged?.verdict ?? "open"} ${plan.id}\n`).toSorted();
  return {
    v: 1,
    tally,
    run,
    at,
    suite,
    endpoints,
    selection,
    strict,
    whole: partial === undefined,
    ...(partial === undefined ? {} : { partial }),
    counts: { planned, ...counts, recommended },
    verdicts: `sha256:${createHash("sha256").update(verdicts.join("")).digest("hex")}`,
    exit: ended.exit,
    ...(baseline === undefined ? {} : { baseline }),
  };
}

function whyPartial(
  { incomplete, unjudged, warnings }: RunResult,
  { selection }: RunStarted,
  ended: RunEnded,
): string | undefined {
  if (ended.stopped !== undefined) return ended.stopped;
  if (incomplete || unjudged > 0) return "the run broke off";
  if (ended.error > 0)
    return ended.error === 1 ? "1 test could not be judged" : `${ended.error} tests could not be judged`;
  if (warnings.some(({ code }) => code === "only")) return "tests with .only left others out";
  return selection.length > 0 ? `only a part of the suite was run: ${selection.join(" ")}` : undefined;
}

function isFailure(verdict: string | undefined): boolean {
  return verdict === undefined || verdict === "fail" || verdict === "error";
}

/** A recommended test that fails breaks no run. */
function isMild(verdict: string | undefined, level: string, { strict }: RunStarted): boolean {
  return verdict === "fail" && level === "recommended" && strict !== true;
}

function configurationOf({ baseline, suite }: RunStarted): Subject[] {
  const { digest, name, version } = suite;
  return [
    { name, digest: { sha256: hexOf(digest) }, ...(version === undefined ? {} : { annotations: { version } }) },
    ...(baseline === undefined ? [] : [{ name: baseline.file, digest: { sha256: hexOf(baseline.digest) } }]),
  ];
}

function hexOf(digest: string): string {
  return digest.replace(/^sha256:/, "");
}

/** What an endpoint says of itself proves nothing about which program it is; the mark says so. */
function selfDescribed(endpoints: readonly EndpointOutline[]): Subject {
  const [first] = endpoints;
  const said = canonicalJson(
    endpoints.map(({ name = "", runtime = "", url, version = "" }) => ({ name, runtime, url, version })),
  );
  return {
    name: first?.name ?? first?.url ?? "endpoint",
    digest: { sha256: createHash("sha256").update(said).digest("hex") },
    annotations: { selfDescribed: "true" },
  };
}
