/** `[operations]`, already checked key by key → operations; here is what they say about each other. */
import { nearest } from "../kernel/nearest.ts";
import type { Toml } from "./check-keys.ts";
import type { Fields, Operation } from "./contract.ts";
import type { Faults, KeyPath } from "./faults.ts";
import { checkDecides, readFields, refuseDecides, tableAt, text } from "./read-field.ts";

/** The operations of a contract, in the order they were declared. */
export function readOperations(table: Toml, faults: Faults): Readonly<Record<string, Operation>> {
  const operations: Record<string, Operation> = Object.create(null);
  for (const name of Object.keys(table)) operations[name] = readOperation(name, tableAt(table, name), faults);
  const names = Object.keys(operations);
  for (const name of names) checkStages(name, tableAt(table, name), names, faults);
  checkCycles(operations, faults);
  return operations;
}

function readOperation(name: string, table: Toml, faults: Faults): Operation {
  const path: KeyPath = ["operations", name];
  const stage = text(table, "input");
  const after = text(table, "after") ?? stage;
  const doc = text(table, "doc");
  const output = readFields(tableAt(table, "output"), [...path, "output"], faults);
  if (Object.keys(output).length === 0) {
    const reason = "an operation without output fields has nothing to judge";
    faults.add("contract-field", [...path, "output"], {
      reason,
      fix: 'Declare what it answers, or a field of type "json".',
    });
  }
  checkDecides(output, [...path, "output"], faults);
  forEachStruct(output, [...path, "output"], (fields, at) => refuseDecides(fields, at, faults));
  return {
    name,
    ...(after !== undefined && { after }),
    input: stage === undefined ? { kind: "fields", fields: readInput(table, path, faults) } : { kind: "stage", stage },
    output,
    extra: table["extra"] === "error" ? "error" : "warn",
    ...(doc !== undefined && { doc }),
  };
}

function readInput(table: Toml, path: KeyPath, faults: Faults): Fields {
  const fields = readFields(tableAt(table, "input"), [...path, "input"], faults);
  refuseDecides(fields, [...path, "input"], faults);
  forEachStruct(fields, [...path, "input"], (inner, at) => refuseDecides(inner, at, faults));
  return fields;
}

function forEachStruct(fields: Fields, path: KeyPath, visit: (fields: Fields, path: KeyPath) => void): void {
  for (const [name, field] of Object.entries(fields)) {
    const at = [...path, name];
    let type = field.type;
    for (; type.kind === "list" && type.items; type = type.items) at.push("items");
    if (type.fields === undefined) continue;
    visit(type.fields, [...at, "fields"]);
    forEachStruct(type.fields, [...at, "fields"], visit);
  }
}

function checkStages(name: string, table: Toml, names: readonly string[], faults: Faults): void {
  const others = names.filter((other) => other !== name);
  for (const key of ["after", "input"]) {
    const stage = text(table, key);
    if (stage === undefined || names.includes(stage)) continue;
    faults.add("contract-operation", ["operations", name, key], {
      name: stage,
      near: nearest(stage, others),
      known: others,
    });
  }
}

/** Walks from each stage to the ones before it; every circle is reported once. */
function checkCycles(operations: Readonly<Record<string, Operation>>, faults: Faults): void {
  const done = new Set<string>();
  const walk = (name: string, way: readonly string[]): void => {
    const start = way.indexOf(name);
    if (start !== -1) {
      const cycle = [...way.slice(start), name];
      const key = operations[name]?.input.kind === "stage" ? "input" : "after";
      faults.add("contract-cycle", ["operations", name, key], { cycle });
      return;
    }
    if (done.has(name)) return;
    const operation = operations[name];
    if (operation) for (const before of stagesBefore(operation)) walk(before, [...way, name]);
    done.add(name);
  };
  for (const name of Object.keys(operations)) walk(name, []);
}

function stagesBefore(operation: Operation): ReadonlySet<string> {
  const before = new Set<string>();
  if (operation.after !== undefined) before.add(operation.after);
  if (operation.input.kind === "stage") before.add(operation.input.stage);
  return before;
}
