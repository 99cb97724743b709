import type { bugErrors } from "../bug-errors.ts";
import type { Explanations } from "./explanation.ts";

const id = "7f3a91c2";
const exchanges = ['1 process {"query":"a"}', '2 process {"query":"b"}'];

export const bugExplanations: Explanations<keyof typeof bugErrors> = {
  "replay-sensitive": {
    example: { id, field: "process.name", run: "tally test tests/names.test.ts:4" },
    when: "Fields declared `sensitive` stand in reports as a keyed hash. A record that holds one cannot be sent from a report; the test that made it can.",
  },
  "side-name": {
    example: { word: "http://localhost:8080", reason: "it has no name of letters, digits and . _ -" },
    when: "`-e` was given more than once, so the suite runs on each endpoint and the verdicts stand side by side. Each needs a name of its own: `-e production=http://…`, or one of `[endpoints]`.",
  },
  "replay-endpoint": {
    example: { address: "cmd:./build/model" },
    when: "`tally replay --from` was not told an endpoint, and the one that the report names is a program, a file or a socket. Reports come from other people: only http and https addresses are taken from them, and those without token, headers and certificates.",
  },
  "side-flag": {
    example: { flag: "--watch", reason: "a matrix is of one moment" },
    when: "Some flags belong to one run: watching, writing a baseline, a signature, the reporters `junit` and `ndjson`; `--start` and a baseline belong to one endpoint, so where it is not clear to which, the baseline names it: `--baseline production=FILE`.",
  },
  "bug-unknown": {
    example: { bug: "BUG-71", known: ["BUG-17"], nearest: "BUG-17" },
    when: "A bug is the `bug` of a case or the option `bug` of a test; the number is compared letter by letter.",
  },
  "bug-contradiction": {
    example: {
      bug: "BUG-17",
      one: "cases/a.jsonl:3",
      other: "cases/b.jsonl:1",
      operation: "process",
      field: "null_values",
    },
    when: "Cases of one number are one bug. Two of them ask the same record and expect other values of a field: then nobody could ever fix it.",
  },
  "bug-sides": {
    example: { found: ["connector"] },
    when: "`tally bug check` runs the bugs on the reference and on at least one candidate. Without `-e` these are the connector and `ENDPOINT` or `[endpoints] default`. In a delivered suite one candidate is enough: the reference's answers are recorded.",
  },
  "bug-verb": {
    example: { word: "chekc" },
    when: "`tally bug` lists, `tally bug check [BUG…]` runs the bugs on both sides, `tally bug show BUG` tells all of one.",
  },
  "keep-nothing": {
    example: { id, why: "it has no exchange of its own" },
    when: "A hook, a file or an assertion failed without asking the endpoint, or only a batch tells: there is no record that a case could ask.",
  },
  "keep-several": {
    example: { id, exchanges },
    when: "The test asked several records, and either none of them is known to be off or `--expect` was given, which can belong to one only.",
  },
  "keep-exchange": {
    example: { id, n: 3, exchanges },
    when: "`--exchange` names a record by its number within the test, as the error and the report count them.",
  },
  "keep-unexpected": {
    example: {
      id,
      why: "the reference's answer is not recorded",
      command: `tally keep ${id} --expect '{"null_values":2}'`,
    },
    when: "A kept case expects what the reference answered. That is not known when it was not recorded, when it is the reference that failed, when the test expects something else than the reference answers, or when both sides answered alike.",
  },
  "keep-sensitive": {
    example: { id, field: "process.name" },
    when: "Cases travel with the suite. A record with a field that the contract declares `sensitive` is never written into one, whatever the report shows.",
  },
  "keep-expect": {
    example: { text: "{length: 3}", reason: "a key must stand in double quotes" },
    when: '`--expect` is the `expect` of the case: a JSON object of fields, or `{"$error": true}`.',
  },
  "keep-conflict": {
    example: { at: "cases/regressions.jsonl:3", name: "null words", expect: '{"null_values":2}' },
    when: "The table already has this record of this operation with another expectation. If the same is expected, nothing is written and that is said.",
  },
  "keep-name": {
    example: { at: "cases/regressions.jsonl:3", name: "null words" },
    when: "Names stand once in a table. Without `--name` Tally finds a free one.",
  },
  "keep-table": {
    example: { file: "cases/smoke.csv", reason: "it is no .jsonl" },
    when: "`tally keep` adds rows to JSONL tables that can be read; others it leaves as they are.",
  },
};
