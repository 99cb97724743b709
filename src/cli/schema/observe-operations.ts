/**
 * Asks a connector about a sample, to learn what its operations answer. Comes in: the operations' names and stages, a sample.
 * Goes out: operations with the types of everything that was seen, and tolerances where one was seen to be needed.
 */
import type { Contract, Fields, Operation, Tolerance } from "../../contract/contract.ts";
import type { Reasons } from "../../contract/operation-toml.ts";
import { askRecords } from "../../endpoint/ask-records.ts";
import { BatchSize } from "../../endpoint/batch-size.ts";
import type { Endpoint } from "../../endpoint/endpoint.ts";
import { TallyError, tallyError } from "../../kernel/errors.ts";
import { type Json, JsonNumber, type JsonObject } from "../../kernel/json-value.ts";
import { readJson } from "../../kernel/read-json.ts";
import { writeJson } from "../../kernel/write-json.ts";
import { inferFields } from "../../record/infer-fields.ts";
import { isJsonObject } from "../../record/json-kind.ts";

/** Records asked in one batch, and of them alone. */
const maxAsked = 200;
const maxAlone = 20;
/** What depends on the batch by more than this needs a look, not a tolerance. */
const maxRounding = 1e-4;

/** An operation as it was seen, with the answers to the first records. */
export interface Observed {
  readonly operation: Operation;
  readonly reasons: Reasons;
  readonly inputs: readonly string[];
  readonly answers: readonly string[];
}

export interface ObserveOptions {
  readonly contract: Contract;
  /** Opens the connector with a contract that declares what is known so far. */
  readonly open: (contract: Contract) => Endpoint;
  /** Those to learn about; all that the connector defines and the contract does not declare unless told. */
  readonly names?: readonly string[];
  readonly sample: readonly JsonObject[];
  readonly timeoutMs: number;
}

/** Throws `sample-refused`, and what starting a connector throws. */
export async function observeOperations(options: ObserveOptions): Promise<Observed[]> {
  const input = inferFields(options.sample);
  const records = options.sample.slice(0, maxAsked).map((record) => writeJson(complete(record, input)));
  const { after, names } = await definedBy(options);
  const operations = Object.fromEntries(
    names.map((name) => [
      name,
      { ...rawOperation(name, input), ...(after[name] === undefined ? {} : { after: after[name] }) },
    ]),
  );
  const endpoint = options.open({ ...options.contract, operations });
  try {
    const seen: Observed[] = [];
    for (const name of names) {
      const operation = operations[name];
      if (operation !== undefined) seen.push(await observe(endpoint, operation, records, options.timeoutMs));
    }
    return seen;
  } finally {
    await endpoint.close();
  }
}

/** Every field of the sample in every record: a declared field may be null and must be there. */
function complete(record: JsonObject, fields: Fields): JsonObject {
  return Object.fromEntries(
    Object.keys(fields).map((name) => [name, Object.hasOwn(record, name) ? (record[name] ?? null) : null]),
  );
}

function rawOperation(name: string, fields: Fields): Operation {
  return { name, input: { kind: "fields", fields }, output: {}, extra: "warn" };
}

interface Defined {
  readonly names: readonly string[];
  readonly after: Readonly<Record<string, string>>;
}

async function definedBy({ contract, names, open }: ObserveOptions): Promise<Defined> {
  if (names !== undefined) return { names, after: {} };
  const { operations: _, ...undeclared } = contract;
  const endpoint = open(undeclared);
  try {
    await endpoint.start();
    const described = await endpoint.describe();
    const declared = Object.keys(contract.operations ?? {});
    const defined = described?.operations ?? [];
    return { names: defined.filter((name) => !declared.includes(name)), after: described?.after ?? {} };
  } finally {
    await endpoint.close();
  }
}

async function observe(
  endpoint: Endpoint,
  operation: Operation,
  records: readonly string[],
  timeoutMs: number,
): Promise<Observed> {
  const together = await ask(endpoint, operation.name, records, { batch: records.length, timeoutMs });
  const alone = await ask(endpoint, operation.name, records.slice(0, maxAlone), { batch: 1, timeoutMs });
  const output = inferFields(together);
  const { fields, reasons } = withTolerances(output, together, alone);
  return {
    operation: { ...operation, output: fields },
    reasons,
    inputs: records,
    answers: together.map((answer) => writeJson(answer)),
  };
}

async function ask(
  endpoint: Endpoint,
  operation: string,
  records: readonly string[],
  { batch, timeoutMs }: { readonly batch: number; readonly timeoutMs: number },
): Promise<JsonObject[]> {
  const answers = await askRecords(endpoint, operation, records, { batch: new BatchSize(batch), timeoutMs });
  return answers.map((answer, i) => {
    if (answer.kind === "fault") throw new TallyError(answer.fault);
    if (answer.kind === "not-implemented") throw tallyError("operation-not-implemented", { operation });
    const value = readJson(answer.text, { numbers: "text" });
    if (!isJsonObject(value) || Object.hasOwn(value, "$error"))
      throw tallyError("sample-refused", { operation, record: i + 1, answer: errorText(value) });
    return value;
  });
}

function errorText(value: Json): string {
  const error = isJsonObject(value) ? value["$error"] : undefined;
  if (!isJsonObject(error)) return writeJson(value);
  return `${String(error["type"] ?? "error")}: ${String(error["message"] ?? "")}`;
}

/** A float whose value depends on the batch by rounding gets the tolerance that this needs, with a margin of ten. */
function withTolerances(
  output: Fields,
  together: readonly JsonObject[],
  alone: readonly JsonObject[],
): { fields: Fields; reasons: Reasons } {
  const reasons = new Map<string, string>();
  const fields = Object.entries(output).map(([name, field]): [string, Fields[string]] => {
    if (field.type.kind !== "float64") return [name, field];
    const apart = Math.max(0, ...alone.map((record, i) => distance(together[i]?.[name], record[name])));
    // The default of 1e-9 covers it.
    if (apart * 10 <= 1e-9) return [name, field];
    const seen = `alone and in a batch its values were a relative ${apart.toExponential(1)} apart`;
    if (apart > maxRounding) {
      reasons.set(name, `${seen}: that is no rounding`);
      return [name, field];
    }
    reasons.set(name, seen);
    const tolerance: Tolerance = { rel: Number(`1e${Math.ceil(Math.log10(apart * 10))}`) };
    return [name, { ...field, tolerance }];
  });
  return { fields: Object.fromEntries(fields), reasons };
}

/** As a part of the value's magnitude; at most 1, which is no rounding any more. */
function distance(one: Json | undefined, other: Json | undefined): number {
  const [a, b] = [numberOf(one), numberOf(other)];
  if (a === undefined || b === undefined || a === b) return 0;
  return Math.min(1, Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b)));
}

function numberOf(value: Json | undefined): number | undefined {
  const number = value instanceof JsonNumber ? Number(value.text) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}
