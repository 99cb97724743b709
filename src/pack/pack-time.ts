/** The one time that everything in an artefact has: never that of the clock. */
import { tallyError } from "../kernel/errors.ts";

/** Seconds since 1970: SOURCE_DATE_EPOCH, else the commit's, else 0. */
export function packTime(env: NodeJS.ProcessEnv, committed: string | undefined): number {
  const stated = env["SOURCE_DATE_EPOCH"];
  if (stated === undefined || stated === "")
    return committed === undefined ? 0 : Math.floor(Date.parse(committed) / 1000);
  if (!/^\d{1,10}$/.test(stated))
    throw tallyError("flag-value", {
      flag: "SOURCE_DATE_EPOCH",
      value: stated,
      expected: "seconds since 1970",
      example: "SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)",
    });
  return Number(stated);
}
