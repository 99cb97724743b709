/** Flat CSV records → raw cases: columns to fields, cells to values of their declared types. */
import type { Field } from "../contract/contract.ts";
import { isFloat, isInteger } from "../contract/type-grammar.ts";
import { JsonFault } from "../kernel/json-fault.ts";
import type { Json } from "../kernel/json-value.ts";
import { readJson } from "../kernel/read-json.ts";
import { type FlatRow, flatCase, metaText, numberText, readColumns, type TableContext } from "./case-columns.ts";
import type { RawCase } from "./case-row.ts";
import { describeJson } from "./json-kind.ts";
import type { Cell, CsvRecord, CsvTable } from "./read-csv.ts";

/** The cases of a table; none, with problems, when a column means nothing. */
export function csvCases(table: CsvTable, context: TableContext): RawCase[] {
  const names = table.header.cells.map(({ text }) => text);
  const columns = readColumns(names, context.problems.at(table.header.line), context);
  if (columns === undefined) return [];
  const at = names.indexOf("operation");
  return table.records
    .map((record) => flatCase(rowOf(record, at, context), columns, context))
    .filter((raw) => raw !== undefined);
}

function rowOf(record: CsvRecord, operationAt: number, context: TableContext): FlatRow {
  const given = (index: number): Cell | undefined => {
    const cell = record.cells[index];
    return cell !== undefined && (cell.quoted || cell.text !== "") ? cell : undefined;
  };
  return {
    line: record.line,
    operation: given(operationAt)?.text,
    meta: (index, name) => {
      const cell = given(index);
      return cell === undefined ? undefined : metaText(name, cell.text);
    },
    field: (index, { name, path }, resolved) => {
      const cell = given(index);
      if (cell === undefined) return undefined;
      if (path === "$error" && cell.text.toLowerCase() === "true") return true;
      return cellValue(resolved?.field, cell, name, record.line, context);
    },
    tolerance: (index) => {
      const cell = given(index);
      return cell === undefined ? undefined : (numberText(cell.text) ?? cell.text);
    },
  };
}

/** What a cell says in a field; text that is not of the type stays text, for the check to name. */
function cellValue(
  field: Field | undefined,
  cell: Cell,
  column: string,
  line: number,
  context: TableContext,
): Json | undefined {
  const { text } = cell;
  if (text === "null" && !cell.quoted) return null;
  if (field === undefined) return text;
  const { kind } = field.type;
  if (kind === "boolean") return /^(true|false)$/i.test(text) ? text.toLowerCase() === "true" : text;
  if (isFloat(kind)) return numberText(text) ?? special(text) ?? text;
  if (isInteger(kind) || kind === "decimal") return numberText(text) ?? text;
  if (kind !== "json" && kind !== "list" && kind !== "struct") return text;
  try {
    return readJson(text, { numbers: "text" });
  } catch (fault) {
    if (!(fault instanceof JsonFault)) throw fault;
    // A list or a struct that is none is found when the record is checked; as json any text would pass.
    if (kind !== "json") return text;
    const found = field.sensitive ? "a text that is not JSON" : `${describeJson(text)} (${fault.what})`;
    context.problems.add("case-type", {
      at: context.problems.at(line),
      key: column,
      expected: "JSON (a text in double quotes)",
      found,
    });
    return undefined;
  }
}

/** NaN and the infinities, as Python, R, Java and spreadsheets write them. */
function special(text: string): string | undefined {
  const match = /^([+-]?)(nan|inf|infinity)$/i.exec(text);
  if (match === null) return undefined;
  return match[2]?.toLowerCase() === "nan" ? "NaN" : `${match[1] === "-" ? "-" : ""}Infinity`;
}
