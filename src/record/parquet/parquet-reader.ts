/**
 * The process that reads one Parquet file: a corrupt one may end it, and nothing else. Comes in: a path, and how many rows at
 * most. Goes out, as JSON lines: the names of the columns, then a list for each row; last `{"rows": n}`, or
 * `{"unreadable": "why"}` where the file cannot be read.
 */
import { readFileSync } from "node:fs";
import { type FileMetaData, parquetMetadata, parquetReadObjects, parquetSchema } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { writeJson } from "../../kernel/write-json.ts";
import type { Json } from "../../kernel/json-value.ts";
import { type AsJson, asStored, Unreadable, valueReader } from "./parquet-values.ts";

/** Rows that are taken apart at once. */
const slice = 4_096;

const [path = "", most = "0"] = process.argv.slice(2);

process.on("uncaughtException", refuse);
process.on("unhandledRejection", refuse);
await read(readFileSync(path), Number(most)).catch(refuse);

function refuse(error: unknown): void {
  const said = error instanceof Error ? error.message : String(error);
  say({ unreadable: error instanceof Unreadable ? error.reason : `its bytes are damaged (${said})` });
  process.exit(1);
}

function say(value: Json): void {
  process.stdout.write(`${writeJson(value)}\n`);
}

async function read(bytes: Buffer, limit: number): Promise<void> {
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
  const metadata = parquetMetadata(buffer);
  const columns = parquetSchema(metadata).children;
  const names = columns.map(({ element }) => element.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Unreadable(`it has the column ${JSON.stringify(twice)} twice`);
  const readers = columns.map((column): [string, AsJson] => [column.element.name, valueReader(column)]);
  say(names);
  const rows = Math.min(Number(metadata.num_rows), limit);
  const stored = asStored(metadata);
  for (let from = 0; from < rows; from += slice) {
    for (const record of await readRows(buffer, stored, from, Math.min(rows, from + slice)))
      say(readers.map(([name, asJson]) => asJson(record[name])));
  }
  say({ rows });
}

async function readRows(
  buffer: ArrayBuffer,
  metadata: FileMetaData,
  rowStart: number,
  rowEnd: number,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const file = { byteLength: buffer.byteLength, slice: (start: number, end?: number) => buffer.slice(start, end) };
  // A column that does not say it is text is bytes; moments are counted as they are stored.
  const parsers = { timestampFromNanoseconds: (nanos: bigint): unknown => nanos };
  const options = { file, metadata, compressors, utf8: false, geoparquet: false, parsers };
  const records = await parquetReadObjects({ ...options, rowStart, rowEnd });
  if (records.length !== rowEnd - rowStart)
    throw new Unreadable(
      `its bytes are damaged (${rowEnd - rowStart} rows are announced, ${records.length} are there)`,
    );
  return records;
}
