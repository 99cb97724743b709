/**
 * Asks the operations with the records of a file. Comes in: the file, and which operation if only one is meant. Goes out: exchanges, told to
 * the listener; a chained operation is asked through the stages before it, and its case is the raw record.
 */
import type { Contract, Fields, Operation } from "../../contract/contract.ts";
import { askRecords } from "../../endpoint/ask-records.ts";
import { BatchSize } from "../../endpoint/batch-size.ts";
import type { Endpoint } from "../../endpoint/endpoint.ts";
import { TallyError, tallyError } from "../../kernel/errors.ts";
import { nearest } from "../../kernel/nearest.ts";
import { shownPath } from "../../kernel/shown-path.ts";
import { sliceObject } from "../../kernel/slice-json.ts";
import { columnsFor, type DataFile, recordsFor } from "./data-records.ts";
import type { ExchangeListener } from "./recording-endpoint.ts";

export interface DataQuestion {
  readonly data: DataFile;
  readonly contract: Contract;
  readonly operation: string | undefined;
  readonly limit: number;
  readonly timeoutMs: number;
}

/** An operation that the file has records for, and the stages from the one that takes them to itself. */
interface Asked {
  readonly operation: Operation;
  readonly stages: readonly Operation[];
  readonly fields: Fields;
  readonly columns: readonly string[];
}

/** What was left aside. */
export interface AskedData {
  readonly unused: readonly string[];
  readonly beyond: number;
}

/** Throws `capture-undeclared`, `operation-unknown`, `capture-data`, and what an endpoint cannot do at all. */
export async function askFile(
  question: DataQuestion,
  endpoint: Endpoint,
  listener: ExchangeListener,
): Promise<AskedData> {
  const { contract, data, limit } = question;
  const asked = askable(question);
  // Everything is read before anything is asked.
  const records = asked.map(({ fields, stages: [first], operation }) => [
    ...new Set(recordsFor(data, first ?? operation, fields, contract)),
  ]);
  let beyond = 0;
  for (const [i, one] of asked.entries()) {
    const all = records[i] ?? [];
    beyond += Math.max(0, all.length - limit);
    await askStages(one, all.slice(0, limit), { endpoint, listener, question });
  }
  const used = new Set(asked.flatMap(({ columns }) => columns));
  return { unused: data.columns.filter((column) => !used.has(column)), beyond };
}

function askable({ contract, data, operation: only }: DataQuestion): readonly Asked[] {
  const operations = Object.values(contract.operations ?? {});
  if (operations.length === 0)
    throw tallyError("capture-undeclared", { file: data.file, contract: shownPath(contract.file) });
  const names = operations.map(({ name }) => name);
  if (only !== undefined && !names.includes(only))
    throw tallyError("operation-unknown", { operation: only, known: names, nearest: nearest(only, names) });
  const wanted = operations.filter(({ name }) => only === undefined || name === only);
  const found = wanted.flatMap((operation) => entryOf(operation, contract, data.columns) ?? []);
  if (found.length > 0) return found;
  const missing = wanted.map((operation) => `${operation.name} takes ${rawFields(operation, contract).join(", ")}`);
  const reason = `it has the columns ${data.columns.join(", ")}, and ${missing.join("; ")}`;
  throw tallyError("capture-data", { file: data.file, reason });
}

/** The operation itself where the file has what it receives, else the first stage before it of which that is true. */
function entryOf(operation: Operation, contract: Contract, columns: readonly string[]): Asked | undefined {
  const stages = [operation];
  for (;;) {
    const [first = operation] = stages;
    const { input } = first;
    const before = input.kind === "stage" ? contract.operations?.[input.stage] : undefined;
    const fields = input.kind === "fields" ? input.fields : (before?.output ?? {});
    const taken = columnsFor(fields, columns);
    if (taken !== undefined) return { operation, stages, fields, columns: taken };
    if (before === undefined || stages.includes(before)) return undefined;
    stages.unshift(before);
  }
}

function rawFields({ input }: Operation, contract: Contract): readonly string[] {
  if (input.kind === "fields") return Object.keys(input.fields);
  const before = contract.operations?.[input.stage];
  return before === undefined ? [] : rawFields(before, contract);
}

interface Asking {
  readonly endpoint: Endpoint;
  readonly listener: ExchangeListener;
  readonly question: DataQuestion;
}

async function askStages(
  { operation, stages }: Asked,
  records: readonly string[],
  { endpoint, listener, question }: Asking,
): Promise<void> {
  const { contract, timeoutMs } = question;
  let under = records.map((raw) => ({ raw, text: raw }));
  for (const { name } of stages) {
    const batch = new BatchSize(contract.endpoint.batch);
    const texts = under.map(({ text }) => text);
    const answers = await askRecords(endpoint, name, texts, { batch, timeoutMs });
    const next: typeof under = [];
    for (const [i, answer] of answers.entries()) {
      const raw = under[i]?.raw ?? "";
      if (answer.kind === "not-implemented") throw tallyError("operation-not-implemented", { operation: name });
      if (answer.kind === "fault" && answer.stop) throw new TallyError(answer.fault);
      if (answer.kind === "fault") listener.unanswered(operation.name, answer.fault.message);
      else if (name === operation.name) listener.answered(name, raw, answer.text);
      // A record that a stage before refuses has nothing to ask the next one with; it is a case of that stage.
      else if (!sliceObject(answer.text).has("$error")) next.push({ raw, text: answer.text });
    }
    under = next;
  }
}
