/** Reads what an endpoint says of itself; anything that is not a description is none. */
import type { DescribedFields, Description } from "./endpoint.ts";

/** The description in a JSON text, or undefined. Every key is optional; `tally` or `operations` marks it as one. */
export function readDescription(text: string): Description | undefined {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(said)) return undefined;
  const { operations, after, fields } = readOperations(said["operations"]);
  if (said["tally"] === undefined && operations === undefined) return undefined;
  const { name, version, runtime, max_batch: maxBatch } = said;
  return {
    ...(typeof name === "string" ? { name } : {}),
    ...(typeof version === "string" ? { version } : {}),
    ...(typeof runtime === "string" ? { runtime } : {}),
    ...(typeof maxBatch === "number" && Number.isInteger(maxBatch) && maxBatch > 0 ? { maxBatch } : {}),
    ...(operations === undefined ? {} : { operations }),
    ...(after === undefined ? {} : { after }),
    ...(fields === undefined ? {} : { fields }),
  };
}

/** `["process"]` or `{"process": {"after": …}}`. */
function readOperations(said: unknown): Pick<Description, "operations" | "after" | "fields"> {
  if (Array.isArray(said)) return { operations: said.filter((name) => typeof name === "string") };
  if (!isObject(said)) return {};
  const after = Object.entries(said).flatMap(([name, about]): [string, string][] =>
    isObject(about) && typeof about["after"] === "string" ? [[name, about["after"]]] : [],
  );
  const fields = Object.entries(said).flatMap(([name, about]) =>
    isObject(about)
      ? [[name, { input: readFields(about["input"]), output: readFields(about["output"]) }] as const]
      : [],
  );
  return {
    operations: Object.keys(said),
    ...(after.length === 0 ? {} : { after: Object.fromEntries(after) }),
    ...(fields.length === 0 ? {} : { fields: Object.fromEntries(fields) }),
  };
}

/** Types by field; undefined when the description has none, or writes them in a way of its own. */
function readFields(said: unknown): DescribedFields | undefined {
  if (!isObject(said)) return undefined;
  const texts = Object.entries(said).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return texts.length === Object.keys(said).length && texts.length > 0 ? Object.fromEntries(texts) : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
