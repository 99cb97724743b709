import type { Field, Fields, FieldType } from "../contract/contract.ts";
import type { Json } from "../kernel/json-value.ts";
import { sliceRecords } from "../kernel/slice-json.ts";
import { type DecodedRecord, decodeRecord, decodeValue, numberMode } from "../record/decode-record.ts";

/** Number texts of which a double might not hold everything: sixteen digits in a row, or a huge exponent. */
const riskyNumber = /\d{16}|\d[eE][+-]?\d{3}/;

/**
 * The records of a JSON array, as authors see them. Where no number can lose anything, which is nearly always, this is
 * `JSON.parse` and a pass over the fields that need one (twice as fast as reading every number's text).
 */
export function decodeRows(fields: Fields | undefined, rows: string): DecodedRecord[] {
  if (numberMode(fields) === "text" || riskyNumber.test(rows))
    return sliceRecords(rows).records.map((record) => decodeRecord(fields, record));
  const parsed: DecodedRecord[] = JSON.parse(rows);
  const converted = fields === undefined ? [] : Object.entries(fields).filter(([, field]) => needsPass(field.type));
  for (const row of parsed) convertRow(row, converted);
  return parsed;
}

function convertRow(row: DecodedRecord, fields: readonly (readonly [string, Field])[]): void {
  for (const [name, { type }] of fields) {
    const value = row[name];
    // A number is a float's own value already; only the strings "NaN" and "Infinity" need a look.
    if (value === undefined || value === null || (typeof value === "number" && isFloat(type))) continue;
    if (Object.hasOwn(row, name)) row[name] = decodeValue(type, value as Json);
  }
}

function isFloat(type: FieldType): boolean {
  return type.kind === "float32" || type.kind === "float64";
}

function needsPass(type: FieldType): boolean {
  switch (type.kind) {
    case "float32":
    case "float64":
    case "int64":
    case "uint64":
    case "decimal":
    case "bytes":
    case "list":
    case "struct":
      return true;
    default:
      return false;
  }
}
