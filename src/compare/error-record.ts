import type { Json } from "../kernel/json-value.ts";
import { isObject, valueOf } from "./value-text.ts";

/** A record that failed: `{"$error": {"type", "message"}}` in place of an answer. */
export interface ErrorRecord {
  /** Undefined where nothing is said of it: then any error will do. */
  readonly type?: string;
  readonly message?: string;
}

/** The error that a record is, undefined when it is an answer. */
export function readError(record: Json): ErrorRecord | undefined {
  const error = isObject(record) ? valueOf(record, "$error") : undefined;
  if (error === undefined) return undefined;
  if (typeof error === "string") return { type: error };
  if (!isObject(error)) return {};
  const [type, message] = [valueOf(error, "type"), valueOf(error, "message")];
  return {
    ...(typeof type === "string" ? { type } : {}),
    ...(typeof message === "string" ? { message } : {}),
  };
}

/**
 * Whether two errors agree: by their type, the expected one with or without the module or package before it. Messages
 * are prose, and differ between languages.
 */
export function errorsAgree(reference: ErrorRecord, candidate: ErrorRecord): boolean {
  if (reference.type === undefined || reference.type === candidate.type) return true;
  return !/[.:/]/u.test(reference.type) && candidate.type?.split(/[.:/]+/u).at(-1) === reference.type;
}
