/** Records by their declared fields: each sensitive value is replaced or left out, wherever in the record it stands. */
import { createHmac } from "node:crypto";
import type { Field, Fields, FieldType } from "../../contract/contract.ts";
import { anySensitive, holdsSensitive, typeHoldsSensitive } from "../../contract/sensitive-fields.ts";
import { readJson } from "../../kernel/read-json.ts";
import { sliceObject, sliceRecords } from "../../kernel/slice-json.ts";
import { canonicalJson } from "../../kernel/write-json.ts";

/** What stands for the JSON text of a sensitive value; undefined leaves its field out. */
export type Replace = (value: string) => string | undefined;

/** The JSON text of a record with its sensitive values replaced. */
export function replaceSensitive(fields: Fields, record: string, replace: Replace): string {
  return anySensitive(fields) ? replaceMembers(fields, record, replace) : record;
}

/** The JSON text of a record without its sensitive values. */
export function withoutSensitive(fields: Fields | undefined, record: string): string {
  return fields === undefined ? record : replaceSensitive(fields, record, () => undefined);
}

/** The JSON texts of a record's sensitive values. */
export function sensitiveValues(fields: Fields, record: string): string[] {
  const found: string[] = [];
  replaceSensitive(fields, record, (value) => void found.push(value));
  return found;
}

const openParts = new WeakMap<Fields, Fields>();

/** The fields, and the members of their structs, that are not sensitive. */
export function openFields(fields: Fields): Fields;
export function openFields(fields: Fields | undefined): Fields | undefined;
export function openFields(fields: Fields | undefined): Fields | undefined {
  if (fields === undefined || !anySensitive(fields)) return fields;
  let open = openParts.get(fields);
  if (open === undefined) {
    const kept = Object.entries(fields).filter(([, field]) => !field.sensitive);
    open = Object.fromEntries(kept.map(([name, field]): [string, Field] => [name, openField(field)]));
    openParts.set(fields, open);
  }
  return open;
}

function openField(field: Field): Field {
  return holdsSensitive(field) ? { ...field, type: openType(field.type) } : field;
}

function openType(type: FieldType): FieldType {
  if (type.items !== undefined) return { ...type, items: openType(type.items) };
  return type.fields === undefined ? type : { ...type, fields: openFields(type.fields) };
}

/**
 * Whether the path of a mismatch shows something sensitive: it leads to a sensitive field, into one, or to a value that
 * holds one. Names may contain dots, so the declared ones are tried.
 */
export function showsSensitive(fields: Fields, path: string): boolean {
  if (path === "") return anySensitive(fields);
  return Object.entries(fields).some(([name, field]) => {
    if (path !== name && !path.startsWith(`${name}.`) && !path.startsWith(`${name}[`)) return false;
    return field.sensitive || typeShows(field.type, path.slice(name.length));
  });
}

/** `rest` begins where the value's own path ends. */
function typeShows(type: FieldType, rest: string): boolean {
  if (rest === "") return typeHoldsSensitive(type);
  if (type.items !== undefined) return typeShows(type.items, rest.replace(/^\[[^\]]*\]/, ""));
  return type.fields !== undefined && showsSensitive(type.fields, rest.replace(/^\./, ""));
}

/** A keyed hash of a value, so that equal values can be seen to be equal and nothing else. */
export function keyedHash(secret: Buffer, value: string, digits: number): string {
  // The same value in another spelling has the same hash.
  const spelled = canonicalJson(readJson(value));
  return `sensitive:${createHmac("sha256", secret).update(spelled).digest("hex").slice(0, digits)}`;
}

function replaceMembers(fields: Fields, text: string, replace: Replace): string {
  const members: string[] = [];
  for (const [name, value] of sliceObject(text)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const shown = field === undefined ? value : replaceField(field, value, replace);
    if (shown !== undefined) members.push(`${JSON.stringify(name)}:${shown}`);
  }
  return `{${members.join(",")}}`;
}

function replaceField({ sensitive, type }: Field, value: string, replace: Replace): string | undefined {
  return sensitive ? replace(value) : replaceIn(type, value, replace);
}

function replaceIn(type: FieldType, value: string, replace: Replace): string | undefined {
  if (value === "null" || !typeHoldsSensitive(type)) return value;
  if (type.items !== undefined && value.startsWith("[")) {
    const { items } = type;
    const elements = sliceRecords(value).records.map((element) => replaceIn(items, element, replace) ?? "null");
    return `[${elements.join(",")}]`;
  }
  if (type.fields !== undefined && value.startsWith("{")) return replaceMembers(type.fields, value, replace);
  // Not what is declared, so nobody knows what it shows.
  return replace(value);
}
