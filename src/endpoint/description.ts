/** Reads what an endpoint says of itself; anything that is not a description is none. */
import type { Description } from "./endpoint.ts";

/** The description in a JSON text, or undefined. Every key is optional; `tally` or `operations` marks it as one. */
export function readDescription(text: string): Description | undefined {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(said)) return undefined;
  const { operations, after } = readOperations(said["operations"]);
  if (said["tally"] === undefined && operations === undefined) return undefined;
  const { name, version, runtime, max_batch: maxBatch } = said;
  return {
    ...(typeof name === "string" ? { name } : {}),
    ...(typeof version === "string" ? { version } : {}),
    ...(typeof runtime === "string" ? { runtime } : {}),
    ...(typeof maxBatch === "number" && Number.isInteger(maxBatch) && maxBatch > 0 ? { maxBatch } : {}),
    ...(operations === undefined ? {} : { operations }),
    ...(after === undefined ? {} : { after }),
  };
}

/** `["process"]` or `{"process": {"after": …}}`. */
function readOperations(said: unknown): { operations?: readonly string[]; after?: Readonly<Record<string, string>> } {
  if (Array.isArray(said)) return { operations: said.filter((name) => typeof name === "string") };
  if (!isObject(said)) return {};
  const after = Object.entries(said).flatMap(([name, about]): [string, string][] =>
    isObject(about) && typeof about["after"] === "string" ? [[name, about["after"]]] : [],
  );
  return { operations: Object.keys(said), ...(after.length === 0 ? {} : { after: Object.fromEntries(after) }) };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
