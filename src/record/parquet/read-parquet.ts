/**
 * Reads a Parquet file in a process of its own. Comes in: a path. Goes out: columns and rows, or what is wrong in words.
 * Of three hundred damaged files one in five is read without complaint and some end the process that reads them, so nothing of it
 * happens in ours; and a damaged table is noticed by the digest of a suite, not by its format.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { invariant } from "../../kernel/errors.ts";
import type { Json } from "../../kernel/json-value.ts";
import { programWords } from "../../kernel/own-package.ts";
import { readJson } from "../../kernel/read-json.ts";

export interface ParquetTable {
  readonly columns: readonly string[];
  /** Numbers as they are stored (`JsonNumber`); null where a cell holds nothing. */
  readonly rows: readonly (readonly Json[])[];
}

const deadlineMs = 60_000;
const maxHeapMb = 1_024;
/** Of the rows as JSON text, in characters. */
const maxText = 512 * 2 ** 20;

/** At most `limit` rows of a file. */
export async function readParquet(file: string, limit: number): Promise<ParquetTable | { readonly reason: string }> {
  const program = programWords("parquet-reader", "record/parquet/parquet-reader.ts");
  const child = spawn(process.execPath, [`--max-old-space-size=${maxHeapMb}`, ...program, file, String(limit)], {
    stdio: ["ignore", "pipe", "ignore"],
    env: {},
  });
  const late = setTimeout(() => child.kill("SIGKILL"), deadlineMs);
  try {
    const lines = await linesOf(child);
    return lines === undefined ? { reason: `it is larger than a case table may be` } : tableOf(lines, child);
  } finally {
    clearTimeout(late);
    child.kill("SIGKILL");
  }
}

/** What it writes until it ends; undefined when that is too much. */
function linesOf(child: ChildProcess): Promise<string[] | undefined> {
  return new Promise((resolve) => {
    const parts: string[] = [];
    let length = 0;
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      parts.push(text);
      length += text.length;
      if (length > maxText) resolve(undefined);
    });
    child.once("error", () => resolve([]));
    child.once("close", () => resolve(parts.join("").split("\n").slice(0, -1)));
  });
}

function tableOf(lines: readonly string[], child: ChildProcess): ParquetTable | { readonly reason: string } {
  const last = lines.at(-1);
  const end = last === undefined ? undefined : readJson(last);
  if (typeof end === "object" && end !== null && "unreadable" in end) return { reason: String(end["unreadable"]) };
  if (typeof end !== "object" || end === null || !("rows" in end)) {
    const how =
      child.signalCode === "SIGKILL" ? `it took longer than ${deadlineMs / 1_000} s` : "its reader died of it";
    return { reason: `its bytes are damaged, or more than can be held (${how})` };
  }
  const [columns = [], ...rows] = lines.slice(0, -1).map((line) => listOf(readJson(line, { numbers: "text" })));
  return { columns: columns.map(String), rows };
}

function listOf(value: Json): readonly Json[] {
  invariant(Array.isArray(value), "a line of the Parquet reader is no list");
  return value;
}
