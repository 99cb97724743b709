/**
 * One call of an operation that a TypeScript connector defines. Comes in: the JSON text of its records. Goes out: the
 * JSON text of as many rows, or what was wrong, as data. Used by the worker and by `tally serve --in-process`.
 */
import type { Fields } from "../contract/contract.ts";
import { encodeRecord } from "../record/encode-record.ts";
import { authorStack, describeThrown } from "./author-error.ts";
import { decodeRows } from "./decode-rows.ts";
import { frameOf } from "./frame.ts";
import type { LoadedConnector } from "./load-connector.ts";
import type { WorkerErrorCode } from "./worker-protocol.ts";

/** What became of one call. */
export type OperationOutcome =
  | { readonly kind: "answered"; readonly rows: readonly string[] }
  | {
      readonly kind: "error";
      readonly code: WorkerErrorCode;
      readonly error: string;
      readonly message: string;
      readonly traceback: string;
    };

/** The declared fields of an operation; undefined where nothing is declared. */
export interface OperationFields {
  readonly input: Fields | undefined;
  readonly output: Fields | undefined;
}

/** Runs an operation on the records of a JSON array. Never rejects. */
export async function runOperation(
  connector: LoadedConnector,
  operation: string,
  fields: OperationFields,
  records: string,
): Promise<OperationOutcome> {
  const defined = connector.operations.get(operation);
  if (!defined) return wrong("connector-operation", `the connector defines no ${operation}`);
  const frame = frameOf(decodeRows(fields.input, records));
  let rows: readonly unknown[] | string;
  try {
    rows = rowsOf(await defined.run(frame), frame.length);
  } catch (thrown) {
    return { kind: "error", code: "connector-raised", ...describeThrown(thrown), traceback: authorStack(thrown) };
  }
  if (typeof rows === "string") return wrong("connector-type", rows);
  try {
    return encodeRows(fields.output, rows, frame.length);
  } catch (thrown) {
    // A list may be a proxy as well.
    return wrong(
      "connector-type",
      `the rows cannot be read (${thrown instanceof Error ? thrown.message : typeof thrown})`,
    );
  }
}

function wrong(code: WorkerErrorCode, message: string): OperationOutcome {
  return { kind: "error", code, error: "", message, traceback: "" };
}

function encodeRows(fields: Fields | undefined, rows: readonly unknown[], asked: number): OperationOutcome {
  if (rows.length !== asked) {
    return wrong("connector-row-count", `${rows.length} for ${asked === 1 ? "1 record" : `${asked} records`}`);
  }
  const issues: string[] = [];
  const texts: string[] = [];
  for (const [i, row] of rows.entries()) {
    const text = encodeRecord(fields, row, ({ path, expected, found, fatal }) => {
      if (fatal) issues.push(`${path === "" ? `row ${i}` : `field ${path} of row ${i}`} is ${found}, not ${expected}`);
    });
    texts.push(text);
    const [issue] = issues;
    if (issue !== undefined) return wrong("connector-type", issue);
  }
  return { kind: "answered", rows: texts };
}

/** The rows an operation returned, in any of the forms it may; a sentence when it is none of them. */
function rowsOf(result: unknown, asked: number): readonly unknown[] | string {
  if (Array.isArray(result)) return result;
  if (typeof result !== "object" || result === null)
    return `the result is ${result === null ? "null" : typeof result}, not rows or columns`;
  if (isIterable(result)) return boundedRows(result, asked);
  return rowsOfColumns(result, asked);
}

/** A generator that never ends is cut where it is surely wrong. */
function boundedRows(rows: Iterable<unknown>, asked: number): unknown[] {
  const taken: unknown[] = [];
  for (const row of rows) {
    taken.push(row);
    if (taken.length > asked) break;
  }
  return taken;
}

function isIterable(value: object): value is Iterable<unknown> {
  return Symbol.iterator in value && typeof value[Symbol.iterator] === "function";
}

function rowsOfColumns(result: object, asked: number): readonly unknown[] | string {
  const columns: [string, ArrayLike<unknown>][] = [];
  for (const [name, column] of Object.entries(result)) {
    if (!isArrayLike(column)) return `the column ${name} is ${column === null ? "null" : typeof column}, not an array`;
    columns.push([name, column]);
  }
  const lengths = new Set(columns.map(([, column]) => column.length));
  // Another length is reported as such: as many rows as the first column that is wrong.
  const length = [...lengths].find((each) => each !== asked) ?? asked;
  return Array.from({ length: columns.length === 0 ? 0 : length }, (_, i) =>
    Object.fromEntries(columns.map(([name, column]) => [name, column[i]])),
  );
}

function isArrayLike(value: unknown): value is ArrayLike<unknown> {
  return typeof value === "object" && value !== null && "length" in value && typeof value.length === "number";
}
