import type { contractErrors } from "../contract-errors.ts";
import type { Explanations } from "./explanation.ts";

export const contractExplanations: Explanations<keyof typeof contractErrors> = {
  "contract-missing": {
    example: { from: "/home/ada/fraud" },
    when: "A command needs a contract and found neither a `tally.toml` nor a `pyproject.toml` with `[tool.tally]`, from the working directory upwards.",
  },
  "contract-unreadable": {
    example: { file: "tally.toml", reason: "permission denied" },
    when: "The contract is there, or was named with `--config`, and the system does not give its content.",
  },
  "contract-encoding": {
    example: { at: "tally.toml:7", reason: "byte 0xE9 is not UTF-8 (byte 118 of the file)" },
    when: "An editor saved the file in another encoding, usually Latin-1 or UTF-16. The byte that does not fit is named.",
  },
  "contract-syntax": {
    example: { at: "tally.toml:2", column: 8, reason: "invalid value" },
    when: "The file is not TOML. Texts need double quotes; an inline table (`{ … }`) stands on one line.",
  },
  "contract-too-new": {
    example: { at: "tally.toml:2", path: "tally.contract", found: 2, known: 1 },
    when: "`[tally] contract` counts the versions of this file's format. A Tally reads its own and older ones, and nothing else of a newer file is looked at.",
  },
  "contract-requires": {
    example: { at: "tally.toml:3", path: "tally.requires", range: ">=0.3 <2", running: "0.1.0" },
    when: "The suite says which versions of Tally may run it, and this one is not among them.",
  },
  "contract-unknown-key": {
    example: {
      at: "tally.toml:9",
      path: "operation",
      near: "operations",
      known: ["tally", "model", "operations", "suite"],
    },
    when: "A key that Tally does not know would silently do nothing, so it is refused. All faults of the file are listed at once.",
  },
  "contract-key-missing": {
    example: { at: "tally.toml:1", path: "model.name", doc: "The model's name.", example: '"sqli"' },
    when: "A key that has no default is missing.",
  },
  "contract-type": {
    example: {
      at: "tally.toml:5",
      path: "endpoint.batch",
      expected: "an integer from 1 to 1000000",
      found: 'the text "many"',
    },
    when: "A key has a value of another type, or one out of its range.",
  },
  "contract-name": {
    example: { at: "tally.toml:9", path: "operations", name: "$error", what: "a name that does not begin with $" },
    when: "Names of operations and fields become parts of addresses and JSON keys; a few characters are not possible there.",
  },
  "contract-type-name": {
    example: {
      at: "tally.toml:12",
      path: "operations.process.output.entropy",
      name: "flaot64",
      near: "float64",
      known: ["boolean", "int", "float64", "string"],
    },
    when: "The type of a field is none of [Tally's types](config.md#types). A double is `float64`; a value of any shape is `json`.",
  },
  "contract-field": {
    example: {
      at: "tally.toml:14",
      path: "operations.inference.output.label.abs",
      reason: "abs does not fit string",
      fix: 'Numbers take a number (abs = 1e-6), timestamps a duration (abs = "1ms").',
    },
    when: "Keys of a field contradict each other or its type: a tolerance at a text, a threshold without `decides`, values of something that is no category.",
  },
  "contract-operation": {
    example: {
      at: "tally.toml:16",
      path: "operations.inference.after",
      name: "proces",
      near: "process",
      known: ["process"],
    },
    when: '`after`, or `input = "…"`, names an operation that the contract does not declare.',
  },
  "contract-cycle": {
    example: { at: "tally.toml:16", path: "operations.inference.after", cycle: ["process", "inference", "process"] },
    when: "Each of some operations comes after another of them, so that none comes first.",
  },
  "contract-connector": {
    example: { at: "tally.toml:6", path: "connector.node", reason: "python and node at once" },
    when: "`[connector]` names no connector or more than one, or has a key that means nothing for the kind it names.",
  },
};
