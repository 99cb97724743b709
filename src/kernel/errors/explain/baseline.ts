import type { baselineErrors } from "../baseline-errors.ts";
import type { Explanations } from "./explanation.ts";

const file = "tally.baseline.toml";
const test = "cases/process.jsonl > empty";

export const baselineExplanations: Explanations<keyof typeof baselineErrors> = {
  "baseline-unreadable": {
    example: { said: `${file} cannot be read: there is no such file.` },
    when: "`--baseline` names a file that is not there or cannot be read. Without the flag a baseline that is not there is none.",
  },
  "baseline-invalid": {
    example: { said: `${file}:4: accepted[0].owner is missing. Who will see to it.` },
    when: "The file is no TOML, has a key that is not known, or lacks one. The message names the line; nothing was run.",
  },
  "baseline-too-new": {
    example: { file, found: 2, known: 1 },
    when: "The file was written for a newer Tally.",
  },
  "baseline-duplicate": {
    example: { at: `${file}:14`, test, first: 5 },
    when: "Two entries accept the same failure of the same test: nobody could say whose reason and day count.",
  },
  "baseline-drawn": {
    example: { at: `${file}:14`, test: "gather-check > process" },
    when: "An entry names the check of joined calls. It asks a sample of the records once more alone, and the seed draws the sample: a failure that one run has the next may not have, and the entry would be stale. The check can be left out with `--gather-check off`; `--no-gather` asks every record alone in the first place.",
  },
  "baseline-in-suite": {
    example: { file: "suite/tally.baseline.toml" },
    when: "What Development accepts is no part of what Research delivers: the next version of the suite would lose it, or hide failures from others.",
  },
  "baseline-filtered": {
    example: { words: "-k null" },
    when: "A run of some tests says nothing about the others: writing the file from it would drop their entries. Selections, shards and `--watch` are refused.",
  },
  "baseline-incomplete": {
    example: { file, why: "3 tests could not be judged" },
    when: "The run broke off, a file could not be read, or the endpoint failed. The old file is as it was.",
  },
  "baseline-new": {
    example: { file, tests: [test] },
    when: "A failure that is accepted has a reason, an owner and a last day. Entries that stay keep theirs; new ones, and those whose day is over, take them from the flags.",
  },
};
