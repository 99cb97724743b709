/**
 * What of a contract is delivered: the model, its operations, the suite, how the endpoint is called. The connector and the
 * named endpoints are Research's own, and headers may hold secrets: they never leave.
 */
import { parse } from "smol-toml";
import { type Json, JsonNumber } from "../kernel/json-value.ts";
import { canonicalJson } from "../kernel/write-json.ts";
import { isTable, type Toml } from "./check-keys.ts";

/** Tables that are delivered, in the order in which they are written. */
export const deliveredTables = ["tally", "model", "endpoint", "operations", "suite"] as const;

/** Their canonical JSON, from the text of a contract that was read without error. Equal for contracts that say the same. */
export function canonicalTables(source: string, isEmbedded: boolean): string {
  return canonicalJson(asJson(pickTables(tablesOf(source, isEmbedded))));
}

/** All tables of a contract's text. */
export function tablesOf(source: string, isEmbedded: boolean): Toml {
  const whole = parse(source, { integersAsBigInt: "asNeeded" });
  return isEmbedded ? inner(inner(whole, "tool"), "tally") : whole;
}

/** What a run says of its contract, so that a report can be judged where the contract is not: the model and its operations. */
export function toldTables(source: string, isEmbedded: boolean): Readonly<Record<string, Json>> {
  const { model, operations } = tablesOf(source, isEmbedded);
  return { model: asJson(model ?? {}), ...(operations === undefined ? {} : { operations: asJson(operations) }) };
}

/** The tables that are delivered, without what may be secret in them. */
export function pickTables(table: Toml): Toml {
  const picked: Record<string, unknown> = {};
  for (const name of deliveredTables) {
    const value = table[name];
    if (value !== undefined) picked[name] = name === "endpoint" && isTable(value) ? withoutHeaders(value) : value;
  }
  return picked;
}

function withoutHeaders(endpoint: Toml): Toml {
  return Object.fromEntries(Object.entries(endpoint).filter(([key]) => key !== "headers"));
}

function inner(table: Toml, key: string): Toml {
  const value = table[key];
  return isTable(value) ? value : {};
}

/** Checked contracts hold texts, numbers, booleans, lists and tables; nothing else has a place in the grammar. */
function asJson(value: unknown): Json {
  if (Array.isArray(value)) return value.map(asJson);
  if (isTable(value)) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, asJson(one)]));
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  return typeof value === "bigint" ? new JsonNumber(String(value)) : String(value);
}
