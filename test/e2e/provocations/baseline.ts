/** What can be wrong with a baseline: nothing is run, or the old file stays as it was. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { connector, contract } from "../../kit/length-model.ts";
import type { Provocation } from "./provocation.ts";

const files = {
  "tally.toml": contract,
  "connector.ts": connector,
  "cases/process.jsonl": `{"name":"short","input":{"text":"abc"},"expect":{"length":4}}\n`,
};

const accepted = `[[accepted]]
test = "cases/process.jsonl > short"
reason = "counts bytes"
owner = "search"
expires = "2999-01-31"
mismatches = [{ operation = "process", field = "length", kind = "value" }]
`;

function withBaseline(fact: string, codes: Provocation["codes"], text: string): Provocation {
  return { fact, codes, files: { ...files, "tally.baseline.toml": text }, args: ["test"], exit: 2 };
}

export const baselineProvocations: readonly Provocation[] = [
  {
    fact: "a baseline that is not there",
    codes: ["baseline-unreadable"],
    files,
    args: ["test", "--baseline", "other.toml"],
    exit: 2,
  },
  withBaseline("a baseline that is no TOML", ["baseline-invalid"], "[[accepted]\n"),
  withBaseline(
    "an accepted failure that nobody owns",
    ["baseline-invalid"],
    accepted.replace('owner = "search"\n', ""),
  ),
  withBaseline("an accepted failure with a misspelt key", ["baseline-invalid"], accepted.replace("expires", "expire")),
  withBaseline(
    "an accepted failure until a day that no calendar has",
    ["baseline-invalid"],
    accepted.replace("2999-01-31", "2999-02-30"),
  ),
  withBaseline("an accepted mismatch without a field", ["baseline-invalid"], accepted.replace(/mismatches.*\n/, "")),
  withBaseline("a baseline for a newer Tally", ["baseline-too-new"], "baseline = 9\n"),
  withBaseline("a failure that is accepted twice", ["baseline-duplicate"], `baseline = 1\n\n${accepted}\n${accepted}`),
  withBaseline(
    "an accepted failure of the check of joined calls",
    ["baseline-drawn"],
    accepted.replace("cases/process.jsonl > short", "gather-check > process"),
  ),
  {
    fact: "a baseline in the suite that was delivered",
    codes: ["baseline-in-suite"],
    files,
    args: ["test", "--suite", ".", "--baseline", "suite/tally.baseline.toml"],
    arrange: ({ root }) => {
      mkdirSync(join(root, "suite"));
      return {};
    },
    exit: 2,
  },
  {
    fact: "a baseline from some of the tests",
    codes: ["baseline-filtered"],
    files,
    args: ["test", "--update-baseline", "-k", "short"],
    exit: 2,
  },
  {
    fact: "a baseline from an endpoint that does not answer",
    codes: ["baseline-incomplete", "endpoint-unreachable"],
    files,
    args: ["test", "--reporter", "ndjson", "--update-baseline", "-e", "http://127.0.0.1:9"],
    exit: 3,
  },
  {
    fact: "a new failure that nobody gave a reason",
    codes: ["baseline-new"],
    files,
    args: ["test", "-q", "--update-baseline"],
    exit: 2,
  },
];
