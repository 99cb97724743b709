/** The schemas of protocol/schemas are valid, say what every key means, and fit the vectors and what Tally sends. */
import { globSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { parseContract } from "../../src/contract/load-contract.ts";
import { describeServer } from "../../src/serve/describe-server.ts";
import { bytesOf, readVectors, type Sent, type Then } from "./vectors.ts";

type Schema = Readonly<Record<string, unknown>>;

const files = globSync("protocol/schemas/*.json").toSorted();
const schemas = new Map<string, Schema>(files.map((file) => [nameOf(file), JSON.parse(readFileSync(file, "utf8"))]));
const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, strictTypes: false });
for (const schema of schemas.values()) ajv.addSchema(schema);

function nameOf(file: string): string {
  return /([\w-]+)\.schema\.json$/.exec(file)?.[1] ?? file;
}

/** Undefined where the text is no JSON that JavaScript reads. */
function fits(name: string, text: string): boolean | undefined {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return undefined;
  }
  return ajv.validate(`urn:tally:wire:1:${name}`, data);
}

test("there is one schema for each message", () => {
  expect([...schemas.keys()]).toEqual([
    "answer",
    "description",
    "error-record",
    "request",
    "stdio-answer",
    "stdio-request",
  ]);
  for (const [name, schema] of schemas) expect(schema["$id"]).toBe(`urn:tally:wire:1:${name}`);
});

test("every key has a description for people", () => {
  const silent: string[] = [];
  const look = (part: unknown, path: string): void => {
    if (typeof part !== "object" || part === null) return;
    for (const [key, value] of Object.entries(part)) {
      if (key !== "properties") look(value, `${path}/${key}`);
      else
        for (const [name, schema] of Object.entries<Schema>(value)) {
          if (schema["description"] === undefined && schema["$ref"] === undefined) silent.push(`${path}/${name}`);
          look(schema, `${path}/${name}`);
        }
    }
  };
  for (const [name, schema] of schemas) look(schema, name);
  expect(silent).toEqual([]);
});

test("answers that Tally takes fit the schema, answers of another shape do not", () => {
  for (const vector of readVectors<Sent & { name: string; then: Then }>("answers")) {
    const fit = fits("answer", bytesOf(vector).toString());
    if (vector.then.records !== undefined && fit !== undefined) expect([vector.name, fit]).toEqual([vector.name, true]);
    if (/-record-type$|-not-array$/.test(vector.then.fault ?? ""))
      expect([vector.name, fit]).toEqual([vector.name, false]);
  }
});

test("requests that are answered fit the schema", () => {
  for (const vector of readVectors<Sent & { name: string; then: { status: number; code?: string } }>("requests")) {
    const fit = fits("request", bytesOf(vector).toString());
    if (vector.then.status === 200) expect([vector.name, fit]).toEqual([vector.name, true]);
    if (["record-type", "not-array"].includes(vector.then.code ?? ""))
      expect([vector.name, fit]).toEqual([vector.name, false]);
  }
});

test("lines that Tally takes fit the schema, and so do lines that it writes", () => {
  for (const { name, line, then } of readVectors<{ name: string; line: string; then: Then }>("stdio")) {
    const fit = fits("stdio-answer", line);
    if (then.fault === undefined && fit !== undefined) expect([name, fit]).toEqual([name, true]);
  }
  expect(fits("stdio-request", '{"id":1,"operation":"process","records":[{"query":"a"}]}')).toBe(true);
  expect(fits("stdio-request", '{"id":1,"operation":"$describe","records":[]}')).toBe(true);
});

test("descriptions fit the schema, and so does that of tally serve", () => {
  for (const { name, body = "", then } of readVectors<Sent & { name: string; then: object | null }>("descriptions")) {
    const fit = fits("description", body);
    if (then === null) expect([name, fit ?? false]).toEqual([name, false]);
    if (then !== null && Object.keys(then).length > 0) expect([name, fit]).toEqual([name, true]);
  }
  const contract = parseContract(
    `[model]\nname = "m"\n[operations.o]\ndoc = "does"\ninput = { x = "int" }\noutput = { y = "list<float64>" }`,
    "/model/tally.toml",
  );
  const said = describeServer(contract, { runtime: "node 24.0.0", operations: ["o"] });
  expect(fits("description", JSON.stringify(said))).toBe(true);
});
