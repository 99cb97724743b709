import { defineErrors } from "./define.ts";

/** What can be wrong with `tally.baseline.toml`, the failures that are accepted. */
export const baselineErrors = defineErrors({
  "baseline-unreadable": {
    exit: 2,
    say: (a: { said: string }) => a.said,
    hint: () => "Name the file, make one with tally test --update-baseline, or go without: --baseline off",
  },
  "baseline-invalid": {
    exit: 2,
    say: (a: { said: string }) => a.said,
    hint: () => "docs/guide/baseline.md has every key; schema/baseline.schema.json checks them in an editor.",
  },
  "baseline-too-new": {
    exit: 2,
    say: (a: { file: string; found: number; known: number }) =>
      `${a.file} is a baseline of format ${a.found}; this Tally reads format ${a.known}.`,
    hint: () => "Use a newer Tally: npm install --save-dev tallyml@latest",
  },
  "baseline-duplicate": {
    exit: 2,
    say: (a: { at: string; test: string; first: number }) =>
      `${a.at}: ${JSON.stringify(a.test)} is accepted a second time; line ${a.first} says the same.`,
    hint: () => "Take one of the two out.",
  },
  "baseline-drawn": {
    exit: 2,
    say: (a: { at: string; test: string }) =>
      `${a.at}: ${JSON.stringify(a.test)} cannot be accepted: which records it asks is drawn anew in every run.`,
    hint: () =>
      "Take it out, or write the file anew: tally test --update-baseline. An endpoint that answers otherwise in a batch is asked one by one with --no-gather.",
  },
  "baseline-in-suite": {
    exit: 2,
    say: (a: { file: string }) => `${a.file} lies in the delivered suite; a baseline is never part of a suite.`,
    hint: () => "Keep it with your own sources and name it: --baseline tally.baseline.toml",
  },
  "baseline-filtered": {
    exit: 2,
    say: (a: { words: string }) =>
      `--update-baseline needs a run of all tests, once; here it stands beside ${a.words}.`,
    hint: () => "Run it without: tally test --update-baseline",
  },
  "baseline-incomplete": {
    exit: 6,
    say: (a: { file: string; why: string }) => `${a.file} was not written: ${a.why}.`,
    hint: () => "Only a run in which every test was judged says what fails. See to it and run again.",
  },
  "baseline-new": {
    exit: 2,
    say: (a: { file: string; tests: readonly string[] }) =>
      `${a.file} was not written: ${a.tests.length === 1 ? "1 failure has" : `${a.tests.length} failures have`} no reason, owner or day in it (${a.tests.slice(0, 3).join("; ")}${a.tests.length > 3 ? "; …" : ""}).`,
    hint: () => 'Say it for all of them: --update-baseline --reason "WHY" --owner WHO --expires YYYY-MM-DD',
  },
});
