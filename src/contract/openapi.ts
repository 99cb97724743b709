/** The wire of a contract as an OpenAPI 3.1 document, for everybody who generates clients, servers or documentation. */
import type { Contract, Operation } from "./contract.ts";
import { readJson } from "../kernel/read-json.ts";
import { type ContractExample, exampleRecord, inputFields, withoutSensitive } from "./example-record.ts";
import { recordSchemas, type Schema } from "./json-schema.ts";

/** What an OpenAPI document says besides the contract. */
export interface OpenApiOptions {
  readonly servers?: readonly string[];
  /** Rows of case tables; without one an operation's example is made from its types. */
  readonly examples?: readonly ContractExample[];
}

const components = "#/components/schemas/";

/** `POST /<operation>` for every operation, `GET /` and `GET /health`. */
export function openApi(contract: Contract, options: OpenApiOptions = {}): Schema {
  const operations = Object.values(contract.operations ?? {});
  const paths: Record<string, Schema> = {};
  for (const operation of operations) {
    paths[`/${operation.name}`] = { post: operationPath(contract, operation, options.examples ?? []) };
  }
  if (operations.length === 0) paths["/{operation}"] = anyOperation;
  paths["/"] = { get: describePath };
  paths["/health"] = { get: healthPath };
  return {
    openapi: "3.1.1",
    info: {
      title: contract.model.name,
      version: contract.model.version ?? "0",
      description:
        "A batch of records in, a batch of records of the same length and order out (Tally wire, version 1).",
    },
    ...(options.servers && { servers: options.servers.map((url) => ({ url })) }),
    paths,
    components: { schemas: { ...recordSchemas(contract, components), description: descriptionSchema } },
  };
}

function operationPath(contract: Contract, operation: Operation, examples: readonly ContractExample[]): Schema {
  const { name } = operation;
  const own = examples.find((example) => example.operation === name && isWhole(contract, operation, example));
  const input: unknown = own ? JSON.parse(own.input) : exampleRecord(inputFields(contract, operation));
  const output: unknown = own?.expect === undefined ? exampleRecord(operation.output) : JSON.parse(own.expect);
  return {
    operationId: name,
    summary: operation.doc ?? summary(operation),
    requestBody: body(`${name}.request`, [input]),
    responses: responses(`${name}.response`, [output]),
  };
}

/** Whether a case can stand as the example: every field is there, none is sensitive, and no number loses a digit. */
function isWhole(contract: Contract, operation: Operation, { input, expect }: ContractExample): boolean {
  if (expect === undefined) return false;
  const sides = [
    { text: input, fields: inputFields(contract, operation) },
    { text: expect, fields: operation.output },
  ];
  return sides.every(({ text, fields }) => {
    const record: unknown = JSON.parse(text);
    const isComplete = Object.keys(fields).every((name) => Object.hasOwn(Object(record), name));
    // A JsonNumber among the values is written differently: a double could not hold what the text says.
    const isExact = JSON.stringify(readJson(text)) === JSON.stringify(record);
    return isComplete && isExact && withoutSensitive(fields, text) === withoutSensitive({}, text);
  });
}

function summary(operation: Operation): string {
  if (operation.input.kind === "stage") return `Receives what ${operation.input.stage} answers.`;
  return operation.after === undefined ? `The operation ${operation.name}.` : `The stage after ${operation.after}.`;
}

function body(schema: string, example?: unknown): Schema {
  return { required: true, content: content(schema, example) };
}

function content(schema: string, example?: unknown): Schema {
  return { "application/json": { schema: { $ref: components + schema }, ...(example !== undefined && { example }) } };
}

function responses(schema: string, example?: unknown): Schema {
  return {
    "200": { description: "One answer for each record, in order.", content: content(schema, example) },
    "413": { description: "Too many records: Tally splits the batch." },
    "501": { description: "Not implemented yet: the tests of this operation fail with that reason." },
  };
}

const anyOperation: Schema = {
  parameters: [{ name: "operation", in: "path", required: true, schema: { type: "string" } }],
  post: {
    operationId: "call",
    summary: "Any operation: the contract declares none.",
    requestBody: body("request"),
    responses: responses("response"),
  },
};

const describePath: Schema = {
  operationId: "describe",
  summary: "What this endpoint is. Optional.",
  responses: { "200": { description: "The description.", content: content("description") } },
};

const healthPath: Schema = {
  operationId: "health",
  summary: "200 when ready. Optional.",
  responses: {
    "200": { description: "Ready." },
    "503": { description: "Not ready yet." },
  },
};

const descriptionSchema: Schema = {
  type: "object",
  properties: {
    tally: { type: "integer", const: 1 },
    name: { type: "string" },
    version: { type: "string" },
    max_batch: { type: "integer", minimum: 1 },
    formats: { type: "array", items: { type: "string" } },
    operations: { anyOf: [{ type: "array", items: { type: "string" } }, { type: "object" }] },
  },
};
