import { isInImage, mountHint } from "../in-image.ts";
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
    hint: (a) => (isInImage ? mountHint : `Choose another place, or make it writable for this user: ls -ld ${a.path}`),
  },
  "events-malformed": {
    exit: 5,
    say: (a: { path: string; line: number; reason: string }) =>
      `${a.path}, line ${a.line}: this is no run event (${a.reason}).`,
    hint: () => "Give the events.ndjson of a run, or the folder it is in.",
  },
  "init-exists": {
    exit: 2,
    say: (a: { paths: readonly string[] }) =>
      `${a.paths.join(", ")} ${a.paths.length === 1 ? "exists" : "exist"} already; nothing was written.`,
    hint: () =>
      "Begin in another folder (tally init NAME); to declare the operations of a connector: tally schema --write",
  },
  "python-install": {
    exit: 2,
    say: (a: { python: string; status: string }) => `tallyml was not installed into ${a.python} (status ${a.status}).`,
    hint: () => "What the installer said stands above; a virtual environment takes it: python3 -m venv .venv",
  },
  "python-target": {
    exit: 2,
    say: (a: { target: string; reason: string }) => `--python ${a.target}: ${a.reason}.`,
    hint: () =>
      "Name a file and what it defines: --python src/model.py:score; another interpreter: TALLY_PYTHON=.venv/bin/python",
  },
  "sample-unusable": {
    exit: 5,
    say: (a: { file: string; reason: string }) => `${a.file} cannot be a sample: ${a.reason}.`,
    hint: () => "A sample holds records as the model gets them: a CSV with a header, or one JSON object on each line.",
  },
  "sample-refused": {
    exit: 4,
    say: (a: { operation: string; record: number; answer: string }) =>
      `${a.operation} does not answer record ${a.record} of the sample: ${a.answer}.`,
    hint: () => "Give a sample of records that the model answers, with all the fields it needs: --sample FILE",
  },
  "schema-place": {
    exit: 2,
    say: (a: { file: string; reason: string }) =>
      `The operations cannot be added to ${a.file}: ${a.reason.replace(/\.$/, "")}.`,
    hint: () => "Nothing was written. Put the lines above where they belong.",
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
