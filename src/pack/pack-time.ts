/** The one time that everything in an artefact has: never that of the clock. */
import { tallyError } from "../kernel/errors.ts";

/** The last second that a tar can say. */
const latest = 8 ** 11 - 1;

/** Seconds since 1970 as RFC 3339 writes them. */
export function timestampOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}

/** Seconds since 1970: SOURCE_DATE_EPOCH, else the commit's, else 0. */
export function packTime(env: NodeJS.ProcessEnv, committed: string | undefined): number {
  const stated = env["SOURCE_DATE_EPOCH"];
  if (stated === undefined || stated === "")
    return committed === undefined ? 0 : Math.min(Math.max(Math.floor(Date.parse(committed) / 1000), 0), latest);
  if (!/^\d{1,10}$/.test(stated) || Number(stated) > latest)
    throw tallyError("flag-value", {
      flag: "SOURCE_DATE_EPOCH",
      value: stated,
      expected: `seconds since 1970, up to ${latest}`,
      example: "SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)",
    });
  return Number(stated);
}
