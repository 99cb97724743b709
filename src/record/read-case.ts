/** A raw case of either format → a `CaseRow`, checked against the contract; what is wrong becomes problems of the file. */
import type { Contract, Operation, Tolerance } from "../contract/contract.ts";
import { parseDuration } from "../contract/duration.ts";
import { nearest } from "../kernel/nearest.ts";
import { type Json, JsonNumber, type JsonObject } from "../kernel/json-value.ts";
import { writeJson } from "../kernel/write-json.ts";
import { type CaseProblems, type CaseRow, caseKeys, type Found, foundKeys, type RawCase } from "./case-row.ts";
import { checkRecord, type FieldFault, type WhyNot } from "./check-record.ts";
import { describeJson, isJsonObject } from "./json-kind.ts";
import { acceptedInputs, resolveField } from "./resolve-field.ts";

/** What the cases of one file have in common. */
export interface CaseContext {
  readonly contract: Contract;
  readonly whyNot: WhyNot;
  readonly problems: CaseProblems;
  /** What ids begin with: the path from the contract's folder, with `/`. */
  readonly path: string;
  /** The operation that the file is named after. */
  readonly fileOperation: string | undefined;
}

/** Checks one case; undefined when something is wrong with it. */
export function readCase(raw: RawCase, context: CaseContext): CaseRow | undefined {
  const { contract, problems } = context;
  const { value, line } = raw;
  const before = problems.count;
  const at = problems.at(line);
  checkMembers(value, at, problems);
  const operation = operationOf(value, at, context);
  if (operation === undefined) return undefined;
  const declared = contract.operations?.[operation];
  const input = isJsonObject(value["input"]) ? value["input"] : undefined;
  const expect = isJsonObject(value["expect"]) ? value["expect"] : undefined;
  if (declared !== undefined) {
    const faults = input === undefined ? [] : inputFaults(input, declared, context);
    for (const fault of faults) addFault(fault, at, problems);
    if (expect !== undefined && !expectsError(expect, at, problems)) {
      const check = { whyNot: context.whyNot, prefix: "expect", complete: false };
      for (const fault of checkRecord(declared.output, expect, check)) addFault(fault, at, problems);
    }
  }
  const tolerance = readTolerances(value["tolerance"], declared, at, problems);
  if (input === undefined || problems.count > before) return undefined;
  const name = textOf(value["name"]) ?? `${context.path.slice(context.path.lastIndexOf("/") + 1)}:${line}`;
  const skip = textOf(value["skip"]);
  const bug = textOf(value["bug"]);
  const found = readFound(value["found"], at, problems);
  if (found === undefined) return undefined;
  return {
    id: `${context.path} > ${name}`,
    name,
    line,
    operation,
    input: writeJson(input),
    ...(expect !== undefined && { expect }),
    tolerance,
    tags: tagsOf(value["tags"]),
    level: value["level"] === "recommended" ? "recommended" : "required",
    ...(skip !== undefined && { skip }),
    ...(bug !== undefined && { bug }),
    ...(Object.keys(found).length > 0 && { found }),
  };
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function tagsOf(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((tag: Json) => typeof tag === "string") : [];
}

const expected: Readonly<Record<string, { readonly what: string; readonly fits: (value: Json) => boolean }>> = {
  name: { what: "a text", fits: isText },
  operation: { what: "the name of an operation", fits: isText },
  input: { what: "an object", fits: isJsonObject },
  expect: {
    what: "an object with at least one field, or left out",
    fits: (value) => isJsonObject(value) && Object.keys(value).length > 0,
  },
  tolerance: { what: "an object", fits: isJsonObject },
  tags: { what: "a list of texts", fits: (value) => Array.isArray(value) && value.every((tag: Json) => isText(tag)) },
  level: { what: '"required" or "recommended"', fits: (value) => value === "required" || value === "recommended" },
  skip: { what: "a text that says why", fits: isText },
  bug: { what: "a text", fits: isText },
  found: { what: "an object", fits: isJsonObject },
};

function isText(value: Json): boolean {
  return typeof value === "string" && value.trim() !== "";
}

function checkMembers(value: JsonObject, at: string, problems: CaseProblems): void {
  for (const [key, member] of Object.entries(value)) {
    const shape = Object.hasOwn(expected, key) ? expected[key] : undefined;
    if (shape === undefined) problems.add("case-key", { at, key, near: nearest(key, caseKeys), keys: caseKeys });
    else if (!shape.fits(member)) {
      const found = isJsonObject(member) && Object.keys(member).length === 0 ? "{}" : describeJson(member);
      problems.add("case-type", { at, key, expected: shape.what, found });
    }
  }
  if (!Object.hasOwn(value, "input")) {
    problems.add("case-type", { at, key: "input", expected: "an object", found: "nothing" });
  }
}

function operationOf(value: JsonObject, at: string, context: CaseContext): string | undefined {
  const { contract, fileOperation, problems } = context;
  const operations = Object.keys(contract.operations ?? {});
  const given = textOf(value["operation"]);
  if (given === undefined) {
    if (fileOperation === undefined && !Object.hasOwn(value, "operation")) {
      problems.add("case-operation-missing", { at, operations });
    }
    return fileOperation;
  }
  if (contract.operations === undefined || Object.hasOwn(contract.operations, given)) return given;
  problems.add("case-operation", { at, name: given, near: nearest(given, operations), operations });
  return undefined;
}

/** The faults against the record that was most likely meant, when the operation may be given several. */
function inputFaults(input: JsonObject, operation: Operation, context: CaseContext): readonly FieldFault[] {
  let meant: readonly FieldFault[] | undefined;
  for (const fields of acceptedInputs(context.contract, operation)) {
    const faults = checkRecord(fields, input, { whyNot: context.whyNot, prefix: "input", complete: true });
    if (meant === undefined || weight(faults) < weight(meant)) meant = faults;
  }
  return meant ?? [];
}

/** A field that does not belong there says more about what was meant than one that is missing. */
function weight(faults: readonly FieldFault[]): number {
  return faults.length + 1000 * faults.filter((fault) => fault.kind === "unknown").length;
}

function addFault(fault: FieldFault, at: string, problems: CaseProblems): void {
  if (fault.kind === "unknown") problems.add("case-field", { at, ...fault });
  else if (fault.kind === "missing") problems.add("case-missing", { at, ...fault });
  else problems.add("case-value", { at, ...fault });
}

/** Whether an error is expected: `{"$error": true}`, or the type of the error. */
function expectsError(expect: JsonObject, at: string, problems: CaseProblems): boolean {
  if (!Object.hasOwn(expect, "$error")) return false;
  const error = expect["$error"] ?? null;
  if (Object.keys(expect).length > 1) {
    const found = `also ${Object.keys(expect)
      .filter((key) => key !== "$error")
      .join(", ")}`;
    problems.add("case-type", { at, key: "expect", expected: "$error alone, or fields", found });
  } else if (error !== true && !isText(error)) {
    const type = 'true or the type of the error, such as "ValueError"';
    problems.add("case-type", { at, key: "expect.$error", expected: type, found: describeJson(error) });
  }
  return true;
}

/** Provenance; undefined, with problems, when something in it means nothing. */
function readFound(value: Json | undefined, at: string, problems: CaseProblems): Found | undefined {
  const before = problems.count;
  const found: Record<string, string> = {};
  for (const [key, given] of Object.entries(isJsonObject(value) ? value : {})) {
    const near = nearest(key, foundKeys);
    if (!foundKeys.some((known) => known === key))
      problems.add("case-key", { at, key: `found.${key}`, near: near && `found.${near}`, keys: foundKeys });
    else if (typeof given === "string" && given.trim() !== "") found[key] = given;
    else problems.add("case-type", { at, key: `found.${key}`, expected: "a text", found: describeJson(given) });
  }
  return problems.count > before ? undefined : found;
}

const numberKeys = ["abs", "rel", "ulp"] as const;
const toleranceKeys: readonly string[] = [...numberKeys, "exact"];
const comparable = /^(u?int(8|16|32|64)?|float(32|64)|decimal|json|timestamp)$/;

type Refuse = (reason: string, near?: string) => void;

function readTolerances(
  value: Json | undefined,
  operation: Operation | undefined,
  at: string,
  problems: CaseProblems,
): Readonly<Record<string, Tolerance>> {
  const made: Record<string, Tolerance> = Object.create(null);
  for (const [path, given] of Object.entries(isJsonObject(value) ? value : {})) {
    const refuse: Refuse = (reason, near) => problems.add("case-tolerance", { at, path, reason, near });
    const kind = toleratedKind(path, operation, refuse);
    const tolerance = kind === undefined ? undefined : readTolerance(given, kind, refuse);
    if (tolerance !== undefined) made[path] = tolerance;
  }
  return made;
}

/** The type whose values the tolerance is about: of a list that of its elements. Undefined, with a problem, if it cannot be. */
function toleratedKind(path: string, operation: Operation | undefined, refuse: Refuse): string | undefined {
  if (operation === undefined) return "json";
  const resolved = resolveField(operation.output, path);
  if (resolved === undefined) {
    refuse(`${operation.name} has no such output`, nearest(path, Object.keys(operation.output)));
    return undefined;
  }
  let { type } = resolved.field;
  while (type.kind === "list" && type.items !== undefined) type = type.items;
  if (comparable.test(type.kind)) return type.kind;
  refuse(`it is ${type.kind}, which is compared exactly`);
  return undefined;
}

function readTolerance(given: Json, kind: string, refuse: Refuse): Tolerance | undefined {
  if (!isJsonObject(given)) {
    refuse(`found ${describeJson(given)}`);
    return undefined;
  }
  const tolerance: { abs?: number; rel?: number; ulp?: number; exact?: boolean } = {};
  for (const key of Object.keys(given)) {
    if (!toleranceKeys.includes(key)) {
      refuse(`unknown key ${JSON.stringify(key)}`, nearest(key, toleranceKeys));
    } else if (kind === "timestamp" && key !== "abs" && key !== "exact") {
      refuse(`${key} does not fit a timestamp`);
    } else if (key === "ulp" && !kind.startsWith("float")) {
      refuse(`ulp does not fit ${kind}`);
    }
  }
  for (const key of numberKeys) {
    if (!Object.hasOwn(given, key)) continue;
    const size = sizeOf(given[key] ?? null, key === "abs" && kind === "timestamp");
    const whole = key !== "ulp" || Number.isInteger(size);
    if (size !== undefined && size >= 0 && Number.isFinite(size) && whole) tolerance[key] = size;
    else {
      const form =
        kind === "timestamp" ? 'a duration such as "1ms"' : `a ${key === "ulp" ? "whole" : "finite"} number ≥ 0`;
      refuse(`${key} must be ${form}; found ${describeJson(given[key])}`);
    }
  }
  if (typeof given["exact"] === "boolean") tolerance.exact = given["exact"];
  else if (Object.hasOwn(given, "exact")) refuse(`exact must be true or false; found ${describeJson(given["exact"])}`);
  return tolerance;
}

/** The number, or the milliseconds of a duration; undefined when it is neither, or 0 only as a double. */
function sizeOf(value: Json, isDuration: boolean): number | undefined {
  if (isDuration) return typeof value === "string" ? parseDuration(value) : undefined;
  if (typeof value === "number") return value;
  if (!(value instanceof JsonNumber)) return undefined;
  const size = Number(value.text);
  return size === 0 && /^[^eE]*[1-9]/.test(value.text) ? undefined : size;
}
