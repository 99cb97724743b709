/**
 * A case → its line of a JSONL table, as a person would write it: keys in one order, a blank behind commas and colons, numbers
 * as they came. What `read-case-table.ts` reads from it is the same case.
 */
import type { Tolerance } from "../contract/contract.ts";
import { type Json, JsonNumber } from "../kernel/json-value.ts";
import { readJson } from "../kernel/read-json.ts";
import { writeJson } from "../kernel/write-json.ts";
import type { Found } from "./case-row.ts";

/** What is written of a case. `input` is JSON text. */
export interface WrittenCase {
  readonly name: string;
  readonly operation: string;
  readonly bug?: string | undefined;
  readonly input: string;
  readonly expect: Readonly<Record<string, Json>>;
  /** By path; `abs` of a timestamp is a duration. */
  readonly tolerance: Readonly<Record<string, Json>>;
  readonly tags: readonly string[];
  readonly found: Found;
}

/** One line, without its line break. */
export function caseLine(one: WrittenCase): string {
  const { bug, expect, found, input, name, operation, tags, tolerance } = one;
  const members: Readonly<Record<string, Json>> = {
    name,
    operation,
    ...(bug === undefined ? {} : { bug }),
    input: readJson(input, { numbers: "text" }),
    expect,
    ...(Object.keys(tolerance).length === 0 ? {} : { tolerance }),
    ...(tags.length === 0 ? {} : { tags }),
    ...(Object.keys(found).length === 0 ? {} : { found: { ...found } }),
  };
  return spacedJson(members);
}

/** JSON on one line with room to read it. */
export function spacedJson(value: Json): string {
  if (typeof value !== "object" || value === null || value instanceof JsonNumber) return writeJson(value);
  if (Array.isArray(value)) return `[${value.map((one: Json) => spacedJson(one)).join(", ")}]`;
  const members = Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${spacedJson(one)}`);
  return `{${members.join(", ")}}`;
}

/** A tolerance as a table says it. */
export function writtenTolerance({ abs, exact, rel, ulp }: Tolerance, isTimestamp: boolean): Json {
  return {
    ...(abs === undefined ? {} : { abs: isTimestamp ? `${abs}ms` : abs }),
    ...(rel === undefined ? {} : { rel }),
    ...(ulp === undefined ? {} : { ulp }),
    ...(exact === undefined ? {} : { exact }),
  };
}
