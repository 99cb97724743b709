import type { captureErrors } from "../capture-errors.ts";
import type { Explanations } from "./explanation.ts";

export const captureExplanations: Explanations<keyof typeof captureErrors> = {
  "capture-what": {
    example: { both: false },
    when: "Words behind `--` are the command, with its own flags. Flags before it are those of `tally capture`.",
  },
  "capture-exists": {
    example: { file: "cases/captured.jsonl" },
    when: "Said before anything runs. With `--append` records that stand in the table already are passed over, and its rows stay as they are.",
  },
  "capture-table": {
    example: { file: "cases/captured.csv", reason: "it is no .jsonl" },
    when: "Cases are added to JSONL tables that can be read; others are left as they are.",
  },
  "capture-start": {
    example: { command: "pytset", reason: "there is no such program" },
    when: "The command is started as it is, without a shell. For pipes and variables: `tally capture -- sh -c '…'`.",
  },
  "capture-command": {
    example: { command: "pytest", how: "ended with status 1", cases: 12 },
    when: "The program failed by itself. That says nothing against the answers it got, so the cases are written; the exit code says that something is wrong.",
  },
  "capture-nothing": {
    example: { why: "pytest asked nothing at ENDPOINT" },
    when: "The program ended and nothing was answered: it has an address of its own, calls the model in its own process, or every call failed.",
  },
  "capture-unfit": {
    example: { exchanges: 3, why: "the field process.name is sensitive" },
    when: "Exchanges came, and none can be a case: their records are sensitive, their answers are not of the declared types, or the same record was answered in two ways.",
  },
  "capture-data": {
    example: { file: "orders.csv", reason: "it has the columns a, b, and process takes query" },
    when: "The file cannot be read, no operation finds all its fields among the columns, or a cell is not of the declared type. Nothing was asked.",
  },
  "capture-undeclared": {
    example: { file: "orders.csv", contract: "tally.toml" },
    when: "A cell of a CSV is a text; what it means is decided by the declared type, never by its looks.",
  },
};
