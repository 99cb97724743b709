/** From a line on a program's stdout to the texts of its answers, or what is wrong with it. */
import { type Problem, problem } from "../kernel/errors.ts";
import { JsonFault } from "../kernel/json-fault.ts";
import { decodeUtf8 } from "../kernel/read-json.ts";
import { sliceObject, sliceRecords } from "../kernel/slice-json.ts";
import type { CallNote, RecordText } from "./endpoint.ts";
import { excerpt } from "./excerpt.ts";

/** The request a line answers. */
export interface StdioRequest {
  readonly command: string;
  readonly id: number;
  readonly operation: string;
  readonly asked: number;
}

/** What a line says. */
export type StdioAnswer =
  | { readonly kind: "answered"; readonly answers: readonly RecordText[]; readonly notes: readonly CallNote[] }
  | { readonly kind: "not-implemented" }
  /** `splitting`: the program itself said that it could not answer these records. */
  | { readonly kind: "fault"; readonly fault: Problem; readonly isInStep: boolean; readonly splitting: boolean };

/** Reads `{"id", "records"}` or `{"id", "error"}`. */
export function readStdioAnswer(line: Buffer, request: StdioRequest): StdioAnswer {
  const { command } = request;
  const outOfStep = (reason: string): StdioAnswer => ({
    kind: "fault",
    fault: problem("stdio-answer", { command, reason, line: excerpt(line) }),
    isInStep: false,
    splitting: false,
  });
  let parts: ReadonlyMap<string, string>;
  try {
    parts = sliceObject(decodeUtf8(line), { bareTokens: true });
    const id = parts.get("id");
    if (id === undefined) return outOfStep("without an id");
    if (id !== String(request.id)) return outOfStep(`to request ${id}, not ${request.id}`);
    const records = parts.get("records");
    if (records !== undefined) return readRecords(records, request);
  } catch (error) {
    if (error instanceof JsonFault) return outOfStep(`something that is not JSON (${error.what})`);
    throw error;
  }
  const error = parts.get("error");
  return error === undefined ? outOfStep("with neither records nor error") : readError(error, request);
}

function readRecords(text: string, { command, operation, asked }: StdioRequest): StdioAnswer {
  const { records, bareTokens } = sliceRecords(text, { bareTokens: true });
  if (records.length !== asked) {
    const fault = problem("stdio-count", { command, operation, asked, answered: records.length });
    return { kind: "fault", fault, isInStep: true, splitting: false };
  }
  const wrong = records.find((record) => !record.startsWith("{"));
  if (wrong !== undefined) {
    const fault = problem("stdio-answer", { command, reason: "a record that is not an object", line: excerpt(wrong) });
    return { kind: "fault", fault, isInStep: true, splitting: false };
  }
  const message = "Answers hold bare NaN or Infinity, which JSON does not have; they are read as numbers.";
  const notes = bareTokens > 0 ? [{ code: "bare-tokens", message, count: bareTokens }] : [];
  return { kind: "answered", answers: records, notes };
}

function readError(text: string, { command, operation, asked }: StdioRequest): StdioAnswer {
  const said: unknown = JSON.parse(text);
  const { type, message } = errorWords(said);
  if (type === "not-implemented") return { kind: "not-implemented" };
  const words = [type, message].filter((word) => word !== undefined && word !== "").join(": ");
  const fault = problem("stdio-error", { command, operation, message: excerpt(words === "" ? text : words) });
  return { kind: "fault", fault, isInStep: true, splitting: asked > 1 };
}

function errorWords(said: unknown): { type?: string; message?: string } {
  if (typeof said === "string") return { type: said };
  if (typeof said !== "object" || said === null) return {};
  return {
    ...("type" in said && typeof said.type === "string" && { type: said.type }),
    ...("message" in said && typeof said.message === "string" && { message: said.message }),
  };
}
