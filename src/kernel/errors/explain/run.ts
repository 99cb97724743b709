import type { runErrors } from "../run-errors.ts";
import type { Explanations } from "./explanation.ts";

const file = "tests/text.test.ts";
const operation = "process";

export const runExplanations: Explanations<keyof typeof runErrors> = {
  "suite-empty": {
    example: { patterns: ["tests/**/*.test.ts", "cases/**/*.{jsonl,csv}"], root: "." },
    when: "No file matches `[suite] tests` and `cases`. Nothing judged is never a success.",
  },
  "suite-all-skipped": {
    example: { skipped: 12 },
    when: "There are tests, and every one of them has `.skip`, `.todo` or a `skip` reason. Nothing judged is never a success.",
  },
  "suite-only": {
    example: { left: 39 },
    when: "A test or describe with `.only` keeps the others of its file from running. Where `CI` is set this fails the run, because nobody sees the warning there; elsewhere it is the warning `only`.",
  },
  "suite-no-match": {
    example: { selection: "-k entropi", nearest: ["tests/text.test.ts > entropy of an empty text"] },
    when: "`-k`, `--tag` or a line of a file selects no test: most likely a typing error.",
  },
  "suite-file-unknown": {
    example: { path: "tests/txt.test.ts", nearest: file },
    when: "A path on the command line is no file of the suite.",
  },
  "suite-syntax": {
    example: { file, message: "Unexpected token `=`" },
    when: "A test file is not JavaScript or TypeScript; its line is shown. The file counts as one test that could not be judged, the other files run.",
  },
  "suite-typescript": {
    example: { file, message: "TypeScript enum is not supported in strip-only mode" },
    when: "A test file uses TypeScript that has to be compiled. Tally strips types and compiles nothing.",
  },
  "suite-import": {
    example: { file, message: "Cannot find module 'tests/helpers' imported from tests/text.test.ts" },
    when: "A test file imports a file, a package or a name that is not there.",
  },
  "suite-load": {
    example: { file, message: "TypeError: Cannot read properties of undefined" },
    when: "Code outside of a test threw while the file was loaded.",
  },
  "suite-no-tests": {
    example: { file },
    when: "The file was loaded and declared no test. A file of helpers does not belong to `[suite] tests`.",
  },
  "suite-died": {
    example: { file, how: "exit code 7" },
    when: "The process of the file ended while it was loaded or in the middle of a test. In the latter case only that test fails; the others run again in a new process.",
  },
  "suite-load-timeout": {
    example: { file, seconds: 30 },
    when: "Loading the file took longer than `--test-timeout` (at least 10 s).",
  },
  "suite-outside": {
    example: { what: 'operation("process")' },
    when: "A function that belongs to a test was called while a file was loaded, or in a program that `tally test` did not start.",
  },
  "operation-unknown": {
    example: { operation: "proces", known: ["process", "inference"], nearest: "process" },
    when: "A test asks for an operation that the contract does not declare. At the top of a file this is an error of the file; inside of a test, that test fails (exit 1).",
  },
  "operation-not-implemented": {
    example: { operation: "inference" },
    when: "The endpoint answered 501, or 404 for this operation alone. The tests that need it fail; that is what a port in progress looks like.",
  },
  "input-type": {
    example: { operation, field: "query", expected: "string", found: "the number 3" },
    when: "A test passes a value of another type than the contract says. Nothing is sent.",
  },
  "input-missing": {
    example: { operation, field: "query" },
    when: "A test passes a record without a declared field. Nothing is sent.",
  },
  "input-unknown": {
    example: { operation, field: "qurey", known: ["query"], nearest: "query" },
    when: "A test passes a field that the contract does not declare. Nothing is sent.",
  },
  "expected-unknown": {
    example: { operation, field: "entorpy", known: ["entropy", "null_values"], nearest: "entropy" },
    when: "`toTally` names a field that the operation does not have.",
  },
  "expected-type": {
    example: { operation, field: "null_values", expected: "int", found: 'the string "1"' },
    when: "`toTally` expects a value that the field can never have.",
  },
  "expected-undefined": {
    example: { where: "null_values" },
    when: "A value in what `toTally` or `approx` expects is undefined, or it expects no field at all: nothing would be compared.",
  },
  "expected-answer": {
    example: { found: "a promise" },
    when: "`toTally` gets something that is no record: a promise nobody awaited, null, a list where one answer is expected.",
  },
  "test-unanswered": {
    example: { ms: 60_000 },
    when: "The time of a test is over while the endpoint still owes it an answer: the test could not be judged.",
  },
  "answers-torn": {
    example: { file: ".tally/answers.jsonl", line: 90 },
    when: "The recorded answers of the reference were cut off or edited. Without them a failure could not show what the reference answers, so the run does not begin.",
  },
  "run-unknown": {
    example: { path: ".tally/runs" },
    when: "A command looks for a run that is not there.",
  },
  "failure-unknown": {
    example: { id: "7f3a91c2", known: ["17249168", "a0b1c2d3"] },
    when: "The run has no failure of this id. Ids are the same on every machine as long as test, input and fields are.",
  },
};
