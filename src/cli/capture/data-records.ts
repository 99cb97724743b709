/**
 * A file of records that was made for something else → the records that an operation takes, cells with their declared types. Comes in: CSV,
 * TSV, JSONL or Parquet. Goes out: records, or `capture-data` with the lines that are wrong. Columns that an operation does not take are
 * passed over.
 */
import { readFileSync, statSync } from "node:fs";
import { whyNot } from "../../compare/type-check.ts";
import type { Contract, Fields, Operation } from "../../contract/contract.ts";
import { tallyError } from "../../kernel/errors.ts";
import type { Json, JsonObject } from "../../kernel/json-value.ts";
import { shownPath } from "../../kernel/shown-path.ts";
import { writeJson } from "../../kernel/write-json.ts";
import { CaseProblems, type RawCase } from "../../record/case-row.ts";
import { checkRecord } from "../../record/check-record.ts";
import { csvCases } from "../../record/csv-cases.ts";
import { isJsonObject } from "../../record/json-kind.ts";
import { parquetCases } from "../../record/parquet/parquet-cases.ts";
import { type ParquetTable, readParquet } from "../../record/parquet/read-parquet.ts";
import { type CsvTable, readCsv } from "../../record/read-csv.ts";
import { readJsonl } from "../../record/read-jsonl.ts";
import { delimiterOf } from "../../record/read-sample.ts";
import { resolveField } from "../../record/resolve-field.ts";

const maxBytes = 256 * 2 ** 20;
const maxRows = 1_000_000;

/** A file as it was read: nothing of it has a type yet, except what Parquet and JSON say. */
export type DataFile = { readonly file: string; readonly columns: readonly string[] } & (
  | { readonly kind: "csv"; readonly table: CsvTable }
  | { readonly kind: "parquet"; readonly table: ParquetTable }
  | { readonly kind: "jsonl"; readonly rows: readonly RawCase[] }
);

/** Reads a file. Throws `capture-data`. */
export async function readDataFile(path: string): Promise<DataFile> {
  const file = shownPath(path);
  const problems = new CaseProblems(file);
  const read = await readKind(path, file, problems);
  refuse(file, problems);
  if (read === undefined) throw unusable(file, "it is neither .csv, .tsv, .jsonl nor .parquet");
  return read;
}

async function readKind(path: string, file: string, problems: CaseProblems): Promise<DataFile | undefined> {
  if (!/\.(csv|tsv|jsonl|ndjson|parquet)$/i.test(path)) return undefined;
  const bytes = readBytes(path, file);
  if (/\.parquet$/i.test(path)) {
    const table = await readParquet(path, maxRows);
    if ("reason" in table) throw unusable(file, table.reason);
    return { kind: "parquet", file, columns: table.columns, table };
  }
  if (/\.(jsonl|ndjson)$/i.test(path)) {
    const rows = readJsonl(bytes, problems);
    return { kind: "jsonl", file, columns: [...new Set(rows.flatMap(({ value }) => Object.keys(value)))], rows };
  }
  const table = readCsv(bytes, /\.tsv$/i.test(path) ? "\t" : delimiterOf(bytes), problems);
  const none = { header: { line: 1, cells: [] }, records: [] };
  return { kind: "csv", file, columns: table?.header.cells.map(({ text }) => text) ?? [], table: table ?? none };
}

function readBytes(path: string, file: string): Buffer {
  try {
    const { size } = statSync(path);
    if (size > maxBytes) throw unusable(file, `it has more than ${maxBytes / 2 ** 20} MiB: take a part of it`);
    return readFileSync(path);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    const reasons: Readonly<Record<string, string>> = {
      ENOENT: "there is no such file",
      EISDIR: "it is a folder",
      EACCES: "permission denied",
    };
    const reason = reasons[code];
    throw reason === undefined ? cause : unusable(file, reason);
  }
}

/** The columns that a record of these fields is made of; undefined when one of the fields is in none. */
export function columnsFor(fields: Fields, columns: readonly string[]): readonly string[] | undefined {
  const taken = columns.filter((column) => resolveField(fields, column) !== undefined);
  const found = new Set(taken.map((column) => resolveField(fields, column)?.names[0]));
  return Object.keys(fields).every((name) => found.has(name)) && taken.length > 0 ? taken : undefined;
}

/** The texts of the records, as the operation takes them. Throws `capture-data`. */
export function recordsFor(
  data: DataFile,
  operation: Operation,
  fields: Fields,
  contract: Contract,
): readonly string[] {
  const problems = new CaseProblems(data.file);
  const check = { whyNot, prefix: "input", complete: true };
  const records = rawInputs(data, operation, fields, contract, problems).map(({ line, value }) => {
    const record = filled(fields, value, data.kind === "csv");
    const at = problems.at(line);
    for (const fault of checkRecord(fields, record, check)) {
      if (fault.kind === "missing") problems.add("case-missing", { at, ...fault });
      else if (fault.kind === "value") problems.add("case-value", { at, ...fault });
      else problems.add("case-field", { at, ...fault });
    }
    return writeJson(record);
  });
  refuse(data.file, problems);
  if (records.length === 0) throw unusable(data.file, "it holds no record");
  return records;
}

function rawInputs(
  data: DataFile,
  { name }: Operation,
  fields: Fields,
  contract: Contract,
  problems: CaseProblems,
): readonly { readonly line: number; readonly value: JsonObject }[] {
  if (data.kind === "jsonl") return data.rows.map(({ line, value }) => ({ line, value: only(fields, value) }));
  const taken = data.columns.flatMap((column, i) => (resolveField(fields, column) === undefined ? [] : [i]));
  const context = { contract, fileOperation: name, problems };
  const names = taken.map((i) => `input.${data.columns[i]}`);
  const pick = <Cell>(cells: readonly Cell[]): Cell[] => taken.flatMap((i) => cells.slice(i, i + 1));
  const cases =
    data.kind === "parquet"
      ? parquetCases({ columns: names, rows: data.table.rows.map(pick) }, context)
      : csvCases(
          {
            header: { line: 1, cells: names.map((text) => ({ text, quoted: true })) },
            records: data.table.records.map(({ cells, line }) => ({ line, cells: pick(cells) })),
          },
          context,
        );
  return cases.map(({ line, value: { input } }) => ({ line, value: isJsonObject(input) ? input : {} }));
}

function only(fields: Fields, record: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(record).filter(([name]) => Object.hasOwn(fields, name)));
}

/** A data frame has one word for null and for nothing: null where the type allows it. Where it does not, a CSV's cells are texts. */
function filled(fields: Fields, record: JsonObject, isCsv: boolean): JsonObject {
  const whole: Record<string, Json> = {};
  for (const [name, { type }] of Object.entries(fields)) {
    const value = Object.hasOwn(record, name) ? record[name] : undefined;
    if (value === null && isCsv && type.kind === "string" && !type.nullable) whole[name] = "null";
    else if (value === undefined && type.fields !== undefined && !type.nullable)
      whole[name] = filled(type.fields, {}, isCsv);
    else if (value === undefined && type.nullable) whole[name] = null;
    else if (value === undefined && isCsv && type.kind === "string") whole[name] = "";
    else if (type.fields !== undefined && isJsonObject(value)) whole[name] = filled(type.fields, value, isCsv);
    else if (value !== undefined) whole[name] = value;
  }
  // What is not declared is left for the check to name.
  return { ...record, ...whole };
}

function refuse(file: string, problems: CaseProblems): void {
  const [first, ...others] = problems.list();
  if (first === undefined) return;
  const shown = others.slice(0, 9).map(({ message }) => message);
  const more = others.length > 9 ? [`and ${problems.count - 10} more`] : [];
  const detail = [...shown, ...more].join("\n");
  throw tallyError("capture-data", { file, reason: first.message.replace(/\.$/, "") }, { detail });
}

function unusable(file: string, reason: string): Error {
  return tallyError("capture-data", { file, reason });
}
