/**
 * The values of a Parquet column as JSON text. The library turns decimals into floats and times into milliseconds, so it is
 * told that these columns are plain integers and bytes; what they mean is decided here, from the file's own schema.
 */
import type { FileMetaData, SchemaElement, SchemaTree } from "hyparquet";
import { JsonNumber, type Json } from "../../kernel/json-value.ts";
import { readJson } from "../../kernel/read-json.ts";

/** From a value as the library reads it to JSON. */
export type AsJson = (value: unknown) => Json;

/** Types whose values the library would change. */
const changed: ReadonlySet<string | undefined> = new Set(
  "DECIMAL DATE TIME TIME_MILLIS TIME_MICROS TIMESTAMP TIMESTAMP_MILLIS TIMESTAMP_MICROS JSON FLOAT16 GEOMETRY GEOGRAPHY UUID".split(
    " ",
  ),
);

/** The same file, whose columns the library reads as they are stored. */
export function asStored(metadata: FileMetaData): FileMetaData {
  return {
    ...metadata,
    schema: metadata.schema.map((element) => {
      const { converted_type: converted, logical_type: logical, ...stored } = element;
      if (changed.has(converted) || changed.has(logical?.type)) return stored;
      return element;
    }),
  };
}

/** What a column's values mean, from its place in the file's schema. Throws `Unreadable` for a type that JSON has no value for. */
export function valueReader(column: SchemaTree): AsJson {
  const one = nullOr(elementReader(column));
  return column.element.repetition_type === "REPEATED" ? nullOr((value) => listOf(value).map(one)) : one;
}

/** The same for one element of a column that repeats. */
function elementReader({ children, element }: SchemaTree): AsJson {
  const [inner] = children;
  if (inner === undefined) return leafReader(element);
  const kind = element.converted_type ?? element.logical_type?.type;
  if (kind === "LIST") {
    const [item, second] = inner.children;
    // Old writers leave out the level between a list and its elements.
    const one = nullOr(item !== undefined && second === undefined ? valueReader(item) : elementReader(inner));
    return (value) => listOf(value).map(one);
  }
  if (kind === "MAP") {
    const [, values] = inner.children;
    if (values === undefined) throw new Unreadable(`the map ${element.name} has no values`);
    const one = valueReader(values);
    return (value) => objectOf(value, () => one);
  }
  const readers = new Map(children.map((child) => [child.element.name, valueReader(child)]));
  return (value) => objectOf(value, (key) => readers.get(key));
}

/** What is wrong with a file, in words for a person. */
export class Unreadable {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

function nullOr(read: AsJson): AsJson {
  return (value) => (value === null || value === undefined ? null : read(value));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : ArrayBuffer.isView(value) ? [...(value as unknown as Iterable<unknown>)] : [];
}

function objectOf(value: unknown, readerFor: (key: string) => AsJson | undefined): Json {
  const made: Record<string, Json> = Object.create(null);
  if (typeof value !== "object" || value === null) return made;
  for (const [key, item] of Object.entries(value)) made[key] = readerFor(key)?.(item) ?? null;
  return made;
}

function leafReader(element: SchemaElement): AsJson {
  const { converted_type: converted, logical_type: logical, name, type } = element;
  switch (logical?.type ?? converted) {
    case "DECIMAL":
      return decimalReader(element.scale ?? 0);
    case "DATE":
      return (value) => new Date(Number(value) * 86_400_000).toISOString().slice(0, 10);
    case "TIMESTAMP":
      return timestampReader(
        unitOf(logical),
        logical !== undefined && "isAdjustedToUTC" in logical && logical.isAdjustedToUTC,
      );
    case "TIMESTAMP_MILLIS":
      return timestampReader(1_000n, true);
    case "TIMESTAMP_MICROS":
      return timestampReader(1_000_000n, true);
    case "TIME":
      return timeReader(unitOf(logical));
    case "TIME_MILLIS":
      return timeReader(1_000n);
    case "TIME_MICROS":
      return timeReader(1_000_000n);
    case "UUID":
      return (value) =>
        bytesOf(value)
          .toString("hex")
          .replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
    case "FLOAT16":
      throw new Unreadable(`the column ${name} holds 16-bit floats; store it as float32`);
    case "JSON":
      return (value) => readJson(bytesOf(value).toString("utf8"), { numbers: "text" });
    default:
      break;
  }
  // How Spark and Impala wrote times before there was a type for them; the library makes nanoseconds of it.
  if (type === "INT96") return (value) => isoText(BigInt(String(value)), 1_000_000_000n);
  return plainValue;
}

/** Booleans, texts, numbers as they are; bytes in base64. */
function plainValue(value: unknown): Json {
  switch (typeof value) {
    case "boolean":
    case "string":
      return value;
    case "bigint":
      return new JsonNumber(value.toString());
    case "number":
      if (Object.is(value, -0)) return new JsonNumber("-0.0");
      return Number.isFinite(value) ? value : String(value);
    default:
      return bytesOf(value).toString("base64");
  }
}

function bytesOf(value: unknown): Buffer {
  return value instanceof Uint8Array
    ? Buffer.from(value.buffer, value.byteOffset, value.length)
    : Buffer.from(String(value));
}

/** The number as it was stored: digits, and as many behind the point as its scale says. */
function decimalReader(scale: number): AsJson {
  return (value) => {
    const unscaled = value instanceof Uint8Array ? signedInteger(value) : BigInt(String(value));
    const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, "0");
    const sign = unscaled < 0n ? "-" : "";
    const point = digits.length - scale;
    return new JsonNumber(scale === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`);
  };
}

/** Two's complement, the highest byte first. */
function signedInteger(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytesOf(bytes).toString("hex")}`));
}

function unitOf(logical: SchemaElement["logical_type"]): bigint {
  const unit = logical !== undefined && "unit" in logical ? logical.unit : "MILLIS";
  return unit === "NANOS" ? 1_000_000_000n : unit === "MICROS" ? 1_000_000n : 1_000n;
}

/** RFC 3339, with `Z` where the file says that it counts in UTC, and without where it does not. */
function timestampReader(perSecond: bigint, isUtc: boolean): AsJson {
  return (value) => `${isoText(BigInt(String(value)), perSecond)}${isUtc ? "Z" : ""}`;
}

function isoText(count: bigint, perSecond: bigint): string {
  const rest = ((count % perSecond) + perSecond) % perSecond;
  const seconds = (count - rest) / perSecond;
  const digits = rest
    .toString()
    .padStart(perSecond.toString().length - 1, "0")
    .replace(/0+$/, "");
  return `${new Date(Number(seconds) * 1_000).toISOString().slice(0, 19)}${digits === "" ? "" : `.${digits}`}`;
}

function timeReader(perSecond: bigint): AsJson {
  return (value) => isoText(BigInt(String(value)), perSecond).slice("1970-01-01T".length);
}
