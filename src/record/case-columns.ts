/** The columns of a flat case table, CSV or Parquet: which field a name means, and a row as a raw case. */
import type { Contract, Fields } from "../contract/contract.ts";
import { type Json, JsonNumber } from "../kernel/json-value.ts";
import { nearest } from "../kernel/nearest.ts";
import type { CaseProblems, RawCase } from "./case-row.ts";
import { acceptedInputs, resolveField, type ResolvedField } from "./resolve-field.ts";

const metaColumns: readonly string[] = ["name", "operation", "tags", "level", "skip", "bug"];
const sides = ["input", "expect", "abs", "rel", "ulp"] as const;

/** A column: one of the case's own, or a field of input, expect or a tolerance. */
export type Column = { readonly kind: "meta"; readonly name: string } | FieldColumn;

export interface FieldColumn {
  readonly kind: (typeof sides)[number];
  readonly name: string;
  readonly path: string;
}

/** What columns are read against. */
export interface TableContext {
  readonly contract: Contract;
  readonly fileOperation: string | undefined;
  readonly problems: CaseProblems;
}

/** What the names of columns mean; undefined, with problems, when one means nothing. `place` is where they stand. */
export function readColumns(
  names: readonly string[],
  place: string,
  context: TableContext,
): readonly Column[] | undefined {
  const { contract, fileOperation, problems } = context;
  const known = knownColumns(contract, names.includes("operation") ? undefined : fileOperation);
  const columns = names.map((name) => readColumn(name, contract, known, place, problems));
  const found = columns.filter((column) => column !== undefined);
  return found.length < columns.length ? undefined : found;
}

/** What a row holds, as far as it is given. */
export interface FlatRow {
  readonly line: number;
  /** Of the column `operation`, where there is one. */
  readonly operation: string | undefined;
  /** What stands in a column of the case's own, of a field, or of a tolerance; undefined where nothing is given. */
  readonly meta: (index: number, name: string) => Json | undefined;
  readonly field: (index: number, column: FieldColumn, resolved: ResolvedField | undefined) => Json | undefined;
  readonly tolerance: (index: number) => Json | undefined;
}

/** A row as a raw case; undefined when reading it found a problem. */
export function flatCase(row: FlatRow, columns: readonly Column[], context: TableContext): RawCase | undefined {
  const value: Record<string, Json> = Object.create(null);
  const sidesOf: Record<"input" | "expect", Record<string, Json>> = {
    input: Object.create(null),
    expect: Object.create(null),
  };
  const tolerance: Record<string, Record<string, Json>> = Object.create(null);
  const operation = row.operation ?? context.fileOperation;
  const before = context.problems.count;
  for (const [index, column] of columns.entries()) {
    if (column.kind === "meta") {
      const meta = row.meta(index, column.name);
      if (meta !== undefined) value[column.name] = meta;
    } else if (column.kind === "input" || column.kind === "expect") {
      const resolved = fieldOf(column, operation, context.contract);
      const found = row.field(index, column, resolved);
      if (found !== undefined) put(sidesOf[column.kind], resolved?.names ?? [column.path], found);
    } else {
      const found = row.tolerance(index);
      if (found !== undefined) (tolerance[column.path] ??= Object.create(null))[column.kind] = found;
    }
  }
  if (context.problems.count > before) return undefined;
  value["input"] = sidesOf.input;
  if (Object.keys(sidesOf.expect).length > 0) value["expect"] = sidesOf.expect;
  if (Object.keys(tolerance).length > 0) value["tolerance"] = tolerance;
  return { line: row.line, value };
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

function isDeclared(column: FieldColumn, contract: Contract): boolean {
  if (column.kind === "expect" && column.path === "$error") return true;
  return Object.keys(contract.operations ?? {}).some((name) => fieldOf(column, name, contract) !== undefined);
}

/** The field that a column means in cases of an operation. */
function fieldOf(column: FieldColumn, operation: string | undefined, contract: Contract): ResolvedField | undefined {
  const declared = operation === undefined ? undefined : contract.operations?.[operation];
  if (declared === undefined) return undefined;
  const sources = column.kind === "input" ? acceptedInputs(contract, declared) : [declared.output];
  for (const fields of sources) {
    const resolved = resolveField(fields, column.path);
    if (resolved !== undefined) return resolved;
  }
  return undefined;
}

/** What a text in a column of the case's own says; undefined: as if there were none. */
export function metaText(column: string, text: string): Json | undefined {
  if (column === "tags") return text.split(/[\s,;]+/).filter((tag) => tag !== "");
  // A spreadsheet's column of truth values is no list of reasons.
  if (column === "skip" && /^\s*(false)?\s*$/i.test(text)) return undefined;
  if (column === "skip" && /^\s*true\s*$/i.test(text)) return "skipped";
  return text;
}

/** The JSON number that a text is. */
export function numberText(text: string): JsonNumber | undefined {
  return /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? new JsonNumber(text) : undefined;
}

/** Sets a field, inside structs where its names lead there. */
function put(target: Record<string, Json>, names: readonly string[], value: Json): void {
  let object = target;
  for (const name of names.slice(0, -1)) {
    const inner: Record<string, Json> = Object.create(null);
    const there = object[name];
    // Only this function makes the objects in `target`.
    if (there === undefined) object[name] = inner;
    object = there === undefined ? inner : (there as Record<string, Json>);
  }
  object[names.at(-1) ?? ""] = value;
}
