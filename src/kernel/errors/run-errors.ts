import { isInImage, mountHint } from "../in-image.ts";
import { defineErrors } from "./define.ts";

const didYouMean = (nearest: string | undefined, known: readonly string[]): string =>
  nearest === undefined ? `Known: ${known.join(", ") || "none"}.` : `Did you mean ${nearest}?`;

/** What can be wrong while test files are loaded and run. */
export const runErrors = defineErrors({
  "suite-empty": {
    exit: 5,
    say: (a: { patterns: readonly string[]; root: string }) =>
      `Nothing to judge: no test and no case in ${a.root} (looked for ${a.patterns.join(", ")}).`,
    hint: () => "Write a first test (docs/guide/tests.md), or set [suite] tests and cases in tally.toml.",
  },
  "suite-all-skipped": {
    exit: 5,
    say: (a: { skipped: number }) => `Nothing was judged: all ${a.skipped} tests are skipped.`,
    hint: () => "Take .skip, .todo or the tag filter away from at least one.",
  },
  "suite-only": {
    exit: 2,
    say: (a: { left: number }) => `.only leaves out ${a.left} ${a.left === 1 ? "test" : "tests"}.`,
    hint: () => "Take .only away; to run one test alone: tally test -k NAME",
  },
  "suite-no-match": {
    exit: 2,
    say: (a: { selection: string; nearest: readonly string[] }) => `No test matches ${a.selection}.`,
    hint: (a) =>
      a.nearest.length > 0 ? `Nearest: ${a.nearest.join(" · ")}` : "Run without a selection to see what there is.",
  },
  "suite-file-unknown": {
    exit: 2,
    say: (a: { path: string; nearest: string | undefined }) =>
      `${a.path} is no test file and no case table of this suite.`,
    hint: (a) =>
      a.nearest === undefined ? "See [suite] tests and cases in tally.toml." : `Did you mean ${a.nearest}?`,
  },
  "suite-syntax": {
    exit: 2,
    say: (a: { file: string; message: string }) => `${a.file} cannot be read: ${a.message}.`,
    hint: () => "Mend the line shown; the other files were run.",
  },
  "suite-typescript": {
    exit: 2,
    say: (a: { file: string; message: string }) =>
      `${a.file} uses TypeScript that is more than types (${a.message}); it is run by stripping the types.`,
    hint: () =>
      'Replace enum, namespace, parameter property or import = by plain JavaScript ("erasableSyntaxOnly": true shows them in the editor).',
  },
  "suite-import": {
    exit: 2,
    say: (a: { file: string; message: string }) => `${a.file} cannot be loaded: ${a.message}.`,
    hint: () => "Imports of files need their ending (./helpers.ts); types are imported with `import type`.",
  },
  "suite-load": {
    exit: 2,
    say: (a: { file: string; message: string }) => `${a.file} threw while it was loaded: ${a.message}.`,
    hint: () => "Code outside of test() runs at load; move what may fail into a test or a hook.",
  },
  "suite-no-tests": {
    exit: 2,
    say: (a: { file: string }) => `${a.file} has no test.`,
    hint: (a) =>
      a.file.endsWith(".py")
        ? "Write def test_name(process): …, or take the file out of [suite] pytest."
        : 'Write test("name", async () => { … }) with test imported from "tallyml", or take the file out of [suite] tests.',
  },
  "suite-died": {
    exit: 2,
    say: (a: { file: string; how: string }) => `The process of ${a.file} ended (${a.how}).`,
    hint: () => "A test must not end its process; look for process.exit, a native crash or memory.",
  },
  "suite-load-timeout": {
    exit: 2,
    say: (a: { file: string; seconds: number }) => `${a.file} was not loaded after ${a.seconds} s.`,
    hint: () => "Look for an endless loop or an await that never settles outside of test().",
  },
  "suite-outside": {
    exit: 2,
    say: (a: { what: string }) => `${a.what} was called outside of a test that tally runs.`,
    hint: () => 'Call it inside of test("name", async () => { … }), and run the file with: npx --no tally test',
  },
  "operation-unknown": {
    exit: 2,
    say: (a: { operation: string; known: readonly string[]; nearest: string | undefined }) =>
      `The contract has no operation "${a.operation}".`,
    hint: (a) => didYouMean(a.nearest, a.known),
  },
  "test-unanswered": {
    exit: 3,
    say: (a: { ms: number }) =>
      `A call of the test was not answered before the test's own time of ${a.ms} ms was over.`,
    hint: () => "Look at the endpoint, or give tests more time than calls: --test-timeout 60s --timeout 30s",
  },
  "expected-undefined": {
    exit: 1,
    say: (a: { where: string }) => `What is expected of ${a.where} is undefined.`,
    hint: () => "Look for a misspelt name, or a row of test.each that is too short.",
  },
  "expected-answer": {
    exit: 1,
    say: (a: { found: string }) => `toTally was given ${a.found} instead of an answer.`,
    hint: () => "Await the operation; compare one answer with one record, a list with a list.",
  },
  "operation-not-implemented": {
    exit: 1,
    say: (a: { operation: string }) => `The endpoint does not have the operation "${a.operation}" yet.`,
    hint: () => "Build it next; the progress board shows what is there.",
  },
  /** This and the next four: what a test says contradicts the contract; that test fails, the others go on. */
  "input-type": {
    exit: 1,
    say: (a: { operation: string; field: string; expected: string; found: string }) =>
      `${a.operation}: input ${a.field} is ${a.found}; the contract says ${a.expected}.`,
    hint: () => "Change the test's input or the type in tally.toml.",
  },
  "input-missing": {
    exit: 1,
    say: (a: { operation: string; field: string }) => `${a.operation}: input ${a.field} is missing.`,
    hint: () => "Give it a value; a nullable field takes null, but must be there.",
  },
  "input-unknown": {
    exit: 1,
    say: (a: { operation: string; field: string; known: readonly string[]; nearest: string | undefined }) =>
      `${a.operation}: the contract has no input ${a.field}.`,
    hint: (a) => didYouMean(a.nearest, a.known),
  },
  "expected-unknown": {
    exit: 1,
    say: (a: { operation: string; field: string; known: readonly string[]; nearest: string | undefined }) =>
      `The output of ${a.operation} has no field ${a.field}.`,
    hint: (a) => didYouMean(a.nearest, a.known),
  },
  "expected-type": {
    exit: 1,
    say: (a: { operation: string; field: string; expected: string; found: string }) =>
      `The value expected for ${a.operation}.${a.field} is ${a.found}; the contract says ${a.expected}.`,
    hint: () => "Change what the test expects, or the type in tally.toml.",
  },
  "answers-torn": {
    exit: 5,
    say: (a: { file: string; line: number }) => `The reference answers in ${a.file} cannot be read (line ${a.line}).`,
    hint: () => "Record them anew: run tally test against the connector.",
  },
  "run-unknown": {
    exit: 2,
    say: (a: { path: string }) => `No run in ${a.path}.`,
    hint: () =>
      isInImage
        ? `Name a report with --from PATH, or keep the runs. ${mountHint}`
        : "Give a run folder or an events file (tally-report/events.ndjson), or run the suite first: tally test",
  },
  "failure-unknown": {
    exit: 2,
    say: (a: { id: string; known: readonly string[] }) => `No failure "${a.id}" in what was looked through.`,
    hint: (a) =>
      a.known.length > 0
        ? `Failures there, the nearest first: ${a.known.join(" ")}`
        : "There is none at all; another run or report is named with --from PATH.",
  },
});
