const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

/** A duration as it is written: `250ms`, `3s`, `1.5s`, `2m`. */
export const durationPattern = "^[0-9]+(\\.[0-9]+)?(ms|s|m)$";
const whole = /^(\d+(?:\.\d+)?)(ms|s|m)$/;

/** Milliseconds of a duration as written (`250ms`, `3s`, `2m`); undefined for anything else, a bare number included. */
export function parseDuration(text: string): number | undefined {
  const found = whole.exec(text);
  if (found === null) return undefined;
  const ms = Number(found[1]) * (units[found[2] ?? ""] ?? Number.NaN);
  return Number.isFinite(ms) ? ms : undefined;
}
