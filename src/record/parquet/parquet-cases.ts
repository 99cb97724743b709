/** Flat Parquet rows → raw cases. Values have types already; what needs saying is what an empty cell means. */
import type { Json } from "../../kernel/json-value.ts";
import { type FlatRow, flatCase, metaText, readColumns, type TableContext } from "../case-columns.ts";
import type { RawCase } from "../case-row.ts";
import type { ParquetTable } from "./read-parquet.ts";

/** The cases of a table; none, with problems, when a column means nothing. A row counts as a line, from 1. */
export function parquetCases({ columns: names, rows }: ParquetTable, context: TableContext): RawCase[] {
  const columns = readColumns(names, context.problems.at(1), context);
  if (columns === undefined) return [];
  const at = names.indexOf("operation");
  return rows
    .map((cells, index) => flatCase(rowOf(cells, index + 1, at), columns, context))
    .filter((raw) => raw !== undefined);
}

function rowOf(cells: readonly Json[], line: number, operationAt: number): FlatRow {
  const given = (index: number): Json | undefined => cells[index] ?? undefined;
  return {
    line,
    operation: textOf(given(operationAt)),
    meta: (index, name) => {
      const cell = given(index);
      if (cell === undefined || Array.isArray(cell)) return cell;
      return typeof cell === "boolean" ? metaText(name, String(cell)) : metaText(name, textOf(cell) ?? "");
    },
    // A data frame has one word for null and for nothing: it is null where the field may be null.
    field: (index, { kind }, resolved) => {
      const mayBeNull = resolved === undefined ? kind === "input" : resolved.field.type.nullable;
      return given(index) ?? (mayBeNull ? null : undefined);
    },
    tolerance: given,
  };
}

function textOf(value: Json | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "object" && "text" in value ? String(value["text"]) : String(value);
}
