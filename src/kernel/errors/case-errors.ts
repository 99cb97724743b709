import { defineErrors } from "./define.ts";

const guide = "docs/guide/cases.md";

/** `at` is `cases/smoke.csv:3`. */
export interface Place {
  readonly at: string;
}

function meant(near: string | undefined): string {
  return near === undefined ? "." : `; did you mean ${near}?`;
}

function known(what: string, names: readonly string[]): string {
  const shown = names.slice(0, 30).join(", ");
  return names.length > 30 ? `${what}: ${shown} and ${names.length - 30} more.` : `${what}: ${shown}.`;
}

/** What can be wrong with a case table. All of it is bad data: nothing of the file is run. */
export const caseErrors = defineErrors({
  "case-unreadable": {
    exit: 5,
    say: (a: { file: string; reason: string }) => `${a.file} cannot be read: ${a.reason}.`,
    hint: (a) => `Look at it: ls -l ${a.file}`,
  },
  "case-format": {
    exit: 5,
    say: (a: { file: string }) => `${a.file} is no case table that Tally reads: expected .jsonl, .csv or .parquet.`,
    hint: () => "Convert it, or change [suite] cases in tally.toml.",
  },
  "case-encoding": {
    exit: 5,
    say: (a: Place & { reason: string }) => `${a.at}: ${a.reason}; case tables are UTF-8.`,
    hint: () => "Save it as UTF-8 (in a spreadsheet: CSV UTF-8), or convert it: iconv -f ENCODING -t UTF-8",
  },
  "case-array": {
    exit: 5,
    say: (a: Place) => `${a.at}: this is one JSON array; a .jsonl table has one object on each line.`,
    hint: () => "Convert it: jq -c '.[]' FILE.json > FILE.jsonl",
  },
  "case-syntax": {
    exit: 5,
    say: (a: Place & { column: number | undefined; reason: string }) =>
      `${a.at}: ${a.reason}${a.column === undefined ? "" : ` (column ${a.column})`}.`,
    hint: () => `Each line is one JSON object, or one CSV record (${guide}).`,
  },
  "case-torn": {
    exit: 5,
    say: (a: Place & { began: number | undefined }) =>
      `${a.at}: the file ends in mid-record${a.began === undefined ? "" : `, in one that begins on line ${a.began}`}.`,
    hint: (a) =>
      a.began === undefined
        ? "It was cut off when it was written or copied: fetch it again, or remove the last line."
        : `It was cut off, or a double quote on line ${a.began} is not closed.`,
  },
  "case-empty": {
    exit: 5,
    say: (a: { file: string }) => `${a.file} holds no case.`,
    hint: () => "Add one, or remove the file.",
  },
  "case-header": {
    exit: 5,
    say: (a: Place & { reason: string }) => `${a.at}: ${a.reason}.`,
    hint: () => `The first line names the columns: name, operation, input.FIELD, expect.FIELD, abs.FIELD (${guide}).`,
  },
  "case-delimiter": {
    exit: 5,
    say: (a: Place & { reason: string; delimiter: string }) => `${a.at}: ${a.reason}.`,
    hint: (a) => `Write commas, or say in tally.toml: [suite.csv] delimiter = ${JSON.stringify(a.delimiter)}`,
  },
  "case-column": {
    exit: 5,
    say: (a: Place & { column: string; near: string | undefined; columns: readonly string[] }) =>
      `${a.at}: unknown column ${JSON.stringify(a.column)}${meant(a.near)}`,
    hint: (a) => known("Columns here", a.columns),
  },
  "case-ragged": {
    exit: 5,
    say: (a: Place & { found: number; expected: number; delimiter: string }) =>
      `${a.at}: ${a.found} cells; the header has ${a.expected}.`,
    hint: (a) => `Write a cell that contains ${JSON.stringify(a.delimiter)} or a line break in double quotes.`,
  },
  "case-key": {
    exit: 5,
    say: (a: Place & { key: string; near: string | undefined; keys: readonly string[] }) =>
      `${a.at}: unknown key ${JSON.stringify(a.key)}${meant(a.near)}`,
    hint: (a) => known("Keys of a case", a.keys),
  },
  "case-type": {
    exit: 5,
    say: (a: Place & { key: string; expected: string; found: string }) =>
      `${a.at}: ${a.key} must be ${a.expected}; found ${a.found}.`,
    hint: () => `What a case consists of: ${guide}`,
  },
  "case-name": {
    exit: 5,
    say: (a: Place & { name: string; first: number }) =>
      `${a.at}: the name ${JSON.stringify(a.name)} is taken by line ${a.first}.`,
    hint: () => "Names identify cases in reports and in -k: give each its own, or none.",
  },
  "case-operation-missing": {
    exit: 5,
    say: (a: Place & { operations: readonly string[] }) => `${a.at}: which operation is this a case of?`,
    hint: (a) =>
      a.operations.length === 0
        ? 'Add "operation" to each case.'
        : `Add "operation", or name the file after one: ${a.operations.map((name) => `${name}.jsonl`).join(", ")}`,
  },
  "case-operation": {
    exit: 5,
    say: (a: Place & { name: string; near: string | undefined; operations: readonly string[] }) =>
      `${a.at}: ${JSON.stringify(a.name)} is not an operation of the contract${meant(a.near)}`,
    hint: (a) => known("Operations", a.operations),
  },
  "case-field": {
    exit: 5,
    say: (a: Place & { path: string; near: string | undefined; fields: readonly string[] }) =>
      `${a.at}: ${a.path} is not declared in the contract${meant(a.near)}`,
    hint: (a) => known("Declared", a.fields),
  },
  "case-missing": {
    exit: 5,
    say: (a: Place & { path: string; type: string }) => `${a.at}: ${a.path} is missing.`,
    hint: (a) =>
      a.type.endsWith("?")
        ? "Nullable does not mean absent: write null (in CSV: null without quotes)."
        : `It is declared as ${a.type}: give it a value.`,
  },
  "case-value": {
    exit: 5,
    say: (a: Place & { path: string; type: string; why: string; found: string | undefined }) =>
      `${a.at}: ${a.path} is ${a.why}${a.found === undefined ? "" : `; found ${a.found}`}.`,
    hint: (a) => `It is declared as ${a.type}.`,
  },
  "case-tolerance": {
    exit: 5,
    say: (a: Place & { path: string; reason: string; near?: string | undefined }) =>
      `${a.at}: tolerance of ${a.path}: ${a.reason}${meant(a.near)}`,
    hint: () => 'A tolerance is { "abs": 0.01 }, { "rel": 1e-6 } or { "ulp": 4 } for a field with numbers.',
  },
  "case-more": {
    exit: 5,
    say: (a: { file: string; count: number }) => `${a.file}: ${a.count} more problems.`,
    hint: () => "Correct the ones above first: they often have one cause.",
  },
  /** A warning: the run goes on. */
  "case-untyped": {
    exit: 0,
    say: (a: { file: string }) =>
      `${a.file}: no operations are declared, so every cell is a string: 1 is "1", true is "true".`,
    hint: () => "Declare the operations in tally.toml (docs/reference/config.md), or use .jsonl, which has types.",
  },
});
