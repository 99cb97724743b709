import { defineErrors } from "./define.ts";

/** What can be wrong with the command line, and what is wrong with Tally itself. */
export const commandErrors = defineErrors({
  internal: {
    exit: 70,
    say: (a: { what: string }) => `This is a bug in Tally: ${a.what}.`,
    hint: () => "Please report it with the command you ran and the text above.",
  },
  "reporter-unknown": {
    exit: 2,
    say: (a: { name: string; known: readonly string[]; nearest?: string }) =>
      `There is no reporter "${a.name}". Reporters: ${a.known.join(", ")}.`,
    hint: (a) =>
      a.nearest === undefined
        ? "Write --reporter NAME or --reporter NAME=PATH."
        : `Did you mean --reporter ${a.nearest}?`,
  },
  "reporter-path": {
    exit: 2,
    say: (a: { name: string }) => `The reporter "${a.name}" writes a folder and was given none.`,
    hint: (a) => `Write --reporter ${a.name}=tally-report`,
  },
  "out-not-writable": {
    exit: 2,
    say: (a: { path: string; reason: string }) => `Nothing can be written to ${a.path} (${a.reason}).`,
    hint: (a) => `Choose another place, or make it writable for this user: ls -ld ${a.path}`,
  },
  "events-malformed": {
    exit: 5,
    say: (a: { path: string; line: number; reason: string }) =>
      `${a.path}, line ${a.line}: this is no run event (${a.reason}).`,
    hint: () => "Give the events.ndjson of a run, or the folder it is in.",
  },
  "answer-type": {
    exit: 1,
    say: (a: { operation: string; path: string; why: string }) =>
      `${a.operation} answers a record that is not what the contract declares: ${a.path} (${a.why}).`,
    hint: () => "Compare it with the contract: tally schema --format markdown",
  },
  "runs-differ": {
    exit: 2,
    say: (a: { one: string; other: string }) => `These are runs of different suites: ${a.one} and ${a.other}.`,
    hint: () => "Shards of one run have the same tests, cases, contract and reference answers: check out one revision.",
  },
  "runs-overlap": {
    exit: 2,
    say: (a: { id: string; one: string; other: string }) => `${a.id} is in ${a.one} and in ${a.other}.`,
    hint: () => "Give every shard once, each made with --shard i/n for the same n.",
  },
  "serve-address": {
    exit: 2,
    say: (a: { host: string; port: number; reason: string }) => `Cannot listen on ${a.host}:${a.port} (${a.reason}).`,
    hint: () => "Choose another port, or let the system choose: tally serve --port 0",
  },
});
