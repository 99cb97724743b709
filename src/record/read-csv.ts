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
  if (header === undefined || !checkHeader(header, delimiter, problems)) return undefined;
  const expected = header.cells.length;
  const whole = records.filter((record) => {
    if (record.cells.length === expected) return true;
    problems.add("case-ragged", { at: problems.at(record.line), found: record.cells.length, expected, delimiter });
    return false;
  });
  return { header, records: whole };
}

function parseCells(text: string, delimiter: string, problems: CaseProblems): CsvRecord[] | undefined {
  const cells: Cell[][] = [];
  const lines = new LineCounter(text);
  try {
    parse(text, {
      delimiter,
      record_delimiter: ["\r\n", "\n", "\r"],
      relax_column_count: true,
      skip_empty_lines: true,
      // Collected here: the parser's own rows are declared to hold texts, and it counts \r\n inside quotes as two lines.
      cast: (cell, { quoting, index }) => {
        if (index === 0) cells.push([]);
        cells.at(-1)?.push({ text: cell, quoted: quoting });
        return "";
      },
      on_record: (record, { bytes }) => {
        lines.endRecord(bytes);
        return record;
      },
    });
    return cells.map((row, index) => ({ line: lines.starts[index] ?? 1, cells: row }));
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    addCsvFault(cause.code, lines, problems);
    return undefined;
  }
}

/** Lines at which records begin, counted from the offsets at which they end. */
class LineCounter {
  readonly starts: number[] = [];
  readonly #bytes: Buffer;
  #at = 0;
  #line = 1;

  constructor(text: string) {
    this.#bytes = Buffer.from(text);
  }

  endRecord(end: number): void {
    this.starts.push(this.nextStart());
    this.#count(end);
  }

  /** The line on which the next record begins; blank lines before it are passed. */
  nextStart(): number {
    let start = this.#at;
    while (this.#bytes[start] === 10 || this.#bytes[start] === 13) start++;
    this.#count(start);
    return this.#line;
  }

  /** The last line with anything on it. */
  lastLine(): number {
    this.#count(this.#bytes.toString("latin1").trimEnd().length);
    return this.#line;
  }

  /** Passes the line ends up to an offset: \r\n, \n, \r. */
  #count(end: number): void {
    for (; this.#at < end; this.#at++) {
      const isEnd = this.#bytes[this.#at] === 10 || (this.#bytes[this.#at] === 13 && this.#bytes[this.#at + 1] !== 10);
      if (isEnd) this.#line++;
    }
  }
}

function addCsvFault(code: string, lines: LineCounter, problems: CaseProblems): void {
  const began = lines.nextStart();
  if (code === "CSV_QUOTE_NOT_CLOSED") {
    problems.add("case-torn", { at: problems.at(lines.lastLine()), began });
    return;
  }
  const reasons: Readonly<Record<string, string>> = {
    INVALID_OPENING_QUOTE:
      'a " stands inside a cell that does not begin with one: quote the whole cell and write " as ""',
    CSV_INVALID_CLOSING_QUOTE:
      'something stands between a closing " and the end of its cell: write a " inside a cell as ""',
  };
  const reason = reasons[code] ?? `not CSV (${code})`;
  problems.add("case-syntax", { at: problems.at(began), column: undefined, reason });
}

function checkHeader(header: CsvRecord, delimiter: string, problems: CaseProblems): boolean {
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
  const [only, second] = header.cells;
  const other = [",", ";", "\t", "|"].find((char) => char !== delimiter && only?.text.includes(char));
  if (only !== undefined && second === undefined && other !== undefined) {
    const reason = `the cells seem to be separated by ${JSON.stringify(other)}, and the contract says ${JSON.stringify(delimiter)}`;
    problems.add("case-delimiter", { at, reason, delimiter: other });
  }
  return problems.count === before;
}
