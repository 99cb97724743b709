import { parseDecimal } from "./decimal.ts";
import type { Decimal } from "./decimal.ts";

/**
 * A point in time, or a wall clock without a zone. `second` counts from 1970-01-01T00:00:00 in POSIX seconds (no leap
 * seconds); `fraction` is the digits after the point without zeros at the end, so nothing is rounded.
 */
export interface Instant {
  readonly aware: boolean;
  readonly second: number;
  readonly fraction: string;
  /** Within an inserted second, 23:59:60: after `second`, and equal to no other. */
  readonly leap: boolean;
}

// RFC 3339, and what Python (`str`, `isoformat`, `%z`), Java (`Instant`, `OffsetDateTime`, `ZonedDateTime`), Go and SQL
// write: a blank for T, a comma, no seconds, `+0200`, `+02`, ` UTC`, `[Europe/Paris]`, years of more than four digits.
const dateText = String.raw`(\d{4}|[+-]\d{4,9})-(\d\d)-(\d\d)`;
const timeText = String.raw`(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?`;
const zoneText = String.raw`(?:\s?(Z|z|UTC|GMT)|\s?([+-])(\d\d)(?::?(\d\d)(?::?(\d\d))?)?(?: [A-Z]{2,5})?)`;
const timestampPattern = new RegExp(`^${dateText}[Tt ]${timeText}(?:${zoneText}(?:\\[[\\w/+:-]+\\])?)?$`, "u");
const datePattern = /^(\d{4})-(\d\d)-(\d\d)$/u;

/** The instant a text names; undefined when it names none, or none without guessing. */
export function parseTimestamp(text: string): Instant | undefined {
  const match = timestampPattern.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second = "0", fraction = "", zulu, sign, ...offset] = match;
  const days = daysSinceEpoch(Number(year), Number(month), Number(day));
  const aware = zulu !== undefined || sign !== undefined;
  const offsetSeconds = sign === undefined ? 0 : secondsOfOffset(offset);
  if (days === undefined || offsetSeconds === undefined) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined;
  const leap = second === "60";
  const clock = Number(hour) * 3600 + Number(minute) * 60 + (leap ? 59 : Number(second));
  const seconds = days * 86_400 + clock - (sign === "-" ? -offsetSeconds : offsetSeconds);
  // A second is inserted only at the end of a UTC day; without a zone any minute may be that one.
  if (leap && aware && positiveRemainder(seconds, 86_400) !== 86_399) return undefined;
  return { aware, second: seconds, fraction: withoutZerosAtEnd(fraction), leap };
}

/** Whether two instants are the same point in time; a naive and an aware one never are. */
export function equalInstants(a: Instant, b: Instant): boolean {
  return a.second === b.second && a.fraction === b.fraction && a.leap === b.leap && a.aware === b.aware;
}

/** The exact distance in milliseconds. */
export function distanceInMs(a: Instant, b: Instant): Decimal {
  const places = Math.max(a.fraction.length, b.fraction.length);
  const difference = scaled(a, places) - scaled(b, places);
  const text = `${difference < 0n ? -difference : difference}e${3 - places}`;
  return parseDecimal(text) ?? { negative: false, digits: "", exponent: 0n };
}

/** The distance in milliseconds as a double. */
export function millisecondsApart(a: Instant, b: Instant): number {
  const { digits, exponent } = distanceInMs(a, b);
  return Number(`${digits === "" ? "0" : digits}e${exponent}`);
}

/** Whether a text is a calendar date, `YYYY-MM-DD`. */
export function isDate(text: string): boolean {
  const match = datePattern.exec(text);
  return match !== null && daysSinceEpoch(Number(match[1]), Number(match[2]), Number(match[3])) !== undefined;
}

/** Why a text or another value is no timestamp, for people, without repeating it. */
export function whyNotTimestamp(value: unknown): string {
  if (typeof value === "number") return "a number, and its unit and zone are a guess; timestamps are RFC 3339 text";
  if (typeof value !== "string") return "not RFC 3339 text, so no timestamp";
  if (value === "NaT") return "pandas' NaT: a missing timestamp is null";
  if (isDate(value)) return "a date without a time of day, so no timestamp";
  return "no timestamp (RFC 3339: 2024-01-31T23:59:59.5Z)";
}

/** Days from 1970-01-01 in the proleptic Gregorian calendar; undefined for a day that does not exist. */
function daysSinceEpoch(year: number, month: number, day: number): number | undefined {
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  // Counted in years from March, so that the leap day is the last of its year.
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function secondsOfOffset([hours = "0", minutes = "0", seconds = "0"]: readonly (string | undefined)[]):
  | number
  | undefined {
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

function scaled(instant: Instant, places: number): bigint {
  const second = BigInt(instant.second) + (instant.leap ? 1n : 0n);
  return second * 10n ** BigInt(places) + BigInt(instant.fraction.padEnd(places, "0"));
}

function withoutZerosAtEnd(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === "0") end--;
  return digits.slice(0, end);
}

function positiveRemainder(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
