import type { Fields } from "../contract/contract.ts";
import { sliceObject } from "../kernel/slice-json.ts";

const maxShown = 500;

/** A record in an error text: short, and without the values of sensitive fields. */
export function shownRecord(fields: Fields | undefined, text: string): string {
  const shown = Object.values(fields ?? {}).some((field) => field.sensitive) ? hidden(fields ?? {}, text) : text;
  return shown.length > maxShown ? `${shown.slice(0, maxShown - 1)}…` : shown;
}

function hidden(fields: Fields, text: string): string {
  const members = [...sliceObject(text)].map(([name, value]) => {
    const isSensitive = Object.hasOwn(fields, name) && fields[name]?.sensitive === true;
    return `${JSON.stringify(name)}:${isSensitive ? '"[sensitive]"' : value}`;
  });
  return `{${members.join(",")}}`;
}
