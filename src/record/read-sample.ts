/**
 * A sample of the records that a model gets: a CSV, JSONL or Parquet file that was made for something else. Comes in: its path. Goes
 * out: records with the values their texts most likely mean, or `sample-unusable` with the lines that are wrong.
 */
import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";
import { type Problem, tallyError } from "../kernel/errors.ts";
import { type Json, JsonNumber, type JsonObject } from "../kernel/json-value.ts";
import { shownPath } from "../kernel/shown-path.ts";
import { CaseProblems } from "./case-row.ts";
import { type Cell, readCsv } from "./read-csv.ts";
import { readJsonl } from "./read-jsonl.ts";

/** More says nothing new about types. */
const maxBytes = 8 * 2 ** 20;
const maxRecords = 1_000;

/** The first records of a sample; every number as it is written. */
export async function readSample(path: string): Promise<JsonObject[]> {
  const file = shownPath(path);
  const unusable = (reason: string): Error => tallyError("sample-unusable", { file, reason });
  if (!/\.(csv|tsv|jsonl|ndjson|parquet)$/i.test(path)) throw unusable("it is neither .csv, .tsv, .jsonl nor .parquet");
  const records = await readRecords(path, file, unusable);
  if (records.length === 0) throw unusable("it holds no record");
  const reserved = records.flatMap((record) => Object.keys(record)).find((name) => name === "" || name.startsWith("$"));
  if (reserved !== undefined)
    throw unusable(`a field is named ${JSON.stringify(reserved)}; names are not empty and do not begin with $`);
  return records.slice(0, maxRecords);
}

async function readRecords(
  path: string,
  file: string,
  unusable: (reason: string) => Error,
): Promise<readonly JsonObject[]> {
  if (/\.parquet$/i.test(path)) return readParquetSample(path, unusable);
  const { bytes, isWhole } = readStart(path, unusable);
  const problems = new CaseProblems(file);
  const records = /\.[ct]sv$/i.test(path)
    ? readCsvSample(bytes, problems)
    : readJsonl(bytes, problems).map(({ value }) => value);
  refuse(
    // Where reading stopped early, a quoted cell may have been cut.
    problems.list().filter(({ code }) => isWhole || code !== "case-torn"),
    file,
  );
  return records;
}

async function readParquetSample(path: string, unusable: (reason: string) => Error): Promise<readonly JsonObject[]> {
  if (!existsSync(path)) throw unusable("there is no such file");
  const { readParquet } = await import("./parquet/read-parquet.ts");
  const table = await readParquet(path, maxRecords);
  if ("reason" in table) throw unusable(table.reason);
  const { columns, rows } = table;
  return rows.map((cells) => Object.fromEntries(columns.map((name, index) => [name, cells[index] ?? null])));
}

function readStart(path: string, unusable: (reason: string) => Error): { bytes: Buffer; isWhole: boolean } {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw unusable(code === "ENOENT" ? "there is no such file" : code);
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw unusable("it is no file");
    const bytes = Buffer.alloc(Math.min(stat.size, maxBytes));
    let at = 0;
    for (let read = -1; at < bytes.length && read !== 0; at += read)
      read = readSync(file, bytes, at, bytes.length - at, at);
    const isWhole = stat.size <= maxBytes;
    return { bytes: isWhole ? bytes.subarray(0, at) : bytes.subarray(0, bytes.lastIndexOf(10) + 1), isWhole };
  } finally {
    closeSync(file);
  }
}

/** All that is wrong in one error: who repairs a file wants every line. */
function refuse(problems: readonly Problem[], file: string): void {
  const [first] = problems;
  if (first === undefined) return;
  const others = problems.slice(1, 10).map(({ message }) => message);
  const more = problems.length > 10 ? [`and ${problems.length - 10} more`] : [];
  throw tallyError(
    "sample-unusable",
    { file, reason: first.message.replace(/\.$/, "") },
    { detail: [...others, ...more].join("\n") },
  );
}

function readCsvSample(bytes: Buffer, problems: CaseProblems): JsonObject[] {
  const table = readCsv(bytes, delimiterOf(bytes), problems);
  if (table === undefined) return [];
  const rows = table.records.slice(0, maxRecords);
  const columns = table.header.cells.map(({ text }, index) => {
    const cells = rows.map(({ cells: row }) => row[index] ?? { text: "", quoted: false });
    return { name: text, values: columnValues(cells) };
  });
  return rows.map((_, row) => Object.fromEntries(columns.map(({ name, values }) => [name, values[row] ?? null])));
}

/** What the first line is divided by most often. */
export function delimiterOf(bytes: Buffer): string {
  const [head = ""] = bytes.subarray(0, 65_536).toString("latin1").split("\n", 1);
  const counts = [",", ";", "\t", "|"].map((char) => ({ char, count: head.split(char).length }));
  return counts.reduce((best, one) => (one.count > best.count ? one : best)).char;
}

/** Spellings of a missing value, as data frames write them. Only in columns that are otherwise numbers or booleans. */
const missing: ReadonlySet<string> = new Set(["", "NA", "N/A", "NaN", "nan", "null", "None"]);
const numberText = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
/** A code, not a number: an article 007 has lost its zeros once it is 7. */
const codeText = /^[+-]?0\d/;

function columnValues(cells: readonly Cell[]): Json[] {
  const told = cells.filter(({ quoted, text }) => quoted || !missing.has(text));
  const isAll = (pattern: RegExp): boolean => told.length > 0 && told.every(({ text }) => pattern.test(text));
  if (isAll(/^(true|false)$/i))
    return cells.map(({ text }) => (missing.has(text) ? null : text.toLowerCase() === "true"));
  if (isAll(numberText) && !told.some(({ text }) => codeText.test(text)))
    return cells.map(({ text }) => (missing.has(text) ? null : numberOf(text)));
  return cells.map(({ quoted, text }) => (text === "" && !quoted ? null : text));
}

/** As written where that is JSON. */
function numberOf(text: string): JsonNumber {
  return new JsonNumber(/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? text : String(Number(text)));
}
