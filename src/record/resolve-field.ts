import type { Contract, Field, Fields, FieldType, Operation } from "../contract/contract.ts";

/** A field found by its path in a flat table or a tolerance: the names that lead to it, and its type. */
export interface ResolvedField {
  readonly names: readonly string[];
  readonly field: Field;
}

/**
 * The field that a path such as `address.city` means. A field whose own name has dots comes before one inside a struct.
 * List elements (`scores[0].label`, `scores[].label`) are found too; they are not among the names.
 */
export function resolveField(fields: Fields, path: string): ResolvedField | undefined {
  const own = Object.hasOwn(fields, path) ? fields[path] : undefined;
  if (own !== undefined) return { names: [path], field: own };
  for (const [name, field] of Object.entries(fields)) {
    if (!path.startsWith(name)) continue;
    const step = intoElements(field.type, path.slice(name.length));
    if (step === undefined) continue;
    if (step.rest === "") return { names: [name], field: { ...field, type: step.type } };
    const inner = step.rest.startsWith(".") && step.type.fields && resolveField(step.type.fields, step.rest.slice(1));
    if (inner) return { names: [name, ...inner.names], field: inner.field };
  }
  return undefined;
}

/** Follows `[0][]` as far as there are lists. */
function intoElements(type: FieldType, rest: string): { type: FieldType; rest: string } | undefined {
  const index = /^\[\d*\]/.exec(rest);
  if (index === null) return { type, rest };
  return type.kind === "list" && type.items ? intoElements(type.items, rest.slice(index[0].length)) : undefined;
}

/**
 * What a case of an operation may pass: the record the operation receives or, when it receives the output of a stage,
 * what that stage receives, down to the raw record: Tally then runs the stages before.
 */
export function acceptedInputs(contract: Contract, operation: Operation): readonly Fields[] {
  const accepted: Fields[] = [];
  let current: Operation | undefined = operation;
  while (current !== undefined) {
    const input: Operation["input"] = current.input;
    if (input.kind === "fields") {
      accepted.push(input.fields);
      break;
    }
    current = contract.operations?.[input.stage];
    if (current !== undefined) accepted.push(current.output);
  }
  return accepted;
}
