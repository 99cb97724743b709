import type { Fields } from "../contract/contract.ts";
import { anySensitive, holdsSensitive } from "../contract/sensitive-fields.ts";
import { sliceObject } from "../kernel/slice-json.ts";

const maxShown = 500;

/** A record in an error text: short, and without the values of fields that are sensitive or hold something that is. */
export function shownRecord(fields: Fields | undefined, text: string): string {
  const shown = fields !== undefined && anySensitive(fields) ? hidden(fields, text) : text;
  return shown.length > maxShown ? `${shown.slice(0, maxShown - 1)}…` : shown;
}

function hidden(fields: Fields, text: string): string {
  const members = [...sliceObject(text)].map(([name, value]) => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return `${JSON.stringify(name)}:${field !== undefined && holdsSensitive(field) ? '"[sensitive]"' : value}`;
  });
  return `{${members.join(",")}}`;
}
