import type { JsonObject } from "../kernel/json-value.ts";
import { nearest } from "../kernel/nearest.ts";

/** For a missing field: the candidate's field that is nearly named like it, and that the reference lacks. */
export function missingHint(name: string, reference: object, candidate: JsonObject): string | undefined {
  const near = nearest(
    name,
    Object.keys(candidate).filter((other) => !Object.hasOwn(reference, other)),
  );
  return near === undefined ? undefined : `did you mean \`${near}\`? The candidate has that`;
}
