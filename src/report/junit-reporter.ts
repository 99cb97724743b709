/**
 * A run as JUnit XML (schema/junit.xsd), as Jenkins and GitLab read it. Comes in: run events. Goes out: one `testcase` per
 * test, never per record; bounded, because GitLab refuses files of more than 250,000 XML objects.
 */
import type { Problem } from "../kernel/errors.ts";
import { foldRun, type RunResult, type TestResult } from "../verdict/fold-run.ts";
import type { TestJudged, Verdict } from "../verdict/run-event.ts";
import { failuresOf, headlineOf, reasonText } from "./failure-groups.ts";
import { openWhole } from "./output-file.ts";
import type { Reporter, ReporterOptions, TextSink } from "./reporter.ts";
import { type BlockOptions, failureBlock, runBlockOptions } from "./terminal/failure-block.ts";
import { xmlChars, xmlStart, xmlTextWithin } from "./xml-text.ts";

/** Elements, attributes and texts in one file; a margin below GitLab's 250,000. */
const maxObjects = 240_000;
/** Bytes of one failure, and characters of all of them. */
const maxText = 8_000;
const maxAllText = 16_000_000;
const maxMessage = 300;
/** Objects of one `testcase` at most: element, five attributes, its child with attributes and text, white space. */
const objectsPerTest = 14;
/** Of one `testsuite`: element, seven attributes, white space; and of its properties. */
const objectsPerSuite = 11;
const objectsPerDescription = 48;
/** Suites that repeat the properties of the run; the first ones do, where there are very many files. */
const maxDescribed = 200;

export function junitReporter(options: ReporterOptions): Reporter {
  const file = options.path === undefined ? undefined : openWhole(options.path);
  const fold = foldRun();
  return {
    event: (event) => fold.add(event),
    end: async () => {
      writeJunit(fold.result(), file ?? options.out);
      file?.close();
    },
  };
}

/** What a `testcase` becomes in JUnit's few words. */
type Outcome = "passed" | "failed" | "errored" | "skipped";

interface Case {
  readonly test: TestResult;
  readonly outcome: Outcome;
}

/** Writes a run. Recommended tests that fail count as skipped unless the run is strict, so that they do not break a build. */
export function writeJunit(result: RunResult, sink: TextSink): void {
  const strict = result.started?.strict === true;
  const cases = result.tests.map((test) => ({ test, outcome: outcomeOf(test, strict) }));
  const shown = selectCases(cases);
  const suites = Map.groupBy(cases, ({ test }) => test.plan.file);
  const context = { result, block: plainBlock(result), textLeft: { characters: maxAllText } };
  sink.write('<?xml version="1.0" encoding="UTF-8"?>\n');
  const name = result.started?.suite.name ?? "tally";
  const counts = countAttributes(cases);
  const told = cases.length === 0 && result.ended?.problem ? { ...counts, ...oneError } : counts;
  sink.write(`${xmlStart("testsuites", { name, ...told })}>\n`);
  let described = 0;
  if (cases.length === 0 && result.ended?.problem) sink.write(neverBegan(result, result.ended.problem));
  for (const [file, members] of suites) {
    sink.write(`${xmlStart("testsuite", { name: file, ...countAttributes(members), ...timestamp(result) })}>\n`);
    const written = members.filter((each) => shown.has(each));
    if (described++ < maxDescribed) sink.write(properties(result, members.length - written.length));
    for (const each of written) sink.write(caseXml(each, context));
    sink.write("</testsuite>\n");
  }
  sink.write("</testsuites>\n");
}

const oneError = { tests: "1", errors: "1" };

/** A run without a test in it is not to look like an empty success: its problem is a test that could not be judged. */
function neverBegan(result: RunResult, { code, detail, hint, message }: Problem): string {
  const attributes = { name: "tally", ...countAttributes([]), ...oneError, ...timestamp(result) };
  const text = xmlTextWithin(
    [message, detail, `hint: ${hint}`].filter((line) => line !== undefined).join("\n"),
    maxText,
  );
  return [
    `${xmlStart("testsuite", attributes)}>\n${properties(result, 0)}`,
    `${xmlStart("testcase", { name: "the run", classname: "tally", time: seconds(result.ended?.ms ?? 0) })}>\n`,
    `${xmlStart("error", { type: code, message: cut(xmlChars(message), maxMessage) })}>${text}</error>\n`,
    "</testcase>\n</testsuite>\n",
  ].join("");
}

/** All tests where they fit; otherwise those that did not pass first. */
function selectCases(cases: readonly Case[]): ReadonlySet<Case> {
  const files = new Set(cases.map(({ test }) => test.plan.file)).size;
  const suites = files * objectsPerSuite + Math.min(files, maxDescribed) * objectsPerDescription;
  const room = Math.max(0, Math.floor((maxObjects - suites) / objectsPerTest));
  if (cases.length <= room) return new Set(cases);
  const notable = cases.filter(({ outcome }) => outcome !== "passed");
  const passed = cases.filter(({ outcome }) => outcome === "passed");
  return new Set([...notable, ...passed].slice(0, room));
}

const outcomes: Readonly<Record<Verdict, Outcome>> = {
  pass: "passed",
  fail: "failed",
  error: "errored",
  skip: "skipped",
  known: "skipped",
};

function outcomeOf({ judged, plan }: TestResult, strict: boolean): Outcome {
  if (judged === undefined) return "errored";
  if (judged.verdict === "fail" && plan.level === "recommended" && !strict) return "skipped";
  return outcomes[judged.verdict];
}

function countAttributes(cases: readonly Case[]): Record<string, string> {
  const count = (outcome: Outcome) => String(cases.filter((each) => each.outcome === outcome).length);
  const ms = cases.reduce((sum, { test }) => sum + (test.judged?.ms ?? 0), 0);
  return {
    tests: String(cases.length),
    failures: count("failed"),
    errors: count("errored"),
    skipped: count("skipped"),
    time: seconds(ms),
  };
}

function timestamp({ started }: RunResult): Record<string, string> {
  const at = started?.at.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/)?.[0];
  return at === undefined ? {} : { timestamp: at };
}

/** Seconds with a decimal point and without an exponent. */
function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

function properties({ ended, started }: RunResult, omitted: number): string {
  const values: Record<string, string | undefined> = {
    "tally.run": started?.run,
    "tally.version": started?.tally,
    "suite.digest": started?.suite.digest,
    "suite.version": started?.suite.version,
    seed: started === undefined ? undefined : String(started.seed),
    "run.partial": ended?.stopped,
    "omitted.tests": omitted === 0 ? undefined : String(omitted),
  };
  for (const endpoint of started?.endpoints ?? []) {
    values[`endpoint.${endpoint.role}`] = endpoint.url;
    if (endpoint.version !== undefined) values[`endpoint.${endpoint.role}.version`] = endpoint.version;
  }
  const lines = Object.entries(values).filter(([, value]) => value !== undefined);
  const elements = lines.map(([name, value]) => `${xmlStart("property", { name, value })}/>\n`);
  return elements.length === 0 ? "" : `<properties>\n${elements.join("")}</properties>\n`;
}

interface CaseContext {
  readonly result: RunResult;
  readonly block: BlockOptions;
  /** Counts down over all cases. */
  readonly textLeft: { characters: number };
}

function caseXml(each: Case, context: CaseContext): string {
  const { plan, judged } = each.test;
  const start = xmlStart("testcase", {
    name: plan.id.startsWith(`${plan.file} > `) ? plan.id.slice(plan.file.length + 3) : plan.name,
    classname: plan.file.replace(/\.(?:test\.)?[a-z]+$/, "").replaceAll("/", "."),
    file: plan.file,
    line: plan.line === undefined ? undefined : String(plan.line),
    time: seconds(judged?.ms ?? 0),
  });
  const child = childXml(each, context);
  return child === "" ? `${start}/>\n` : `${start}>\n${child}</testcase>\n`;
}

function childXml({ test, outcome }: Case, context: CaseContext): string {
  if (outcome === "passed") return "";
  const { judged } = test;
  if (judged === undefined) {
    return `${xmlStart("error", { type: "not-judged", message: "The run ended before this test was judged." })}/>\n`;
  }
  const [failure] = failuresOf([test]);
  const isShown = failure !== undefined || judged.verdict === "known";
  const message = messageOf(judged, isShown ? headlineOf({ ...test, judged }) : undefined);
  const attributes = { type: judged.reason ?? judged.verdict, message };
  if (failure === undefined) return `${xmlStart("skipped", { message })}/>\n`;
  const text = boundedText(failureBlock(failure, context.block).join("\n"), context);
  if (outcome === "skipped") {
    const output = text === "" ? "" : `<system-out>${text}</system-out>\n`;
    return `${xmlStart("skipped", { message: `recommended only: ${message}` })}/>\n${output}`;
  }
  const element = outcome === "errored" ? "error" : "failure";
  return text === ""
    ? `${xmlStart(element, attributes)}/>\n`
    : `${xmlStart(element, attributes)}>${text}</${element}>\n`;
}

function messageOf(judged: TestJudged, headline: string | undefined): string {
  const text = headline ?? judged.note ?? reasonText(judged.reason);
  const { note, verdict } = judged;
  const told = verdict === "known" ? ["known", ...new Set([note ?? text, text])].join(": ") : text;
  return cut(xmlChars(told), maxMessage);
}

function boundedText(text: string, { textLeft }: CaseContext): string {
  const bounded = xmlTextWithin(text, maxText);
  if (bounded.length > textLeft.characters) return "";
  textLeft.characters -= bounded.length;
  return bounded;
}

/** Cut by code points, so that no surrogate is torn. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const short = text.slice(0, length - 1);
  return `${/[\uD800-\uDBFF]$/.test(short) ? short.slice(0, -1) : short}…`;
}

/** The words of the terminal, without colour and a little wider. */
function plainBlock(result: RunResult): BlockOptions {
  return { paint: (_ink, text) => text, columns: 120, verbose: false, ...runBlockOptions(result) };
}
