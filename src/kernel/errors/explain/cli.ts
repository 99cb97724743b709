import type { cliErrors } from "../cli-errors.ts";
import type { commandErrors } from "../command-errors.ts";
import type { Explanations } from "./explanation.ts";

export const cliExplanations: Explanations<keyof typeof cliErrors | keyof typeof commandErrors> = {
  "node-too-old": {
    example: { found: "20.20.2" },
    when: "Tally runs on the Node that is first on the path. Test files in TypeScript need one that strips types.",
  },
  "verb-unknown": {
    example: { verb: "tets", nearest: "test" },
    when: "The first word is no command.",
  },
  "flag-unknown": {
    example: { flag: "--endpiont", verb: "test", nearest: "--endpoint" },
    when: "The command has no such flag. What is misspelt would otherwise be ignored.",
  },
  "flag-value": {
    example: { flag: "--timeout", value: "3", expected: "a duration (250ms, 3s, 2m)" },
    when: "The value of a flag, or of its `TALLY_…` variable, is not of the kind it takes.",
  },
  "flag-without-value": {
    example: { flag: "--endpoint", value: "ADDRESS" },
    when: "A flag that takes a value stands at the end, or its value is empty.",
  },
  "argument-unexpected": {
    example: { argument: "openapi", verb: "schema" },
    when: "A word is left over.",
  },
  "argument-missing": {
    example: { argument: "the id of a failure", verb: "replay" },
    when: "The command needs one more word.",
  },
  "code-unknown": {
    example: { code: "endpoint-unreachabel", nearest: "endpoint-unreachable" },
    when: "`tally explain` was asked for a code that Tally does not have.",
  },
  "shell-unknown": {
    example: { shell: "pwsh", known: ["bash", "zsh", "fish", "powershell"], nearest: undefined },
    when: "`tally completion` writes the script of a shell that it does not know.",
  },
  "operations-none": {
    example: { file: "tally.toml" },
    when: "`tally types` writes the types of the operations that the contract declares. Without any, every value is `json`.",
  },
  "types-foreign": {
    example: { path: "src/model.ts" },
    when: "`tally types --out` replaces only what an earlier call wrote: another file is left alone.",
  },
  "endpoint-none": {
    example: { file: "tally.toml", isDelivered: false },
    when: "Neither `--endpoint` nor `ENDPOINT` nor `[endpoints] default` nor `[connector]` says what to ask. A suite that was delivered has no connector.",
  },
  "connector-none": {
    example: { word: "connector" },
    when: "An endpoint was named as `connector`, and the contract has no `[connector]`. `tally pack` leaves it at home: a suite that was delivered never has one.",
  },
  "start-failed": {
    example: { command: "node server.mjs", how: "ended with status 3", before: "it answered" },
    when: "The program of `--start` ended while Tally waited for the endpoint or before the run was over; the last lines it printed are shown. What answered meanwhile may have been another program, so such a run is never green.",
  },
  "start-already-up": {
    example: { command: "node server.mjs", url: "http://127.0.0.1:8080" },
    when: "Before the program of `--start` was started, the endpoint (or the address of `--ready`) answered: most likely a server left over from before, which would be judged instead of the new one.",
  },
  "last-run-missing": {
    example: { root: "/home/ada/fraud" },
    when: "`--last-failed` needs a run whose failures it can repeat.",
  },
  internal: {
    example: { what: "test judged that is not open: tests/text.test.ts > entropy" },
    when: "Something happened that Tally's own code rules out. Nothing that such a run says should be trusted.",
  },
  "reporter-unknown": {
    example: {
      name: "jnit",
      known: ["terminal", "json", "ndjson", "junit", "html", "github", "gitlab"],
      nearest: "junit",
    },
    when: "`--reporter` names none of Tally's reporters.",
  },
  "reporter-path": {
    example: { name: "html" },
    when: "A reporter that writes several files needs a folder.",
  },
  "out-not-writable": {
    example: { path: "/report", reason: "the file system is read-only" },
    when: "A report cannot be written. That is found out before the run begins, so that no run is lost for it.",
  },
  "events-malformed": {
    example: { path: "events.ndjson", line: 12, reason: "the line ends before its object does" },
    when: "A file that should be the event stream of a run is something else, or was edited.",
  },
  "init-exists": {
    example: { paths: ["tally.toml"] },
    when: "`tally init` writes over nothing: one of the files that it would write is there.",
  },
  "python-install": {
    example: { python: "/usr/bin/python3", status: "1" },
    when: "`tally python --install` hands a wheel to pip or uv, and that refused: an interpreter that the system manages, no right to write.",
  },
  "python-target": {
    example: { target: "src/model.py:scroe", reason: 'it defines no function or estimator "scroe", but score, load' },
    when: "`tally init --python` cannot import the module, or the module does not define the name.",
  },
  "sample-unusable": {
    example: { file: "orders.csv", reason: "orders.csv:7 has 4 cells, and the header has 5" },
    when: "`--sample` names a file that is no table of records. Every line that is wrong is told, up to ten.",
  },
  "sample-refused": {
    example: { operation: "score", record: 1, answer: "KeyError: 'amount'" },
    when: "What a connector answers is learned by asking it about the sample, and it answered with an error.",
  },
  "schema-place": {
    example: { file: "tally.toml", reason: "tally.toml:9: not TOML: redefining keys is not allowed (column 1)" },
    when: "`tally schema --write` adds sections to the end of the file and changes nothing else, and here they would contradict what is there.",
  },
  "answer-type": {
    example: { operation: "process", path: "entropy", why: "type: a number written as text" },
    when: "`tally doctor` asked an endpoint for two records, and an answer does not have the declared fields and types.",
  },
  "runs-differ": {
    example: {
      one: "fraud-ml-test sha256:0f3a91c2d4e5 (shard-1/events.ndjson)",
      other: "fraud-ml-test sha256:77b0c1d2e3f4 (shard-2/events.ndjson)",
    },
    when: "`tally report` was given several runs, and they are not shards of one: the digests of their suites differ.",
  },
  "runs-overlap": {
    example: {
      id: "tests/text.test.ts > entropy",
      one: "shard-1/events.ndjson",
      other: "shard-2/events.ndjson",
    },
    when: "`tally report` was given several runs that hold the same test, which would count twice.",
  },
  "serve-address": {
    example: { host: "127.0.0.1", port: 8080, reason: "something else listens there" },
    when: "`tally serve` may not listen on this host and port, or another program does already.",
  },
};
