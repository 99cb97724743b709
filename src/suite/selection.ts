/** Which of the planned tests run: `-k`, `path:line`, tags, a shard, the failures of the last run. */
import { createHash } from "node:crypto";
import { isGatherCheck } from "../verdict/gather-check-id.ts";
import type { TestPlanned } from "../verdict/run-event.ts";

/** Of pytest as a whole, when its process could not be used. */
const pytestId = "pytest";

export interface Selection {
  /** Words of `-k`: `null and not slow`, or `/regex/`. */
  readonly keyword?: string;
  /** Files, folders or `path:line`, relative to the contract's folder, with `/`. */
  readonly paths: readonly string[];
  /** Only tests with one of these tags; with `!` in front: without it. */
  readonly tags: readonly string[];
  /** Only tests of these bugs; of an empty list: of any. */
  readonly bugs?: readonly string[];
  readonly shard?: { readonly index: number; readonly total: number };
  /** Ids of tests that failed and have not passed since. */
  readonly lastFailed?: ReadonlySet<string>;
  /** Test files and case tables, and ids of cases, that are not as they were in another version of the suite. */
  readonly changed?: {
    readonly since: string;
    readonly files: ReadonlySet<string>;
    readonly rows: ReadonlySet<string>;
  };
}

/** The selection in words, for the header and the event stream. */
export function describeSelection(selection: Selection): string[] {
  return [
    ...(selection.keyword === undefined ? [] : [`-k ${selection.keyword}`]),
    ...selection.paths,
    ...selection.tags.map((tag) => `--tag ${tag}`),
    ...(selection.bugs?.length === 0 ? ["bugs"] : (selection.bugs ?? []).map((bug) => `--bug ${bug}`)),
    ...(selection.shard ? [`--shard ${selection.shard.index}/${selection.shard.total}`] : []),
    ...(selection.lastFailed ? ["--last-failed"] : []),
    ...(selection.changed ? [`--changed-since ${selection.changed.since}`] : []),
  ];
}

/** Whether an empty result was computed rather than mistyped. */
export function isComputed(selection: Selection): boolean {
  return selection.shard !== undefined || selection.changed !== undefined || selection.lastFailed?.size === 0;
}

/** Why no test can be selected, known before any file is loaded; undefined where one may be. */
export function whyNothing({ changed, lastFailed }: Selection): string | undefined {
  if (changed?.files.size === 0) return `nothing changed since ${changed.since}`;
  return lastFailed?.size === 0 ? "no test failed and has not passed since" : undefined;
}

/** Whether all tests of a file are selected when one is. */
export function selectsWholeFiles({ bugs, changed, keyword, paths, shard, tags }: Selection): boolean {
  return (
    keyword === undefined &&
    tags.length === 0 &&
    bugs === undefined &&
    shard === undefined &&
    changed === undefined &&
    paths.every((path) => splitLine(path).line === undefined)
  );
}

/** Whether an id is the file's own, or of a test or row in it. */
function isIdOf(id: string, file: string): boolean {
  return (
    id === file ||
    id.startsWith(`${file} > `) ||
    id.startsWith(`${file} #`) ||
    // A joined call that answers otherwise concerns all tests that are joined.
    isGatherCheck(id) ||
    (id === pytestId && file.endsWith(".py"))
  );
}

/** Whether any file of this path can hold selected tests; saves loading the others. */
export function selectsFile(selection: Selection, file: string): boolean {
  if (selection.lastFailed && ![...selection.lastFailed].some((id) => isIdOf(id, file))) return false;
  if (selection.changed?.files.has(file) === false) return false;
  return selection.paths.length === 0 || selection.paths.some((path) => coversFile(splitLine(path).path, file));
}

/** Tests by their order in the file, so that `path:line` finds the test that begins at or above the line. */
export function selectTests<Test extends TestPlanned>(tests: readonly Test[], selection: Selection): Test[] {
  const matches = keywordMatcher(selection.keyword);
  const hasFailed = failedMatcher(tests, selection.lastFailed);
  return tests.filter(
    (test) =>
      matches(test.id) &&
      inPaths(test, tests, selection.paths) &&
      hasTags(test, selection.tags) &&
      isOfBugs(test, selection.bugs) &&
      inShard(test.id, selection.shard) &&
      hasChanged(test, selection.changed) &&
      hasFailed(test),
  );
}

/** Cases row by row, all tests of a file together: what they share is in it. */
function hasChanged({ file, id, kind }: TestPlanned, changed: Selection["changed"]): boolean {
  return changed === undefined || (kind === "case" ? changed.rows.has(id) : changed.files.has(file));
}

/** An id that is none of a test stands for the whole file: it was broken, failed outside of a test, or a test has another name now. */
function failedMatcher(
  tests: readonly TestPlanned[],
  lastFailed: Selection["lastFailed"],
): (test: TestPlanned) => boolean {
  if (lastFailed === undefined) return () => true;
  const ids = new Set(tests.map((test) => test.id));
  const lost = [...lastFailed].filter((id) => !ids.has(id));
  const files = new Set(tests.map((test) => test.file));
  const whole = new Set([...files].filter((file) => lost.some((id) => isIdOf(id, file))));
  return (test) => lastFailed.has(test.id) || whole.has(test.file);
}

/** `a and not b`, `a or b`, parentheses left out on purpose; `/…/` is a regular expression. Case does not matter. */
export function keywordMatcher(expression: string | undefined): (id: string) => boolean {
  if (expression === undefined) return () => true;
  const regex = /^\/(.*)\/$/.exec(expression)?.[1];
  if (regex !== undefined) {
    const compiled = new RegExp(regex, "iu");
    return (id) => compiled.test(id);
  }
  const alternatives = expression.split(/\s+or\s+/i).map((part) => part.split(/\s+and\s+/i).map(readTerm));
  return (id) => {
    const text = id.toLowerCase();
    return alternatives.some((terms) => terms.every((term) => text.includes(term.word) !== term.not));
  };
}

/** What `-k` should be where it is not: a word is missing beside `and`, `or` or `not`, or it is no regular expression. */
export function keywordFault(expression: string): string | undefined {
  const regex = /^\/(.*)\/$/.exec(expression)?.[1];
  if (regex === undefined) {
    const lacks = /^\s*$|^\s*(and|or)(\s|$)|(^|\s)(and|or|not)\s*$|(^|\s)(and|or|not)\s+(and|or)(\s|$)/i.test(
      expression,
    );
    return lacks ? "words joined by and, or, not" : undefined;
  }
  try {
    keywordMatcher(expression);
    return undefined;
  } catch {
    return "a regular expression between slashes";
  }
}

function readTerm(text: string): { word: string; not: boolean } {
  const word = text.trim().toLowerCase();
  return word.startsWith("not ") ? { word: word.slice(4).trim(), not: true } : { word, not: false };
}

function splitLine(path: string): { path: string; line: number | undefined } {
  const [, file = path, line] = /^(.*?):(\d+)$/.exec(path) ?? [];
  return { path: file, line: line === undefined ? undefined : Number(line) };
}

function coversFile(path: string, file: string): boolean {
  const folder = path.replace(/^\.\//, "").replace(/\/$/, "");
  return folder === "." || folder === "" || file === folder || file.startsWith(`${folder}/`);
}

function inPaths(test: TestPlanned, tests: readonly TestPlanned[], paths: readonly string[]): boolean {
  return (
    paths.length === 0 ||
    paths.some((asked) => {
      const { path, line } = splitLine(asked);
      return (
        coversFile(path, test.file) && (line === undefined || line === test.line || startsAbove(test, tests, line))
      );
    })
  );
}

/** The last test that begins at or before the line. */
function startsAbove(test: TestPlanned, tests: readonly TestPlanned[], line: number): boolean {
  const above = tests.filter((other) => other.file === test.file && other.line !== undefined && other.line <= line);
  const nearest = Math.max(...above.map((other) => other.line ?? 0));
  return test.line === nearest;
}

function hasTags(test: TestPlanned, tags: readonly string[]): boolean {
  const wanted = tags.filter((tag) => !tag.startsWith("!"));
  const unwanted = tags.filter((tag) => tag.startsWith("!")).map((tag) => tag.slice(1));
  return (
    (wanted.length === 0 || wanted.some((tag) => test.tags.includes(tag))) &&
    !unwanted.some((tag) => test.tags.includes(tag))
  );
}

function isOfBugs({ bug }: TestPlanned, bugs: Selection["bugs"]): boolean {
  return bugs === undefined || (bug !== undefined && (bugs.length === 0 || bugs.includes(bug)));
}

/** By a hash of the id: the shards of a suite are disjoint, cover it, and do not depend on one another. */
function inShard(id: string, shard: Selection["shard"]): boolean {
  if (shard === undefined) return true;
  return createHash("sha256").update(id).digest().readUInt32BE(0) % shard.total === shard.index - 1;
}
