/** What a pytest item says that contradicts the contract: its own mistake, told before anything is asked or compared. */
import { whyNot } from "../../compare/type-check.ts";
import type { Contract } from "../../contract/contract.ts";
import { inputFields } from "../../contract/example-record.ts";
import { type Problem, problem } from "../../kernel/errors.ts";
import { JsonFault } from "../../kernel/json-fault.ts";
import type { Json, JsonObject } from "../../kernel/json-value.ts";
import { nearest } from "../../kernel/nearest.ts";
import { readJson } from "../../kernel/read-json.ts";
import { checkRecord, type FieldFault } from "../../record/check-record.ts";
import { isJsonObject } from "../../record/json-kind.ts";
import { firstStage, type TextCall } from "../ask-chained.ts";
import type { PytestPair } from "./pytest-messages.ts";

/** Why a call is the author's mistake; undefined when it may be sent. */
export function refusalOf(call: TextCall, contract: Contract): Problem | undefined {
  const { operations } = contract;
  if (operations === undefined) return undefined;
  const known = Object.keys(operations);
  if (!Object.hasOwn(operations, call.operation))
    return problem("operation-unknown", {
      operation: call.operation,
      known,
      nearest: nearest(call.operation, known),
    });
  const name = firstStage(operations, call);
  const operation = operations[name];
  if (operation === undefined) return undefined;
  const fields = inputFields(contract, operation);
  for (const [i, text] of call.records.entries()) {
    const record = readRecord(text);
    const [fault] = checkRecord(fields, record, { whyNot, prefix: "", complete: true });
    if (fault) return inputProblem(name, fault, call.records.length > 1 ? ` of record ${i}` : "");
  }
  return undefined;
}

function readRecord(text: string): JsonObject {
  try {
    const value = readJson(text);
    return isJsonObject(value) ? value : {};
  } catch (error) {
    if (error instanceof JsonFault) return {};
    throw error;
  }
}

function inputProblem(operation: string, fault: FieldFault, at: string): Problem {
  const field = `${fault.path.slice(1)}${at}`;
  switch (fault.kind) {
    case "unknown":
      return problem("input-unknown", { operation, field, known: fault.fields, nearest: fault.near?.slice(1) });
    case "missing":
      return problem("input-missing", { operation, field });
    case "value":
      return problem("input-type", { operation, field, expected: fault.type, found: fault.found ?? fault.why });
  }
}

/** What is expected contradicts the contract: the author's mistake, not the candidate's. */
export function expectedFault(
  { answer, operation: name }: PytestPair,
  json: Json,
  hasTolerance: boolean,
  { operations }: Contract,
): Problem | undefined {
  const operation = name === null ? undefined : operations?.[name];
  if (name === null || operation === undefined || !isJsonObject(json)) return undefined;
  const given = readRecord(answer);
  for (const fault of checkRecord(operation.output, json, { whyNot, prefix: "", complete: false })) {
    const field = fault.path.slice(1);
    if (fault.kind === "unknown" && (field === "$error" || Object.hasOwn(given, field))) continue;
    if (fault.kind === "unknown")
      return problem("expected-unknown", {
        operation: name,
        field,
        known: fault.fields,
        nearest: fault.near?.slice(1),
      });
    if (fault.kind === "value" && !hasTolerance)
      return problem("expected-type", {
        operation: name,
        field,
        expected: fault.type,
        found: fault.found ?? fault.why,
      });
  }
  return undefined;
}
