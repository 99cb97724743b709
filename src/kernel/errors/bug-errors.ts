import { defineErrors } from "./define.ts";

/** What can be wrong when a failure is replayed or kept, and with the list of bugs. */
export const bugErrors = defineErrors({
  "replay-sensitive": {
    exit: 2,
    /** `run` is the command that runs its test. */
    say: (a: { id: string; field: string; run: string }) =>
      `Failure ${a.id} cannot be sent again: of the sensitive field ${a.field} the report holds only a hash.`,
    hint: (a) => `Run its test instead: ${a.run}   (or make the report with --show-sensitive, where that is allowed)`,
  },
  "replay-endpoint": {
    exit: 2,
    say: (a: { address: string }) =>
      `The report was made of ${a.address}, and a report does not decide what is run on this machine.`,
    hint: () => "Say what to ask: tally replay ID --from REPORT -e http://localhost:8080   (or any other endpoint)",
  },
  "side-name": {
    exit: 2,
    say: (a: { word: string; reason: string }) =>
      `-e ${a.word}: ${a.reason}, and several endpoints are told apart by their names.`,
    hint: () =>
      "Write -e NAME=ADDRESS for each, or a name of [endpoints]; the contract's own connector is -e connector.",
  },
  "side-flag": {
    exit: 2,
    say: (a: { flag: string; reason: string }) => `${a.flag} does not go with several endpoints: ${a.reason}.`,
    hint: () =>
      "Run the suite on one endpoint for it; with several there are --json, --reporter html=DIR and --out DIR.",
  },
  "bug-unknown": {
    exit: 2,
    say: (a: { bug: string; known: readonly string[]; nearest: string | undefined }) =>
      `No test and no case of the suite has the bug ${JSON.stringify(a.bug)}.`,
    hint: (a) =>
      a.nearest === undefined
        ? a.known.length === 0
          ? "There is none at all; a failure becomes one with tally keep ID --bug BUG-1"
          : `Bugs of the suite: ${a.known.join(" ")}`
        : `Did you mean ${a.nearest}? All of them: tally bug`,
  },
  "bug-contradiction": {
    exit: 5,
    say: (a: { bug: string; one: string; other: string; operation: string; field: string }) =>
      `${a.bug} says two things of one record: ${a.one} and ${a.other} expect ${a.operation}.${a.field} to be different.`,
    hint: () => "One of the two rows is wrong, or they are two bugs: change the row, or give it a number of its own.",
  },
  "bug-sides": {
    exit: 2,
    say: (a: { found: readonly string[] }) =>
      `Who must act is known only from two sides${a.found.length === 0 ? "" : `, and here is one: ${a.found.join(", ")}`}.`,
    hint: () =>
      "Name both, -e research=connector where the suite is written: tally bug check -e research=http://… -e production=http://localhost:8080",
  },
  "bug-verb": {
    exit: 2,
    say: (a: { word: string }) => `tally bug ${a.word}: it is followed by nothing, by check, or by show and a bug.`,
    hint: () => "All bugs: tally bug. One: tally bug show BUG-17. On both sides: tally bug check",
  },
  "keep-nothing": {
    exit: 2,
    say: (a: { id: string; why: string }) => `Failure ${a.id} cannot be kept as a case: ${a.why}.`,
    hint: (a) =>
      `A case is one record and its answer. Write what must hold as a test: test("…", { bug: "BUG-17" }, …); what it was: tally replay ${a.id}`,
  },
  "keep-several": {
    exit: 2,
    say: (a: { id: string; exchanges: readonly string[] }) =>
      `Failure ${a.id} asked ${a.exchanges.length} records, and one is to be kept: ${a.exchanges.join("; ")}.`,
    hint: (a) => `Name it by its number: tally keep ${a.id} --exchange 1`,
  },
  "keep-exchange": {
    exit: 2,
    say: (a: { id: string; n: number; exchanges: readonly string[] }) =>
      `Failure ${a.id} has no exchange ${a.n} of its own. It asked ${a.exchanges.join("; ")}.`,
    hint: (a) => `Name one of these: tally keep ${a.id} --exchange 1`,
  },
  "keep-unexpected": {
    exit: 2,
    say: (a: { id: string; why: string; command: string }) =>
      `What is right for failure ${a.id} is not known: ${a.why}.`,
    hint: (a) => `Say what the answer must be: ${a.command}`,
  },
  "keep-sensitive": {
    exit: 2,
    say: (a: { id: string; field: string }) =>
      `Failure ${a.id} cannot be kept: the field ${a.field} is sensitive, and a case would show it to everybody.`,
    hint: () => "Write a case by hand, with an invented value in its place, and look whether it fails the same way.",
  },
  "keep-expect": {
    exit: 2,
    say: (a: { text: string; reason: string }) => `--expect ${a.text}: ${a.reason}${a.reason.endsWith("?") ? "" : "."}`,
    hint: () => `Give the fields that must be right as a JSON object: --expect '{"score": 0.5}'`,
  },
  "keep-conflict": {
    exit: 2,
    say: (a: { at: string; name: string; expect: string }) =>
      `${a.at} (${a.name}) has the same record already, and expects something else: ${a.expect}.`,
    hint: () =>
      "Two cases of one record cannot both be right: change that row, or keep this one elsewhere with --to FILE.",
  },
  "keep-name": {
    exit: 2,
    say: (a: { at: string; name: string }) => `${a.at} has a case of the name ${JSON.stringify(a.name)} already.`,
    hint: () => "Give another --name, or none: then Tally finds one that is free.",
  },
  "keep-table": {
    exit: 2,
    say: (a: { file: string; reason: string }) =>
      `Nothing can be added to ${a.file}: ${a.reason}${a.reason.endsWith("?") ? "" : "."}`,
    hint: () => "Cases are kept in a JSONL table: --to cases/regressions.jsonl",
  },
});
