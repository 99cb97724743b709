/** CSV case tables: bytes → header and records, with line numbers and whether a cell was quoted. */
import { CsvError, parse } from "csv-parse/sync";
import type { CaseProblems } from "./case-row.ts";
import { decodeTable } from "./read-jsonl.ts";

/** One cell: `""` and nothing at all are different cells. */
export interface Cell {
  readonly text: string;
  readonly quoted: boolean;
}

/** One record; `line` is where it begins. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly Cell[];
}

/** A table whose records all have as many cells as the header. */
export interface CsvTable {
  readonly header: CsvRecord;
  readonly records: readonly CsvRecord[];
}

/** Reads a table; undefined, with a problem, when there is no usable header. Blank lines hold no case. */
export function readCsv(bytes: Uint8Array, delimiter: string, problems: CaseProblems): CsvTable | undefined {
  const text = decodeTable(bytes, problems);
  const all = text === undefined ? undefined : parseCells(text, delimiter, problems);
  const [header, ...records] = all ?? [];
  if (header === undefined || !checkHeader(header, problems)) return undefined;
  const expected = header.cells.length;
  const whole = records.filter((record) => {
    if (record.cells.length === expected) return true;
    problems.add("case-ragged", { at: problems.at(record.line), found: record.cells.length, expected, delimiter });
    return false;
  });
  return { header, records: whole };
}

function parseCells(text: string, delimiter: string, problems: CaseProblems): CsvRecord[] | undefined {
  try {
    const lines: number[] = [];
    const cells: Cell[][] = [];
    parse(text, {
      delimiter,
      record_delimiter: ["\r\n", "\n", "\r"],
      relax_column_count: true,
      skip_empty_lines: true,
      // Collected here: the parser's own rows are declared to hold texts.
      cast: (cell, { quoting, index, lines: line }) => {
        if (index === 0) {
          lines.push(line - lineEnds(cell));
          cells.push([]);
        }
        cells.at(-1)?.push({ text: cell, quoted: quoting });
        return "";
      },
    });
    return cells.map((row, index) => ({ line: lines[index] ?? 1, cells: row }));
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    addCsvFault(cause, text, problems);
    return undefined;
  }
}

function lineEnds(text: string): number {
  return text.includes("\n") || text.includes("\r") ? text.split(/\r\n|\n|\r/).length - 1 : 0;
}

function addCsvFault(fault: CsvError, text: string, problems: CaseProblems): void {
  const { code } = fault;
  const line = "lines" in fault && typeof fault["lines"] === "number" ? fault["lines"] : 1;
  if (code === "CSV_QUOTE_NOT_CLOSED") {
    const end = text.trimEnd().split(/\r\n|\n|\r/).length;
    problems.add("case-torn", { at: problems.at(end) });
    return;
  }
  const reasons: Readonly<Record<string, string>> = {
    INVALID_OPENING_QUOTE:
      'a " stands inside a cell that does not begin with one: quote the whole cell and write " as ""',
    CSV_INVALID_CLOSING_QUOTE:
      'something stands between a closing " and the end of its cell: write a " inside a cell as ""',
  };
  problems.add("case-syntax", { at: problems.at(line), column: undefined, reason: reasons[code] ?? fault.message });
}

function checkHeader(header: CsvRecord, problems: CaseProblems): boolean {
  const at = problems.at(header.line);
  const seen = new Map<string, number>();
  const before = problems.count;
  header.cells.forEach(({ text }, index) => {
    const first = seen.get(text);
    const number = index + 1;
    if (text === "") problems.add("case-header", { at, reason: `column ${number} has no name` });
    else if (first === undefined) seen.set(text, number);
    else problems.add("case-header", { at, reason: `columns ${first} and ${number} are both ${JSON.stringify(text)}` });
  });
  return problems.count === before;
}
