/** An operation as TOML, to be put into a `tally.toml` by a program and read by people. */
import type { Field, Fields, FieldType, Operation, Tolerance } from "./contract.ts";
import { typeText } from "./type-grammar.ts";

/** Why a field has its tolerance, by name of the output field; written as a comment. */
export type Reasons = ReadonlyMap<string, string>;

/** Characters of an inline table on one line. */
const maxInline = 100;

/** The section of one operation. `prefix` is `tool.tally.` in a pyproject.toml. */
export function operationToml(operation: Operation, reasons: Reasons, prefix = ""): string {
  const { after, input, name, output } = operation;
  const table = `${prefix}operations.${key(name)}`;
  const own: string[] = [];
  const below: string[] = [];
  if (input.kind === "stage") own.push(`input = ${quoted(input.stage)}`);
  else {
    if (after !== undefined) own.push(`after = ${quoted(after)}`);
    place("input", input.fields, new Map());
  }
  place("output", output, reasons);
  return [`[${table}]`, ...own, ...below, ""].join("\n");

  function place(side: "input" | "output", fields: Fields, why: Reasons): void {
    const inline = `${side} = ${inlineFields(fields)}`;
    if (inline.length <= maxInline && why.size === 0) return void own.push(inline);
    below.push("", `[${table}.${side}]`);
    for (const [field, one] of Object.entries(fields)) {
      const reason = why.get(field);
      below.push(`${key(field)} = ${fieldText(one)}${reason === undefined ? "" : `  # ${reason}`}`);
    }
  }
}

function inlineFields(fields: Fields): string {
  const members = Object.entries(fields).map(([name, field]) => `${key(name)} = ${fieldText(field)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

function fieldText({ tolerance, type }: Field): string {
  const limits = toleranceKeys(tolerance);
  return limits.length === 0 && isName(type)
    ? quoted(typeText(type))
    : `{ ${[...typeKeys(type), ...limits].join(", ")} }`;
}

function toleranceKeys({ abs, rel, ulp }: Tolerance): string[] {
  return Object.entries({ abs, rel, ulp }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name} = ${value}`],
  );
}

/** Whether a type can be said by its name alone. */
function isName(type: FieldType): boolean {
  return type.kind === "list" ? type.items !== undefined && isName(type.items) : type.kind !== "struct";
}

function typeKeys(type: FieldType): string[] {
  if (isName(type)) return [`type = ${quoted(typeText(type))}`];
  const name = `type = ${quoted(`${type.kind}${type.nullable ? "?" : ""}`)}`;
  if (type.kind === "struct") return [name, `fields = ${inlineFields(type.fields ?? {})}`];
  const { items } = type;
  if (items === undefined) return [name];
  return [name, `items = ${isName(items) ? quoted(typeText(items)) : `{ ${typeKeys(items).join(", ")} }`}`];
}

/** A TOML key: bare where that is allowed, else as a basic string. */
export function key(name: string): string {
  return /^[A-Za-z0-9_-]+$/.test(name) ? name : quoted(name);
}

/** A TOML basic string: JSON's, but for the one character that TOML wants escaped too. */
export function quoted(text: string): string {
  return JSON.stringify(text).replaceAll("\u007f", "\\u007F");
}
