/** `operation("process")`: an operation of the model as a function. The JSON, the endpoint and the batch stay invisible. */
import type { Fields, Operation } from "../../contract/contract.ts";
import type { Operations } from "../../contract/operations.ts";
import { type Problem, problem, TallyError, tallyError } from "../../kernel/errors.ts";
import { nearest } from "../../kernel/nearest.ts";
import { type DecodedRecord, decodeRecord } from "../../record/decode-record.ts";
import { encodeRecord, type EncodingIssue } from "../../record/encode-record.ts";
import { type ChildSession, currentSession } from "./child-session.ts";
import { answerKey, currentTest, type RunningTest } from "./current-test.ts";
import type { CallAnswer } from "../messages.ts";

/**
 * The model answered `$error` in place of a record.
 *
 * @example
 * ```ts
 * import { expect, operation, OperationError, test } from "tallyml";
 * test("an empty query is refused", async () => {
 *   await expect(operation("process")({ query: "" })).rejects.toThrow(OperationError);
 * });
 * ```
 */
export class OperationError extends Error {
  /** Name of the error in the model's own language: `ValueError`. */
  readonly type: string;
  readonly operation: string;
  /** The records asked for, answered ones as values and failed ones as undefined. */
  readonly answers: readonly unknown[];

  constructor(operation: string, type: string, message: string, answers: readonly unknown[]) {
    super(`${operation} answered ${type}: ${message}`);
    this.name = "OperationError";
    this.type = type;
    this.operation = operation;
    this.answers = answers;
  }
}

/** An answer could not be had: the endpoint, not the model, is at fault. The test's verdict is `error`, also if it catches this. */
export class EndpointFault extends TallyError {}

/** Where an answer came from: what `toTally` knows of it. */
export interface AnswerOrigin {
  readonly operation: string;
  readonly fields: Fields | undefined;
  readonly extra: "warn" | "error";
  readonly input: string;
  readonly answer: string;
  /** `n` of the exchange within the test. */
  readonly exchange: number;
}

const origins = new WeakMap<object, AnswerOrigin>();

/** The origin of an answer that `operation()` gave, or undefined for any other value. */
export function originOf(value: unknown): AnswerOrigin | undefined {
  return typeof value === "object" && value !== null ? origins.get(value) : undefined;
}

/** One record in, one record out; many in, many out. */
export interface OperationFunction<Input, Output> {
  (record: Input): Promise<Output>;
  (records: readonly Input[]): Promise<Output[]>;
}

/** What a test may pass to an operation that `tally types` knows. */
type PassedTo<Name extends keyof Operations> = Operations[Name] extends { readonly input: infer Input }
  ? Operations[Name] extends { readonly raw: infer Raw }
    ? Input | Raw
    : Input
  : never;

type AnsweredBy<Name extends keyof Operations> = Operations[Name] extends { readonly output: infer Output }
  ? Output
  : never;

/** Any name, or those of the contract once they are known. */
type OperationName = keyof Operations extends never ? string : Extract<keyof Operations, string>;

/**
 * An operation of the model as a function of records. Its types are those of the file that `tally types` wrote, if there
 * is one; else they may be given.
 *
 * @example
 * ```ts
 * import { operation } from "tallyml";
 * const process = operation<{ query: string }, { null_values: number }>("process");
 * ```
 * @throws TallyError `operation-unknown` when the contract does not declare it.
 */
export function operation<Name extends keyof Operations>(
  name: Name,
): OperationFunction<PassedTo<Name>, AnsweredBy<Name>>;
export function operation<Input extends object = Record<string, unknown>, Output extends object = DecodedRecord>(
  name: OperationName,
): OperationFunction<Input, Output>;
export function operation(name: string): unknown {
  const declared = declaredOperation(name);
  // Whether one record or a list came in, which the type tells apart, is decided at run time.
  async function call(records: unknown): Promise<unknown> {
    const session = currentSession();
    const running = currentTest();
    if (session === undefined || running === undefined)
      throw tallyError("suite-outside", { what: `operation("${name}")` });
    const many: readonly unknown[] = Array.isArray(records) ? records : [records];
    const answers = await ask({ session, running, declared, name, records: many });
    return Array.isArray(records) ? answers : answers[0];
  }
  return call;
}

function declaredOperation(name: string): Operation | undefined {
  const operations = currentSession()?.operations;
  if (operations === undefined) return undefined;
  if (!Object.hasOwn(operations, name)) {
    const known = Object.keys(operations);
    throw tallyError("operation-unknown", { operation: name, known, nearest: nearest(name, known) });
  }
  return operations[name];
}

interface Question {
  readonly session: ChildSession;
  readonly running: RunningTest;
  readonly declared: Operation | undefined;
  readonly name: string;
  readonly records: readonly unknown[];
}

async function ask(question: Question): Promise<unknown[]> {
  const { declared, session } = question;
  const input = declared?.input;
  if (
    input?.kind === "stage" &&
    question.records.some((record) => !hasFields(record, session.operations?.[input.stage]?.output))
  ) {
    const stage = session.operations?.[input.stage];
    const upstream = await ask({ ...question, declared: stage, name: input.stage });
    // The stage's answers go on as they came: what is wrong with them is not the test's mistake.
    return askTexts(
      question,
      upstream.map((answer) => originOf(answer)?.answer ?? "{}"),
    );
  }
  const fields = input?.kind === "fields" ? input.fields : input && session.operations?.[input.stage]?.output;
  return askDirectly(question, fields);
}

/** Whether a record is a stage's output rather than the raw record: it names all its fields. */
function hasFields(record: unknown, fields: Fields | undefined): boolean {
  return (
    typeof record === "object" &&
    record !== null &&
    Object.keys(fields ?? {}).every((name) => Object.hasOwn(record, name))
  );
}

async function askDirectly(question: Question, fields: Fields | undefined): Promise<unknown[]> {
  const { name, records } = question;
  return askTexts(
    question,
    records.map((record, i) => encodeInput(name, fields, record, records.length > 1 ? i : undefined)),
  );
}

async function askTexts(question: Question, texts: readonly string[]): Promise<unknown[]> {
  const { name, running, session } = question;
  if (texts.length === 0) return [];
  const known = running.alone && texts.map((text) => running.alone?.get(answerKey(name, text)));
  const answers: readonly CallAnswer[] = known?.every((answer) => answer !== undefined)
    ? known
    : await session.gatherer.call(running, {
        operation: name,
        records: texts,
        apart: session.noGather || running.alone !== undefined,
        single: running.alone !== undefined,
      });
  return readAnswers(question, texts, answers);
}

/** The wire text of an input record. Inputs are the author's own, so a wrong one is refused before anything is sent. */
function encodeInput(
  operation: string,
  fields: Fields | undefined,
  record: unknown,
  index: number | undefined,
): string {
  const issues: EncodingIssue[] = [];
  const text = encodeRecord(fields, record, (issue) => issues.push(issue));
  const at = index === undefined ? "" : ` of record ${index}`;
  const issue = issues[0];
  if (issue !== undefined) {
    throw tallyError("input-type", {
      operation,
      field: `${issue.path || "the record"}${at}`,
      expected: issue.expected,
      found: issue.found,
    });
  }
  if (fields === undefined || typeof record !== "object" || record === null) return text;
  for (const name of Object.keys(record)) {
    if (Object.hasOwn(fields, name)) continue;
    const known = Object.keys(fields);
    throw tallyError("input-unknown", { operation, field: `${name}${at}`, known, nearest: nearest(name, known) });
  }
  for (const name of Object.keys(fields)) {
    if (Reflect.get(record, name) === undefined)
      throw tallyError("input-missing", { operation, field: `${name}${at}` });
  }
  return text;
}

const errorStart = /^\s*\{\s*"\$error"\s*:/;

function readAnswers(
  { name, declared, running }: Question,
  inputs: readonly string[],
  answers: readonly CallAnswer[],
): unknown[] {
  const values: unknown[] = [];
  let failed: { type: string; message: string } | undefined;
  let fault: Problem | undefined;
  running.exchanges.trim(running.mismatches);
  for (const [i, input] of inputs.entries()) {
    const answer = answers[i] ?? { kind: "not-implemented" };
    const exchange = { operation: name, input, asked: "test" as const };
    switch (answer.kind) {
      case "answered": {
        const n = running.exchanges.add({ ...exchange, answer: answer.text, batch: answer.batch, ms: answer.ms });
        const value = decodeRecord(declared?.output, answer.text);
        origins.set(value, {
          operation: name,
          fields: declared?.output,
          extra: declared?.extra ?? "warn",
          input,
          answer: answer.text,
          exchange: n,
        });
        if (errorStart.test(answer.text)) failed ??= errorOf(value);
        values.push(errorStart.test(answer.text) ? undefined : value);
        break;
      }
      case "fault":
        running.exchanges.add({ ...exchange, fault: answer.fault, batch: 1, ms: answer.ms });
        fault ??= answer.fault;
        break;
      case "not-implemented":
        fault ??= problem("operation-not-implemented", { operation: name });
        running.exchanges.add({ ...exchange, fault, batch: 1, ms: 0 });
        break;
    }
  }
  if (fault !== undefined) throw new EndpointFault(fault);
  if (failed !== undefined) throw new OperationError(name, failed.type, failed.message, values);
  return values;
}

function errorOf(value: DecodedRecord): { type: string; message: string } {
  const error: unknown = value["$error"];
  if (typeof error !== "object" || error === null) return { type: "error", message: String(error) };
  return { type: String(Reflect.get(error, "type") ?? "error"), message: String(Reflect.get(error, "message") ?? "") };
}
