/** What travels in the frames of one call: records in, answers out, as text that nobody has to parse. */
import { rowsFromColumns, sliceColumns, sliceObject, sliceRecords } from "../kernel/slice-json.ts";
import type { WorkerErrorCode } from "./worker-protocol.ts";

/** How a worker wants its records: Python makes a DataFrame of columns, Node takes rows as they are. */
export type RecordForm = "columns" | "rows";

/** What a worker answered. */
export type WorkerAnswer =
  | { readonly kind: "answered"; readonly answers: readonly string[] }
  | {
      readonly kind: "error";
      readonly code: WorkerErrorCode;
      readonly error: string;
      readonly message: string;
      readonly traceback: string;
    }
  /** Not a frame of the protocol. */
  | { readonly kind: "unreadable"; readonly reason: string };

/** The frame of a call. `rows` comes last in it. */
export function callFrame(form: RecordForm, id: number, operation: string, records: readonly string[]): string {
  const head = `{"type":"call","id":${id},"operation":${JSON.stringify(operation)},"n":${records.length}`;
  const sliced = form === "columns" ? sliceColumns(records) : undefined;
  if (sliced === undefined) return `${head},"rows":[${records.join(",")}]}`;
  let columns = "";
  for (const [name, values] of sliced.columns)
    columns += `${columns === "" ? "" : ","}${JSON.stringify(name)}:${values}`;
  return `${head},"columns":{${columns}}}`;
}

/** Reads the frame that answers call `id`. */
export function readAnswer(text: string, id: number): WorkerAnswer {
  try {
    return readParts(sliceObject(text), id);
  } catch (error) {
    return { kind: "unreadable", reason: error instanceof Error ? error.message : String(error) };
  }
}

function readParts(parts: ReadonlyMap<string, string>, id: number): WorkerAnswer {
  if (parts.get("id") !== String(id))
    return { kind: "unreadable", reason: `id ${parts.get("id") ?? "missing"}, not ${id}` };
  const type = parts.get("type");
  const rows = parts.get("rows");
  if (type === '"result"' && rows !== undefined) return { kind: "answered", answers: sliceRecords(rows).records };
  const columns = parts.get("columns");
  const n = Number(parts.get("n"));
  if (type === '"result"' && columns !== undefined && Number.isSafeInteger(n))
    return { kind: "answered", answers: rowsFromColumns(columns, n).records };
  if (type === '"error"') return readError(parts);
  return { kind: "unreadable", reason: `type ${type ?? "missing"}` };
}

const codes: readonly WorkerErrorCode[] = [
  "connector-raised",
  "connector-row-count",
  "connector-row-order",
  "connector-type",
  "connector-operation",
];

function readError(parts: ReadonlyMap<string, string>): WorkerAnswer {
  const text = (key: string): string => {
    const value: unknown = JSON.parse(parts.get(key) ?? '""');
    return typeof value === "string" ? value : "";
  };
  const code = codes.find((each) => each === text("code"));
  if (code === undefined) return { kind: "unreadable", reason: `code ${parts.get("code") ?? "missing"}` };
  return { kind: "error", code, error: text("error"), message: text("message"), traceback: text("traceback") };
}
