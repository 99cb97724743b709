import { defineErrors } from "./define.ts";

/** What can keep exchanges from becoming cases. */
export const captureErrors = defineErrors({
  "capture-what": {
    exit: 2,
    say: (a: { both: boolean }) =>
      a.both
        ? "tally capture was given a command and --data; it does one of the two."
        : "tally capture was told neither a command to run nor a file of records.",
    hint: () =>
      "Put the command behind --: tally capture -- pytest tests/; or name a file: tally capture --data records.csv",
  },
  "capture-exists": {
    exit: 2,
    say: (a: { file: string }) => `${a.file} exists already, and is not overwritten.`,
    hint: () => "Add to it what is new with --append, or name another with --to cases/more.jsonl",
  },
  "capture-table": {
    exit: 2,
    say: (a: { file: string; reason: string }) => `Nothing can be captured into ${a.file}: ${a.reason}.`,
    hint: () => "Cases are captured into a JSONL table: --to cases/captured.jsonl",
  },
  "capture-start": {
    exit: 2,
    say: (a: { command: string; reason: string }) => `${a.command} cannot be started: ${a.reason}.`,
    hint: (a) => `Look whether the shell finds it: command -v ${a.command}`,
  },
  "capture-command": {
    exit: 1,
    say: (a: { command: string; how: string; cases: number }) =>
      `${a.command} ${a.how}; ${a.cases === 1 ? "1 case was" : `${a.cases} cases were`} kept all the same.`,
    hint: () =>
      "What it asked before is answered and kept. If more should be, mend what failed and capture again with --append.",
  },
  "capture-nothing": {
    exit: 5,
    say: (a: { why: string }) => `Nothing was captured: ${a.why}.`,
    hint: () =>
      "The program must send its records to the address in ENDPOINT, as POST $ENDPOINT/OPERATION, or through tallyml.Endpoint; see docs/guide/capture.md",
  },
  "capture-unfit": {
    exit: 5,
    say: (a: { exchanges: number; why: string }) =>
      a.exchanges === 1
        ? `The only exchange cannot be kept as a case: ${a.why}.`
        : `None of ${a.exchanges} exchanges can be kept as a case: ${a.why}.`,
    hint: () => "Correct the contract where it is wrong (tally schema shows it), or ask other records.",
  },
  "capture-data": {
    exit: 5,
    say: (a: { file: string; reason: string }) => `${a.file} cannot be asked: ${a.reason}.`,
    hint: () =>
      "Columns are named like the fields of the input, and cells hold values of the declared types: tally schema --format markdown",
  },
  "capture-undeclared": {
    exit: 2,
    say: (a: { file: string; contract: string }) =>
      `What the columns of ${a.file} mean is not known: ${a.contract} declares no operations.`,
    hint: (a) => `Declare them first: tally schema --write --sample ${a.file}`,
  },
});
