/** Flat CSV records → raw cases: columns to fields, cells to values of their declared types. */
import type { Contract, Field, Fields } from "../contract/contract.ts";
import { isFloat, isInteger } from "../contract/type-grammar.ts";
import { JsonFault } from "../kernel/json-fault.ts";
import { type Json, JsonNumber } from "../kernel/json-value.ts";
import { nearest } from "../kernel/nearest.ts";
import { readJson } from "../kernel/read-json.ts";
import { type CaseProblems, type RawCase } from "./case-row.ts";
import { describeJson } from "./json-kind.ts";
import type { Cell, CsvRecord, CsvTable } from "./read-csv.ts";
import { acceptedInputs, resolveField, type ResolvedField } from "./resolve-field.ts";

const metaColumns: readonly string[] = ["name", "operation", "tags", "level", "skip", "bug"];
const sides = ["input", "expect", "abs", "rel", "ulp"] as const;

/** A column: one of the case's own, or a field of input, expect or a tolerance. */
type Column =
  | { readonly kind: "meta"; readonly name: string }
  | { readonly kind: (typeof sides)[number]; readonly name: string; readonly path: string };

/** What columns are read against. */
export interface CsvContext {
  readonly contract: Contract;
  readonly fileOperation: string | undefined;
  readonly problems: CaseProblems;
}

/** The cases of a table; none, with problems, when a column means nothing. */
export function csvCases(table: CsvTable, context: CsvContext): RawCase[] {
  const { problems } = context;
  const before = problems.count;
  const hasOperation = table.header.cells.some(({ text }) => text === "operation");
  const known = knownColumns(context.contract, hasOperation ? undefined : context.fileOperation);
  const at = problems.at(table.header.line);
  const columns = table.header.cells.map(({ text }) => readColumn(text, context.contract, known, at, problems));
  if (problems.count > before) return [];
  return table.records.map((record) => csvCase(record, columns, context)).filter((raw) => raw !== undefined);
}

/** Every column that could stand here, of all operations or of one; the undeclared contract allows any field. */
function knownColumns(contract: Contract, only: string | undefined): readonly string[] {
  const names = new Set(metaColumns);
  for (const operation of Object.values(contract.operations ?? {})) {
    if (only !== undefined && operation.name !== only) continue;
    for (const fields of acceptedInputs(contract, operation))
      for (const name of leaves(fields)) names.add(`input.${name}`);
    for (const name of leaves(operation.output)) {
      names.add(`expect.${name}`);
      for (const key of ["abs", "rel", "ulp"]) names.add(`${key}.${name}`);
    }
  }
  if (contract.operations !== undefined) names.add("expect.$error");
  return [...names];
}

function leaves(fields: Fields): readonly string[] {
  return Object.entries(fields).flatMap(([name, { type }]) =>
    type.fields === undefined ? [name] : leaves(type.fields).map((inner) => `${name}.${inner}`),
  );
}

function readColumn(
  name: string,
  contract: Contract,
  known: readonly string[],
  at: string,
  problems: CaseProblems,
): Column | undefined {
  if (metaColumns.includes(name)) return { kind: "meta", name };
  const side = sides.find((candidate) => name.startsWith(`${candidate}.`) && name.length > candidate.length + 1);
  const column = side && { kind: side, name, path: name.slice(side.length + 1) };
  if (column !== undefined && (contract.operations === undefined || isDeclared(column, contract))) return column;
  const own = [`input.${name}`, `expect.${name}`].find((longer) => known.includes(longer));
  const columns = known.filter((other) => !/^(abs|rel|ulp)\./.test(other));
  problems.add("case-column", { at, column: name, near: own ?? nearest(name, known), columns });
  return undefined;
}

function isDeclared(column: Exclude<Column, { kind: "meta" }>, contract: Contract): boolean {
  if (column.kind === "expect" && column.path === "$error") return true;
  return Object.keys(contract.operations ?? {}).some((name) => fieldOf(column, name, contract) !== undefined);
}

/** The field that a column means in cases of an operation. */
function fieldOf(
  column: Exclude<Column, { kind: "meta" }>,
  operation: string | undefined,
  contract: Contract,
): ResolvedField | undefined {
  const declared = operation === undefined ? undefined : contract.operations?.[operation];
  if (declared === undefined) return undefined;
  const sources = column.kind === "input" ? acceptedInputs(contract, declared) : [declared.output];
  for (const fields of sources) {
    const resolved = resolveField(fields, column.path);
    if (resolved !== undefined) return resolved;
  }
  return undefined;
}

function isGiven(cell: Cell): boolean {
  return cell.quoted || cell.text !== "";
}

function csvCase(
  record: CsvRecord,
  columns: readonly (Column | undefined)[],
  context: CsvContext,
): RawCase | undefined {
  const value: Record<string, Json> = Object.create(null);
  const input: Record<string, Json> = Object.create(null);
  const expect: Record<string, Json> = Object.create(null);
  const tolerance: Record<string, Record<string, Json>> = Object.create(null);
  const operationCell = record.cells[columns.findIndex((column) => column?.name === "operation")];
  const operation = operationCell && isGiven(operationCell) ? operationCell.text : context.fileOperation;
  const before = context.problems.count;
  columns.forEach((column, index) => {
    const cell = record.cells[index];
    if (column === undefined || cell === undefined || !isGiven(cell)) return;
    if (column.kind === "meta") {
      const meta = metaValue(column.name, cell.text);
      if (meta !== undefined) value[column.name] = meta;
      return;
    }
    const resolved = fieldOf(column, operation, context.contract);
    if (column.kind === "input") put(input, column, resolved, cell, record.line, context);
    else if (column.kind === "expect") put(expect, column, resolved, cell, record.line, context);
    else (tolerance[column.path] ??= Object.create(null))[column.kind] = number(cell.text) ?? cell.text;
  });
  if (context.problems.count > before) return undefined;
  value["input"] = input;
  if (Object.keys(expect).length > 0) value["expect"] = expect;
  if (Object.keys(tolerance).length > 0) value["tolerance"] = tolerance;
  return { line: record.line, value };
}

/** What a cell of the case's own columns says; undefined: as if it were empty. */
function metaValue(column: string, text: string): Json | undefined {
  if (column === "tags") return text.split(/[\s,;]+/).filter((tag) => tag !== "");
  // A spreadsheet's column of truth values is no list of reasons.
  if (column === "skip" && /^\s*(false)?\s*$/i.test(text)) return undefined;
  if (column === "skip" && /^\s*true\s*$/i.test(text)) return "skipped";
  return text;
}

/** Sets a field, inside structs where its path leads there. */
function put(
  target: Record<string, Json>,
  column: Exclude<Column, { kind: "meta" }>,
  resolved: ResolvedField | undefined,
  cell: Cell,
  line: number,
  context: CsvContext,
): void {
  const value =
    column.path === "$error" && cell.text.toLowerCase() === "true"
      ? true
      : cellValue(resolved?.field, cell, column.name, line, context);
  if (value === undefined) return;
  const names = resolved?.names ?? [column.path];
  let object = target;
  for (const name of names.slice(0, -1)) {
    const inner: Record<string, Json> = Object.create(null);
    const there = object[name];
    // Only this function makes the objects in `target`.
    if (there === undefined) object[name] = inner;
    object = there === undefined ? inner : (there as Record<string, Json>);
  }
  object[names.at(-1) ?? column.path] = value;
}

/** What a cell says in a field; text that is not of the type stays text, for the check to name. */
function cellValue(
  field: Field | undefined,
  cell: Cell,
  column: string,
  line: number,
  context: CsvContext,
): Json | undefined {
  const { text } = cell;
  if (text === "null" && !cell.quoted) return null;
  if (field === undefined) return text;
  const { kind } = field.type;
  if (kind === "boolean") return /^(true|false)$/i.test(text) ? text.toLowerCase() === "true" : text;
  if (isFloat(kind)) return number(text) ?? special(text) ?? text;
  if (isInteger(kind) || kind === "decimal") return number(text) ?? text;
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

function number(text: string): JsonNumber | undefined {
  return /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? new JsonNumber(text) : undefined;
}

/** NaN and the infinities, as Python, R, Java and spreadsheets write them. */
function special(text: string): string | undefined {
  const match = /^([+-]?)(nan|inf|infinity)$/i.exec(text);
  if (match === null) return undefined;
  return match[2]?.toLowerCase() === "nan" ? "NaN" : `${match[1] === "-" ? "-" : ""}Infinity`;
}
