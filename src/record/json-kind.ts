import { type Json, JsonNumber, type JsonObject } from "../kernel/json-value.ts";

/** Whether a value is an object with keys. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber);
}

/** What a value is, in a few words, for a message. */
export function describeJson(value: Json | undefined): string {
  if (value === null || value === undefined) return value === null ? "null" : "nothing";
  if (typeof value === "string") return value === "" ? "an empty text" : `the text ${clip(JSON.stringify(value))}`;
  if (typeof value === "boolean") return String(value);
  if (value instanceof JsonNumber) return `the number ${clip(value.text)}`;
  if (typeof value === "number") return `the number ${value}`;
  return Array.isArray(value) ? "a list" : "an object";
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
