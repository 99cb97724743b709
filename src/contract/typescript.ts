/**
 * The operations of a contract as TypeScript. Comes in: a contract with operations. Goes out: the text of a declaration
 * file that adds them to `tallyml`, so that tests and connectors are typed in the editor. Values are typed as authors see
 * them (spec: values).
 */
import type { Contract, Field, Fields, FieldType, Operation } from "./contract.ts";
import { isFloat, isInteger } from "./type-grammar.ts";

/** How the file begins: what has it may be replaced. */
export const typesHeader = "// Written by `tally types`: do not edit.";

/** The whole file. */
export function contractTypes(contract: Contract): string {
  const operations = Object.values(contract.operations ?? {});
  const names = interfaceNames(operations.map(({ name }) => name));
  const nameOf = (operation: string): string => names.get(operation) ?? "";
  const parts = operations.flatMap((operation) => [
    ...(operation.input.kind === "fields"
      ? [recordInterface(`${nameOf(operation.name)}Input`, operation.input.fields)]
      : []),
    recordInterface(`${nameOf(operation.name)}Output`, operation.output, operation.doc),
  ]);
  const entries = operations.map(
    (operation) => `    ${key(operation.name)}: { ${entry(contract, operation, nameOf)} };`,
  );
  return [
    `${typesHeader} \`tally types --out FILE\` writes it anew from the contract.`,
    "",
    ...parts.flatMap((part) => [part, ""]),
    'declare module "tallyml" {',
    "  interface Operations {",
    ...entries,
    "  }",
    "}",
    "",
  ].join("\n");
}

function entry({ operations = {} }: Contract, operation: Operation, nameOf: (name: string) => string): string {
  const { input, name } = operation;
  const output = `output: ${nameOf(name)}Output`;
  if (input.kind === "fields") return `input: ${nameOf(name)}Input; ${output}`;
  // A test may pass the record that the first stage of the chain receives.
  let first = operations[input.stage];
  while (first?.input.kind === "stage") first = operations[first.input.stage];
  return `input: ${nameOf(input.stage)}Output; raw: ${nameOf(first?.name ?? "")}Input; ${output}`;
}

/** `score-batch` → `ScoreBatch`; a number tells apart what would be the same. */
function interfaceNames(operations: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  const names = new Map<string, string>();
  for (const operation of operations) {
    const words = operation.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
    const joined = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
    const base = /^[A-Za-z]/.test(joined) ? joined : `Operation${joined}`;
    let name = base;
    for (let n = 2; taken.has(name); n += 1) name = `${base}${n}`;
    taken.add(name);
    names.set(operation, name);
  }
  return names;
}

function recordInterface(name: string, fields: Fields, doc?: string): string {
  return `${comment(doc, "")}export interface ${name} ${structText(fields, "")}`;
}

function structText(fields: Fields, indent: string): string {
  const inner = `${indent}  `;
  const members = Object.entries(fields).map(
    ([name, field]) =>
      `${comment(docOf(field), inner)}${inner}readonly ${key(name)}: ${typeText(field.type, inner)};\n`,
  );
  return members.length === 0 ? "{}" : `{\n${members.join("")}${indent}}`;
}

function docOf({ doc, unit }: Field): string | undefined {
  if (unit === undefined) return doc;
  return doc === undefined ? `In ${unit}.` : `${doc} (${unit})`;
}

function comment(doc: string | undefined, indent: string): string {
  if (doc === undefined) return "";
  const lines = doc.replaceAll("*/", "*\\/").trim().split("\n");
  return lines.length === 1
    ? `${indent}/** ${lines.join("")} */\n`
    : `${indent}/**\n${lines.map((line) => `${indent} * ${line}\n`).join("")}${indent} */\n`;
}

function key(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

function typeText(type: FieldType, indent: string): string {
  const bare = bareType(type, indent);
  return type.nullable && bare !== "unknown" ? `${bare} | null` : bare;
}

function bareType(type: FieldType, indent: string): string {
  if (type.kind === "int64" || type.kind === "uint64") return "bigint";
  if (isInteger(type.kind) || isFloat(type.kind)) return "number";
  switch (type.kind) {
    case "boolean":
      return "boolean";
    case "bytes":
      return "Uint8Array";
    case "category":
      return type.values?.map((value) => JSON.stringify(value)).join(" | ") ?? "string";
    case "list":
      return listText(type.items, indent);
    case "struct":
      return structText(type.fields ?? {}, indent);
    case "json":
      return "unknown";
    default:
      return "string";
  }
}

function listText(items: FieldType | undefined, indent: string): string {
  const text = items === undefined ? "unknown" : typeText(items, indent);
  return `readonly ${text.includes(" | ") || text.startsWith("readonly ") ? `(${text})` : text}[]`;
}
