/** Every key of `tally.baseline.toml` with what it may be: the one description behind the reader, the JSON Schema and the guide. */
import type { Key, Shape } from "../../contract/shape.ts";

/** The version of the format that this Tally reads. */
export const baselineVersion = 1;

const text = (what: string): Shape => ({ is: "text", what });

const mismatchKeys: readonly Key[] = [
  {
    name: "operation",
    doc: "The operation.",
    shape: { is: "text", what: "the name of an operation", pattern: "" },
    required: true,
    example: '"process"',
  },
  {
    name: "field",
    doc: "Path inside the record, without indices: `scores[].label`; empty for the record as a whole.",
    shape: { is: "text", what: "a path", pattern: "" },
    required: true,
    example: '"length"',
  },
  {
    name: "kind",
    doc: "In which way both sides part.",
    shape: { is: "choice", of: ["value", "type", "null", "missing", "extra", "length", "error-versus-value"] },
    required: true,
    example: '"value"',
  },
];

/** Every key of one accepted failure. */
export const acceptedKeys: readonly Key[] = [
  {
    name: "test",
    doc: "Id of the test, as `tally list --json` and every report show it. `*` stands for any characters (20 tests at most), `\\*` for a star.",
    shape: text("the id of a test"),
    required: true,
    example: '"cases/process.jsonl > empty"',
  },
  {
    name: "reason",
    doc: "Why the failure is accepted.",
    shape: text("a text"),
    required: true,
    example: '"bytes, not characters; fixed in 2.1"',
  },
  { name: "owner", doc: "Who will see to it.", shape: text("a text"), required: true, example: '"payments"' },
  {
    name: "expires",
    doc: "The last day on which it is accepted.",
    shape: { is: "text", what: 'a day such as "2027-01-31"', pattern: "^\\d{4}-\\d{2}-\\d{2}$" },
    required: true,
    example: '"2027-01-31"',
  },
  {
    name: "fails",
    doc: "How the test fails.",
    shape: {
      is: "choice",
      of: ["mismatch", "assertion", "not-implemented", "batch-dependent", "timeout", "hook", "file"],
    },
    default: '"mismatch"',
  },
  {
    name: "mismatches",
    doc: "The fields that are off. All of them and no others, or the test fails differently.",
    shape: { is: "list", of: { is: "table", keys: mismatchKeys } },
    default: "[]",
    example: '[{ operation = "process", field = "length", kind = "value" }]',
  },
  {
    name: "message",
    doc: "Of an assertion that is not about fields: the first line of what it says, numbers as `n` and quoted texts as `…`. Left out it may say anything.",
    shape: { is: "text", what: "a text", pattern: "" },
  },
];

const baselineKeys: readonly Key[] = [
  {
    name: "baseline",
    doc: "Version of this format.",
    shape: { is: "integer", min: 1, max: 1000 },
    default: String(baselineVersion),
  },
  {
    name: "accepted",
    doc: "The failures, one table `[[accepted]]` each.",
    shape: { is: "list", of: { is: "table", keys: acceptedKeys } },
    default: "[]",
  },
];

/** The whole file. */
export const baselineShape: Shape = { is: "table", keys: baselineKeys };
