import type { caseErrors } from "../case-errors.ts";
import type { Explanations } from "./explanation.ts";

const at = "cases/process.jsonl:3";

export const caseExplanations: Explanations<keyof typeof caseErrors> = {
  "case-unreadable": {
    example: { file: "cases/process.jsonl", reason: "permission denied" },
    when: "A file that `[suite] cases` names cannot be opened, or is larger than 256 MiB: that is a data set, not a table of cases.",
  },
  "case-format": {
    example: { file: "cases/process.parquet" },
    when: "A file that `[suite] cases` names has an ending that Tally has no reader for.",
  },
  "case-encoding": {
    example: { at, reason: "byte 0xE9 is not UTF-8 (byte 215 of the file)" },
    when: "A spreadsheet or an editor saved the table in another encoding. Guessing it would change the inputs of the model.",
  },
  "case-array": {
    example: { at: "cases/process.jsonl:1" },
    when: "The file holds `[ … ]`. One object on each line lets a fault name its line, and lets a diff show one case.",
  },
  "case-syntax": {
    example: { at, column: 14, reason: 'unexpected "\'"' },
    when: 'A line is not JSON, or a CSV record has its quotes in the wrong places. `NaN` is written as the text `"NaN"`. The other rows of the file are judged.',
  },
  "case-torn": {
    example: { at: "cases/process.csv:90", began: 88 },
    when: "The file ends in the middle of a record: it was cut off while it was written or copied, or a quote is never closed.",
  },
  "case-empty": {
    example: { file: "cases/process.jsonl" },
    when: "The file is empty, or has only a header. An empty table that passes would be mistaken for a good one.",
  },
  "case-header": {
    example: { at: "cases/process.csv:1", reason: 'columns 1 and 3 are both "name"' },
    when: "The first line of a CSV does not say, once each, what its columns are.",
  },
  "case-delimiter": {
    example: {
      at: "cases/process.csv:1",
      reason: 'the cells seem to be separated by ";", and the contract says ","',
      delimiter: ";",
    },
    when: "Spreadsheets of some countries separate cells by semicolons. Tally does not guess.",
  },
  "case-column": {
    example: {
      at: "cases/process.csv:1",
      column: "input.qurey",
      near: "input.query",
      columns: ["name", "operation", "input.query", "expect.entropy"],
    },
    when: "A column has a name that means nothing, so what it holds would be ignored.",
  },
  "case-ragged": {
    example: { at: "cases/process.csv:4", found: 5, expected: 4, delimiter: "," },
    when: "A record has more or fewer cells than the header, usually because a cell contains the delimiter and is not quoted.",
  },
  "case-key": {
    example: { at, key: "expected", near: "expect", keys: ["name", "operation", "input", "expect"] },
    when: "A key of a case means nothing; what it says would be ignored.",
  },
  "case-type": {
    example: { at, key: "tags", expected: "a list of texts", found: 'the text "smoke"' },
    when: "A member of a case, such as its name, tags or input, has the wrong JSON type.",
  },
  "case-name": {
    example: { at, name: "empty query", first: 1 },
    when: "Two cases of one file have the same name. Names are how reports, `-k` and replays find a case.",
  },
  "case-operation-missing": {
    example: { at: "cases/smoke.jsonl:1", operations: ["process", "inference"] },
    when: "The case has no `operation`, and its file is not named after one.",
  },
  "case-operation": {
    example: { at: "cases/smoke.jsonl:1", name: "proces", near: "process", operations: ["process", "inference"] },
    when: "The case is one of an operation that the contract does not declare.",
  },
  "case-field": {
    example: { at, path: "input.qurey", near: "input.query", fields: ["query"] },
    when: "The input, or what is expected, has a field that the contract does not declare.",
  },
  "case-missing": {
    example: { at, path: "input.query", type: "string" },
    when: "The input lacks a declared field. A nullable field may be null and must still be there.",
  },
  "case-value": {
    example: {
      at,
      path: "expect.null_values",
      type: "int",
      why: "a number written as text, not an int",
      found: 'the text "1"',
    },
    when: "A value does not have the declared type, or lies out of its range. Values of sensitive fields are not shown.",
  },
  "case-tolerance": {
    example: { at, path: "label", reason: "it is string, which is compared exactly" },
    when: "A tolerance names a field that is not there, does not fit its type, or is no number ≥ 0.",
  },
  "case-more": {
    example: { file: "cases/process.jsonl", count: 900 },
    when: "A file has more than a hundred faults; the rest is counted.",
  },
  "case-untyped": {
    example: { file: "cases/smoke.csv" },
    when: "A CSV has no types of its own; without `[operations]` every cell is sent as a string.",
  },
};
