/** A correct little model server (wire version 1), and the base of those that are not quite correct. */
import { type Faux, type FauxRequest, type RawServerOptions, rawServer, reply } from "./raw-server.ts";

export type FauxRecord = Readonly<Record<string, unknown>>;

/** Operations by name: from one record to one record. What it throws is answered 500. */
export type FauxOperations = Readonly<Record<string, (record: FauxRecord) => unknown>>;

export interface FauxModelOptions extends RawServerOptions {
  /** Path before the operations, `/v1`. */
  readonly base?: string;
  /** Answers `GET /`; false: 404. Unless told, the operations' names. */
  readonly description?: object | false;
  /** Whether `GET /health` is there; it is unless told. */
  readonly health?: boolean;
  /** Before an answer is sent. */
  readonly delayMs?: number;
  /** Changes the answered records, as a wrong implementation would. */
  readonly change?: (answers: unknown[]) => unknown[];
  /** Writes the answer's body; JSON.stringify unless told. */
  readonly write?: (answers: unknown[]) => string | Buffer;
  /** Refuses larger batches with 413. */
  readonly maxBatch?: number;
}

/** The operation of tests that need no model: the length of the query. */
export const lengthOf = (record: FauxRecord): FauxRecord => ({ length: String(record["query"]).length });

/** Starts a model server: `await fauxModel({ process: (record) => ({ length: record.query.length }) })`. */
export function fauxModel(
  operations: FauxOperations = { process: lengthOf },
  options: FauxModelOptions = {},
): Promise<Faux> {
  return rawServer(async (socket, request) => {
    if (options.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, options.delayMs));
    socket.write(answerOf(request, operations, options));
  }, options);
}

function answerOf(request: FauxRequest, operations: FauxOperations, options: FauxModelOptions): Buffer {
  const path = request.path.replace(/\?.*$/, "");
  const base = options.base ?? "";
  if (!path.startsWith(`${base}/`)) return reply(404, "nothing here", {});
  const name = decodeURIComponent(path.slice(base.length + 1));
  if (request.method === "GET") return described(name, operations, options);
  const operation = operations[name];
  if (operation === undefined) return reply(404, `{"detail":"Not Found"}`);
  const records: FauxRecord[] = JSON.parse(request.body.toString("utf8"));
  if (records.length > (options.maxBatch ?? Infinity)) return reply(413, "too many records", {});
  try {
    const answers = records.map((record) => operation(record));
    const changed = options.change === undefined ? answers : options.change(answers);
    return reply(200, (options.write ?? JSON.stringify)(changed));
  } catch (error) {
    return reply(500, JSON.stringify({ detail: String(error) }));
  }
}

function described(name: string, operations: FauxOperations, options: FauxModelOptions): Buffer {
  if (name === "health" && options.health !== false) return reply(200, "ok", {});
  if (name === "" && options.description !== false) {
    return reply(200, JSON.stringify(options.description ?? { tally: 1, operations: Object.keys(operations) }));
  }
  return reply(404, `{"detail":"Not Found"}`);
}
