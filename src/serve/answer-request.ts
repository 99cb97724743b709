/** From the body of `POST /{operation}` to a status and the JSON to answer. Knows no HTTP library. */
import { isUtf8 } from "node:buffer";
import type { RecordText } from "../endpoint/endpoint.ts";
import { isTallyError } from "../kernel/errors.ts";
import { JsonFault } from "../kernel/json-fault.ts";
import { nearest } from "../kernel/nearest.ts";
import { decodeUtf8 } from "../kernel/read-json.ts";
import { sliceRecords } from "../kernel/slice-json.ts";
import type { FrameGatherer } from "./frame-gatherer.ts";

/** What is sent back. */
export interface Answer {
  readonly status: number;
  /** JSON text. */
  readonly body: string;
}

/** What a server knows of its operations. */
export interface KnownOperations {
  /** Every operation that is declared or defined; empty when the endpoint does not say. */
  readonly names: readonly string[];
  /** Declared in the contract: without an implementation they are 501, not 404. */
  readonly declared: ReadonlySet<string>;
}

/** Deeper nesting is refused. */
const maxDepth = 128;

/** An error's JSON, the same shape for all. */
export function errorAnswer(status: number, code: string, message: string, more: object = {}): Answer {
  return { status, body: JSON.stringify({ error: { code, message, ...more } }) };
}

/** Asks the records of a body. Never rejects. */
export async function answerRequest(
  gatherer: FrameGatherer,
  operation: string,
  body: Buffer,
  known: KnownOperations,
): Promise<Answer> {
  if (known.names.length > 0 && !known.names.includes(operation)) return unknownOperation(operation, known.names);
  const records = readBody(body);
  if ("status" in records) return records;
  try {
    const gathered = await gatherer.ask(operation, records);
    switch (gathered.kind) {
      case "answered":
        return { status: 200, body: `[${gathered.answers.join(",")}]` };
      case "not-implemented":
        return known.declared.has(operation)
          ? errorAnswer(501, "not-implemented", `The operation ${operation} is declared and not implemented.`)
          : unknownOperation(operation, known.names);
      case "fault": {
        const { fault, stop } = gathered.answer;
        const where = gathered.index === undefined ? "" : `Record ${gathered.index} of ${records.length}: `;
        const status = fault.code.endsWith("-timeout") ? 504 : stop ? 503 : 500;
        return errorAnswer(status, fault.code, `${where}${fault.message}`, { hint: fault.hint });
      }
    }
  } catch (error) {
    if (isTallyError(error)) return errorAnswer(503, error.code, error.message, { hint: error.problem.hint });
    throw error;
  }
}

function readBody(body: Buffer): readonly RecordText[] | Answer {
  try {
    const text = isUtf8(body) ? body.toString("utf8") : decodeUtf8(body);
    const { records } = sliceRecords(text, { maxDepth, bareTokens: false, bom: "error" });
    const index = records.findIndex((record) => record.charCodeAt(0) !== 0x7b);
    if (index < 0) return records;
    return errorAnswer(400, "record-type", `Record ${index} is not a JSON object.`, { record: index });
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    return badJson(error);
  }
}

function badJson(fault: JsonFault): Answer {
  const { line, column, byte } = fault;
  const message =
    fault.kind === "not-array"
      ? 'The body is not a JSON array of records: [{"field": 1}, …].'
      : `The body is not valid JSON: ${fault.message}.`;
  return errorAnswer(400, fault.kind === "not-array" ? "not-array" : "invalid-json", message, { line, column, byte });
}

function unknownOperation(operation: string, names: readonly string[]): Answer {
  const meant = nearest(operation, names);
  const shown = JSON.stringify(operation.slice(0, 100));
  const hint = meant === undefined ? {} : { hint: `Did you mean POST /${meant}?` };
  return errorAnswer(404, "unknown-operation", `There is no operation ${shown}.`, { operations: names, ...hint });
}
