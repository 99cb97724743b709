/** What changed between two contracts: operations, fields, types, tolerances. Pure. */
import type { Contract, Field, Fields, FieldType, Operation } from "../../contract/contract.ts";
import type { Change } from "./change.ts";
import { effectiveTolerance, toleranceChange } from "./tolerance-change.ts";

type Operations = NonNullable<Contract["operations"]>;
type Said = Pick<Change, "kind"> & { readonly what: string };

/** Changes with the operation that they are about; documentation does not count. */
export type OperationChange = Change & { readonly operation: string };

export function contractChanges(before: Operations = {}, after: Operations = {}): OperationChange[] {
  return namesOf(before, after).flatMap((name) => {
    const [old, now] = [ownOf(before, name), ownOf(after, name)];
    const say = (changes: readonly (Said & { at?: string })[]): OperationChange[] =>
      changes.map(({ at, ...told }) => ({
        area: "operations",
        at: at === undefined ? name : `${name}.${at}`,
        ...told,
        operation: name,
      }));
    if (old === undefined) return say([{ kind: "added", what: "a new operation" }]);
    if (now === undefined) return say([{ kind: "removed", what: "the operation" }]);
    return say([...operationChanges(old, now), ...fieldChanges(old.output, now.output, "output")]);
  });
}

function operationChanges(old: Operation, now: Operation): (Said & { at?: string })[] {
  const made: (Said & { at?: string })[] = [];
  if (old.extra !== now.extra) {
    const kind = now.extra === "error" ? "tightened" : "loosened";
    made.push({ kind, what: `fields that are not declared: ${old.extra} → ${now.extra}` });
  }
  if (old.after !== now.after)
    made.push({ kind: "changed", what: `after ${old.after ?? "nothing"} → ${now.after ?? "nothing"}` });
  if (old.input.kind === "fields" && now.input.kind === "fields")
    made.push(...fieldChanges(old.input.fields, now.input.fields, "input"));
  else if (inputText(old) !== inputText(now))
    made.push({ kind: "changed", what: `input ${inputText(old)} → ${inputText(now)}` });
  return made;
}

function inputText({ input }: Operation): string {
  return input.kind === "stage" ? `of ${input.stage}` : "of its own";
}

function fieldChanges(before: Fields, after: Fields, side: "input" | "output"): (Said & { at: string })[] {
  const label = (name: string): string => (side === "input" ? `input.${name}` : name);
  return namesOf(before, after).flatMap((name) => {
    const [old, now] = [ownOf(before, name), ownOf(after, name)];
    if (old === undefined)
      return now === undefined ? [] : [{ at: label(name), kind: "added" as const, what: typeText(now.type) }];
    if (now === undefined) return [{ at: label(name), kind: "removed" as const, what: typeText(old.type) }];
    return oneField(old, now, side).map((said) => ({ at: label(name), ...said }));
  });
}

function oneField(old: Field, now: Field, side: "input" | "output"): Said[] {
  const made: Said[] = [];
  const [was, is] = [typeText(old.type), typeText(now.type)];
  if (was !== is) made.push({ kind: nullableStep(old.type, now.type, side) ?? "changed", what: `${was} → ${is}` });
  else {
    const tolerance = toleranceChange(effectiveTolerance(old), effectiveTolerance(now));
    if (tolerance) made.push(tolerance);
  }
  if (old.normalize.join() !== now.normalize.join()) {
    const kind = isPart(old.normalize, now.normalize)
      ? "loosened"
      : isPart(now.normalize, old.normalize)
        ? "tightened"
        : "changed";
    made.push({ kind, what: `normalize ${listText(old.normalize)} → ${listText(now.normalize)}` });
  }
  if (old.signedZero !== now.signedZero)
    made.push({
      kind: now.signedZero ? "tightened" : "loosened",
      what: now.signedZero ? "-0 and 0 differ" : "-0 and 0 agree",
    });
  for (const key of ["threshold", "decides", "nearTie", "order"] as const)
    if (old[key] !== now[key])
      made.push({ kind: "changed", what: `${key} ${old[key] ?? "not given"} → ${now[key] ?? "not given"}` });
  return made;
}

/** Of an answer null is one more that is accepted; of an input it is one more that has to be taken. */
function nullableStep(old: FieldType, now: FieldType, side: "input" | "output"): Change["kind"] | undefined {
  if (typeText({ ...old, nullable: false }) !== typeText({ ...now, nullable: false })) return undefined;
  return now.nullable === (side === "output") ? "loosened" : "tightened";
}

function typeText(type: FieldType): string {
  const inside = type.items
    ? `<${typeText(type.items)}>`
    : type.fields
      ? `{${Object.entries(type.fields).map(memberText).join(", ")}}`
      : "";
  const more = type.values ? ` of ${type.values.join(", ")}` : type.scale === undefined ? "" : ` scale ${type.scale}`;
  return `${type.kind}${inside}${type.nullable ? "?" : ""}${more}`;
}

/** A member with all that decides whether two of it agree. */
function memberText([name, field]: readonly [string, Field]): string {
  const { abs, rel, ulp } = effectiveTolerance(field);
  const tolerance = Object.entries({ abs, rel, ulp }).flatMap(([key, size]) => (size ? [` ${key} ${size}`] : []));
  return `${name} ${typeText(field.type)}${tolerance.join("")}`;
}

function listText(words: readonly string[]): string {
  return words.length === 0 ? "nothing" : words.join(" ");
}

function isPart(some: readonly string[], all: readonly string[]): boolean {
  return some.every((one) => all.includes(one));
}

function ownOf<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function namesOf(before: object, after: object): string[] {
  return [...new Set([...Object.keys(after), ...Object.keys(before)])];
}
