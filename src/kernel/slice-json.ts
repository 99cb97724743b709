/**
 * JSON cut into pieces without reading it.
 * Comes in: the text of many records. Goes out: the text of each, or of each column, checked as strictly as `readJson` checks.
 * Pieces keep every digit and escape as written, because no value is made. It must not know what fields mean.
 *
 * A piece of 13 and more characters is a slice that keeps the whole text in memory as long as it lives.
 */
import { rememberedShapes } from "./_key-path.ts";
import { startsWithBom } from "./_scanner.ts";
import { ownUnits } from "./_units.ts";
import { Slicer, type SliceOptions } from "./_slicer.ts";
import { JsonFault, shownKey } from "./json-fault.ts";

export type { SliceOptions } from "./_slicer.ts";

export interface SlicedRecords {
  /** The source of each record, strict JSON without white space around it. */
  readonly records: string[];
  /** How many bare NaN, Infinity and -Infinity became the strings "NaN", "Infinity" and "-Infinity". */
  readonly bareTokens: number;
  /** Whether a byte order mark was skipped. */
  readonly bom: boolean;
}

/**
 * The source of every element of a JSON list. Throws `JsonFault`, of kind `not-array` for other JSON.
 * Answers are let pass with bare tokens and a byte order mark, counted, unless the options refuse them.
 */
export function sliceRecords(text: string, options: SliceOptions = {}): SlicedRecords {
  try {
    const at = slicer.start(text, options);
    const shape = rememberedShapes();
    if (slicer.unit(at) !== 91) throw slicer.wrongKind(at, shape, "array", "");
    const records = slicer.elements(at, shape);
    slicer.end();
    return { records, bareTokens: slicer.bareTokens, bom: startsWithBom(text) };
  } finally {
    slicer.close();
  }
}

/** The source of each top-level value of a JSON object, by its key, in the order of the text. Bare tokens stay as they are. */
export function sliceObject(text: string, options: SliceOptions = {}): Map<string, string> {
  const shape = rememberedShapes();
  const values = new Map<string, string>();
  eachMember(text, options, (key, at) => {
    slicer.value(at, shape);
    values.set(key, text.slice(slicer.space(at), slicer.at));
  });
  return values;
}

export interface ColumnTexts {
  /** The text of one JSON list per key. */
  readonly columns: ReadonlyMap<string, string>;
}

/**
 * Turns records (valid JSON objects) by splicing: one list per key, in the order of the first record's keys.
 * Undefined when a record is not an object or has other keys than the first.
 */
export function sliceColumns(records: readonly string[]): ColumnTexts | undefined {
  const first = records[0];
  if (first === undefined) return { columns: new Map() };
  const keys = isObject(first) ? [...sliceObject(first).keys()] : undefined;
  if (keys === undefined) return undefined;
  const heads = keys.map((key, index) => ownUnits(headOf(key, index)));
  const lists: string[][] = keys.map(() => []);
  const values: string[] = keys.map(() => "");
  try {
    for (const record of records) {
      if (!valuesInOrder(record, heads, values) && !valuesByKey(record, keys, values)) return undefined;
      for (let column = 0; column < values.length; column++) lists[column]?.push(values[column] ?? "");
    }
  } finally {
    slicer.close();
  }
  return { columns: new Map(keys.map((key, index) => [key, `[${lists[index]?.join(",") ?? ""}]`])) };
}

export interface Rows {
  readonly records: string[];
  readonly bareTokens: number;
}

/**
 * The inverse: from `{"a":[1,2],"b":[3,4]}` to `count` records. Throws `JsonFault`, of kind `length` when a column has more
 * or fewer values, `not-array` when it is no list.
 */
export function rowsFromColumns(text: string, count: number, options: SliceOptions = {}): Rows {
  const shape = rememberedShapes();
  const keys: string[] = [];
  const lists: string[][] = [];
  const bareTokens = eachMember(text, options, (key, from) => {
    const at = slicer.space(from);
    if (slicer.unit(at) !== 91) throw slicer.wrongKind(at, shape, "array", `column ${shownKey(key)} is `);
    const values = slicer.elements(at, shape);
    if (values.length !== count) {
      const many = `${values.length} value${values.length === 1 ? "" : "s"}`;
      throw new JsonFault("length", `column ${shownKey(key)} has ${many}, not ${count},`, text, at);
    }
    keys.push(key);
    lists.push(values);
  });
  return { records: joinedRows(keys, lists, count), bareTokens };
}

function joinedRows(keys: readonly string[], lists: readonly string[][], count: number): string[] {
  if (keys.length === 0) return Array.from({ length: count }, () => "{}");
  // Joined in one go; added up piece by piece, a record would be a tree of pieces.
  const pieces = [...keys.flatMap((key, index) => [headOf(key, index), ""]), "}"];
  const rows: string[] = [];
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < lists.length; column++) pieces[2 * column + 1] = lists[column]?.[row] ?? "";
    rows.push(pieces.join(""));
  }
  return rows;
}

/** What stands before a record's value number `index`. */
function headOf(key: string, index: number): string {
  return `${index === 0 ? "{" : ","}${JSON.stringify(key)}:`;
}

const slicer = new Slicer();

/** Calls back for each top-level key with the place behind its colon; the callback passes the value. Counts bare tokens. */
function eachMember(text: string, options: SliceOptions, pass: (key: string, at: number) => void): number {
  try {
    const start = slicer.start(text, options);
    if (slicer.unit(start) !== 123) throw slicer.wrongKind(start, rememberedShapes(), "object", "");
    slicer.descend(start + 1);
    let at = slicer.space(start + 1);
    if (slicer.unit(at) === 125) {
      slicer.at = at + 1;
      at = -1;
    }
    const seen = new Set<string>();
    while (at >= 0) {
      const key = slicer.key(at);
      if (seen.has(key)) throw slicer.duplicate(at, key);
      seen.add(key);
      pass(key, slicer.colon(slicer.at));
      at = slicer.nextMember();
    }
    slicer.end();
    return slicer.bareTokens;
  } finally {
    slicer.close();
  }
}

/** Puts the values of a record into `values`, if it is written as the first one: same order, no white space between. */
function valuesInOrder(record: string, heads: readonly Uint16Array[], values: string[]): boolean {
  const shape = rememberedShapes();
  let at = slicer.start(record, {});
  for (let index = 0; index < heads.length; index++) {
    const head = heads[index];
    if (head === undefined || !slicer.isAt(head, at)) return false;
    const from = at + head.length;
    slicer.value(from, shape);
    at = slicer.at;
    values[index] = record.slice(from, at);
  }
  return heads.length === 0 ? record === "{}" : slicer.unit(at) === 125 && at === record.length - 1;
}

/** The same for any other record; false when its keys differ. */
function valuesByKey(record: string, keys: readonly string[], values: string[]): boolean {
  if (!isObject(record)) return false;
  const found = sliceObject(record);
  if (found.size !== keys.length) return false;
  for (const [index, key] of keys.entries()) {
    const value = found.get(key);
    if (value === undefined) return false;
    values[index] = value;
  }
  return true;
}

function isObject(record: string): boolean {
  return record.trimStart().startsWith("{");
}
