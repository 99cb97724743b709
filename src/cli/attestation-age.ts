/** `--max-age` of `tally verify`: how old the run may be that was signed. */
import { tallyError } from "../kernel/errors.ts";
import type { ReadStatement } from "../report/evidence/read-statement.ts";

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
/** Clocks of two machines differ. */
const skewMs = 5 * 60_000;

/** Milliseconds. Throws `flag-value`. */
export function readAge(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, count = "", unit = ""] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  if (count === "")
    throw tallyError("flag-value", {
      flag: "--max-age",
      value: text,
      expected: "an age (30d, 12h, 90m)",
      example: "--max-age 30d",
    });
  return Number(count) * (units[unit] ?? 0);
}

/** Throws `attestation-old`: of a run that says no time, or one to come, nobody knows how old it is. */
export function refuseOld({ claims }: ReadStatement, maxMs: number, file: string, now = Date.now()): void {
  const at = claims?.at ?? "";
  const age = now - Date.parse(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(at) ? at : "");
  const refuse = (reason: string): Error => tallyError("attestation-old", { file, reason });
  if (Number.isNaN(age)) throw refuse("it does not say when the run was");
  if (age < -skewMs) throw refuse(`its run is of a time to come (${at})`);
  if (age > maxMs) throw refuse(`its run is of ${at}, ${ageText(age)} ago; at most ${ageText(maxMs)} were asked for`);
}

/** In whole units, the largest of which there are at least two. */
function ageText(ms: number): string {
  for (const [unit, name] of [
    ["d", "days"],
    ["h", "hours"],
  ] as const)
    if (ms >= 2 * (units[unit] ?? 0)) return `${Math.floor(ms / (units[unit] ?? 1))} ${name}`;
  return `${Math.floor(ms / 60_000)} minutes`;
}
