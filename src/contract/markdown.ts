/** The contract as a page for people: the living specification that `tally schema --markdown` prints. */
import type { Contract, Field, Fields, FieldType, Operation, Tolerance } from "./contract.ts";
import { effectiveTolerance } from "./default-field.ts";
import { type ContractExample, inputFields, withoutSensitive } from "./example-record.ts";
import { isFloat, typeText } from "./type-grammar.ts";

/** Examples shown of each operation. */
const examplesShown = 5;

/** One page: stages, operations, fields with types, tolerances in words and units, examples from case tables. */
export function contractMarkdown(contract: Contract, examples: readonly ContractExample[] = []): string {
  const { model } = contract;
  const parts = [`# ${inline(model.name)}${model.version === undefined ? "" : ` ${inline(model.version)}`}`];
  const operations = stageOrder(Object.values(contract.operations ?? {}));
  if (operations.length === 0) {
    parts.push(
      "No operations are declared: every value is `json`. Numbers agree within a relative 1e-9, everything else exactly.",
    );
  } else {
    parts.push(`Stages: ${operations.map((operation) => `\`${operation.name}\``).join(" → ")}`);
  }
  for (const operation of operations) parts.push(...operationPage(contract, operation, examples));
  return `${parts.join("\n\n")}\n`;
}

/** Every stage after the ones it needs; otherwise as declared. */
function stageOrder(operations: readonly Operation[]): readonly Operation[] {
  const ordered = new Set<Operation>();
  const place = (operation: Operation): void => {
    if (ordered.has(operation)) return;
    const stage = operation.input.kind === "stage" ? operation.input.stage : undefined;
    for (const before of operations) if (before.name === operation.after || before.name === stage) place(before);
    ordered.add(operation);
  };
  for (const operation of operations) place(operation);
  return [...ordered];
}

function operationPage(contract: Contract, operation: Operation, examples: readonly ContractExample[]): string[] {
  const { name, input } = operation;
  const parts = [`## ${inline(name)}`];
  if (operation.doc !== undefined) parts.push(inline(operation.doc));
  if (operation.after !== undefined) parts.push(`Comes after \`${operation.after}\`.`);
  if (input.kind === "stage") parts.push(`**Input**: what \`${input.stage}\` answers.`);
  else parts.push("**Input**", inputTable(input.fields));
  parts.push("**Output**", outputTable(operation.output));
  parts.push(
    operation.extra === "error"
      ? "Fields that are not listed are a mismatch."
      : "Fields that are not listed are a warning.",
  );
  const own = examples.filter((example) => example.operation === name);
  if (own.length === 0) return parts;
  parts.push("**Examples**");
  for (const example of own.slice(0, examplesShown)) parts.push(exampleText(contract, operation, example));
  if (own.length > examplesShown) parts.push(`and ${own.length - examplesShown} more in the case tables.`);
  return parts;
}

function exampleText(contract: Contract, operation: Operation, example: ContractExample): string {
  // A case may pass the raw record of a stage before: hide what is sensitive in any of them.
  const fields = { ...allInputs(contract), ...inputFields(contract, operation) };
  const answer =
    example.expect === undefined
      ? "answers within the types above"
      : withoutSensitive(operation.output, example.expect);
  return `${inline(example.name)}:\n\n${fence(`${withoutSensitive(fields, example.input)}\n→ ${answer}`)}`;
}

function allInputs(contract: Contract): Fields {
  const operations = Object.values(contract.operations ?? {});
  return Object.assign({}, ...operations.map((operation) => inputFields(contract, operation)));
}

function fence(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
  const ticks = "`".repeat(longest + 1);
  return `${ticks}text\n${text}\n${ticks}`;
}

function inputTable(fields: Fields): string {
  if (Object.keys(fields).length === 0) return "No fields.";
  return table(
    ["field", "type", "unit", "meaning"],
    flat(fields).map(({ path, field }) => [code(path), typeWords(field.type), cell(field.unit), meaning(field)]),
  );
}

function outputTable(fields: Fields): string {
  return table(
    ["field", "type", "agrees when", "unit", "meaning"],
    flat(fields).map(({ path, field }) => [
      code(path),
      typeWords(field.type),
      agreement(field),
      cell(field.unit),
      meaning(field),
    ]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map((row) => line(row))].join("\n");
}

/** Fields with those of structs below them: `scores[].label`. */
function flat(fields: Fields, prefix = ""): { path: string; field: Field }[] {
  const all: { path: string; field: Field }[] = [];
  for (const [name, field] of Object.entries(fields)) {
    let path = prefix + name;
    all.push({ path, field });
    let type = field.type;
    for (; type.kind === "list" && type.items; type = type.items) path += "[]";
    if (type.fields !== undefined) all.push(...flat(type.fields, `${path}.`));
  }
  return all;
}

function typeWords(type: FieldType): string {
  const text = `\`${typeText(type)}\``;
  if (type.kind === "list" && type.items && text === "`list`") return `list of ${typeWords(type.items)}`;
  if (type.values !== undefined) return `${text}: ${type.values.map((value) => code(value)).join(", ")}`;
  return type.scale === undefined ? text : `${text}, ${type.scale} digits after the point`;
}

function meaning(field: Field): string {
  const threshold =
    field.threshold === undefined ? undefined : `Decides ${code(field.decides ?? "")} at ${field.threshold}.`;
  return [cell(field.doc), threshold, field.sensitive ? "Sensitive: shown as a hash." : undefined]
    .filter((part) => part !== undefined && part !== "")
    .join(" ");
}

/** When two values of a field agree, in words. */
function agreement(field: Field): string {
  const { type } = field;
  if (type.kind === "struct") return "each field agrees";
  const words = type.kind === "list" ? listWords(field) : valueWords(type, field);
  const normalized = field.normalize.length === 0 ? "" : `, after ${field.normalize.join(", ")}`;
  return words + normalized;
}

function listWords(field: Field): string {
  const items = field.type.items ?? { kind: "json", nullable: true };
  const inner = items.kind === "struct" ? "each field agrees" : valueWords(items, { ...field, type: items });
  const order = { list: "in order", set: "as a set", multiset: "in any order, each as often" }[field.order];
  return `${inner}; ${order}`;
}

function valueWords(type: FieldType, field: Field): string {
  const words = toleranceWords(type, effectiveTolerance({ type, tolerance: field.tolerance }));
  return field.signedZero ? `${words}; −0 is not 0` : words;
}

function toleranceWords(type: FieldType, { abs = 0, rel = 0, ulp = 0 }: Tolerance): string {
  if (type.kind === "timestamp") return abs > 0 ? `the instants are at most ${abs} ms apart` : "the same instant";
  const near = [abs > 0 ? short(abs) : "", rel > 0 ? `a relative ${short(rel)}` : ""].filter((part) => part !== "");
  const ways = near.length === 0 ? [] : [`within ${near.join(" plus ")}`];
  if (ulp > 0) ways.push(`at most ${ulp} ${type.kind} steps apart`);
  if (ways.length === 0) return isFloat(type.kind) ? "equal, to the last digit" : "equal";
  return type.kind === "json" ? `numbers ${ways.join(" or ")}, all else equal` : ways.join(" or ");
}

/** `1e-6` rather than 0.000001. */
function short(size: number): string {
  return size >= 0.001 && size < 1e6 ? String(size) : size.toExponential();
}

/** Text inside a paragraph or a cell: no line breaks, no HTML, no Markdown of its own. */
function inline(text: string): string {
  const oneLine = text.trim().replaceAll(/\s+/g, " ");
  return oneLine.replaceAll(/[\\`*[<>|]|^[#+-]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, String.raw`\$&`);
}

function cell(text: string | undefined): string {
  return text === undefined ? "" : inline(text);
}

/** A name as code, which needs no escapes but that of a cell. */
function code(name: string): string {
  return /[`\\\n\r]/.test(name) ? inline(name) : `\`${name.replaceAll("|", String.raw`\|`)}\``;
}
