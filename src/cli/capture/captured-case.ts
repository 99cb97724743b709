/**
 * An exchange → the case that asks the same record and expects the same answer, or why there is none. What the contract calls sensitive
 * is in no case; what it does not declare is expected of nobody.
 */
import { whyNot } from "../../compare/type-check.ts";
import type { Contract, Fields, FieldType, Operation } from "../../contract/contract.ts";
import { receivedFields } from "../../contract/sensitive-fields.ts";
import { type Json, JsonNumber, type JsonObject } from "../../kernel/json-value.ts";
import { readJson } from "../../kernel/read-json.ts";
import { writeJson } from "../../kernel/write-json.ts";
import { CaseProblems } from "../../record/case-row.ts";
import { isJsonObject } from "../../record/json-kind.ts";
import { readCase } from "../../record/read-case.ts";
import { spacedJson, type WrittenCase } from "../../record/write-case.ts";
import { clip } from "../../report/plain-text.ts";
import { sensitiveValues, withoutSensitive } from "../../suite/redact/sensitive-record.ts";

/** A record and what was answered, as JSON text. */
export interface Captured {
  readonly operation: string;
  readonly input: string;
  readonly answer: string;
}

/** A case, or why the exchange cannot be one. */
export type Made = { readonly made: WrittenCase } | { readonly refused: string };

/** The case of an exchange. */
export function capturedCase({ answer, input, operation }: Captured, contract: Contract): Made {
  const declared = contract.operations?.[operation];
  if (contract.operations !== undefined && declared === undefined)
    return { refused: `the contract does not declare ${operation}` };
  const secret = declared && sensitiveField(declared, input, contract);
  if (secret !== undefined) return { refused: `the field ${operation}.${secret} is sensitive` };
  const expect = expectedOf(answer, declared);
  if (expect === undefined) return { refused: `an answer of ${operation} is no record` };
  if (Object.keys(expect).length === 0)
    return { refused: `nothing that ${operation} answers is both declared and open` };
  const record = readJson(input, { numbers: "text" });
  const made = { name: nameOf(operation, record), operation, input, expect, tolerance: {}, tags: [], found: {} };
  const wrong = whyUnfit(made, record, contract);
  return wrong === undefined ? { made } : { refused: wrong };
}

function sensitiveField(operation: Operation, input: string, contract: Contract): string | undefined {
  const fields = receivedFields(operation, contract.operations);
  return Object.keys(fields).find(
    (name) => fields[name] && sensitiveValues({ [name]: fields[name] }, input).length > 0,
  );
}

function expectedOf(answer: string, declared: Operation | undefined): JsonObject | undefined {
  const value = readJson(declared ? withoutSensitive(declared.output, answer) : answer, { numbers: "text" });
  if (!isJsonObject(value)) return undefined;
  // Messages are prose, and may quote the record; the type is what is compared.
  if (Object.hasOwn(value, "$error")) return { $error: errorType(value["$error"]) };
  return declared === undefined ? value : declaredOnly(declared.output, value);
}

function errorType(error: Json | undefined): Json {
  const type = isJsonObject(error) ? error["type"] : undefined;
  return typeof type === "string" && type.trim() !== "" ? type : true;
}

/** Without the fields that nobody declared: an answer may have them, an expectation may not. */
function declaredOnly(fields: Fields, value: JsonObject): JsonObject {
  const known = Object.entries(value).flatMap(([name, member]): [string, Json][] => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return field === undefined ? [] : [[name, declaredPart(field.type, member)]];
  });
  return Object.fromEntries(known);
}

function declaredPart(type: FieldType, value: Json): Json {
  if (type.fields !== undefined && isJsonObject(value)) return declaredOnly(type.fields, value);
  const { items } = type;
  return items !== undefined && Array.isArray(value) ? value.map((one: Json) => declaredPart(items, one)) : value;
}

/** What a run would say of the case: an answer that is not of the declared type is no expectation. */
function whyUnfit(made: WrittenCase, record: Json, contract: Contract): string | undefined {
  const problems = new CaseProblems(made.operation);
  const value = { name: made.name, operation: made.operation, input: record, expect: made.expect };
  readCase({ line: 1, value }, { contract, whyNot, problems, path: "captured.jsonl", fileOperation: undefined });
  const [first] = problems.list();
  return first?.message.replace(`${problems.at(1)}: `, `${made.operation}: `).replace(/\.$/, "");
}

const nameLength = 72;

/** `process(query="a", limit=3)`, as one would say it. */
function nameOf(operation: string, record: Json): string {
  const members = isJsonObject(record) ? Object.entries(record) : [];
  const said = members.map(([name, value]) => `${name}=${shown(value)}`).join(", ");
  return `${clip(`${operation}(${said}`, nameLength)})`;
}

function shown(value: Json): string {
  return typeof value === "object" && value !== null && !(value instanceof JsonNumber)
    ? spacedJson(value)
    : writeJson(value);
}
