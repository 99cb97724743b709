import { type Json, JsonNumber } from "../kernel/json-value.ts";

/** The value at a field path (`scores[0].label`); undefined where there is none. The empty path is the value itself. */
export function valueAtPath(value: Json, path: string): Json | undefined {
  let at: Json | undefined = value;
  for (const [, key, index] of path.matchAll(/([^.[\]]+)|\[(\d+)\]/g)) {
    if (typeof at !== "object" || at === null || at instanceof JsonNumber) return undefined;
    if (Array.isArray(at)) at = index === undefined ? undefined : at[Number(index)];
    else at = key !== undefined && Object.hasOwn(at, key) ? Reflect.get(at, key) : undefined;
  }
  return at;
}
