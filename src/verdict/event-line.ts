/**
 * One event as one line of NDJSON, and back. Records and the two values of a mismatch are JSON text; they are spliced in as
 * JSON, digit by digit as they were on the wire, so that the stream can be read by anything and nothing is lost.
 */
import { JsonFault } from "../kernel/json-fault.ts";
import { sliceObject, sliceRecords } from "../kernel/slice-json.ts";
import { RawJson, type WritableJson, writeJson } from "../kernel/write-json.ts";
import { checkEvent } from "./check-event.ts";
import type { Exchange, LocatedMismatch, RunEvent, TestJudged } from "./run-event.ts";

/** The keys whose value is JSON text in the event and JSON in the line. */
const recordKeys = ["input", "answer", "reference", "alone"] as const;
const mismatchKeys = ["reference", "candidate"] as const;

/** Lists and objects within each other: those of a record, inside those of an event. */
const depth = { maxDepth: 1000 };

/** A line without its line break. */
export function eventLine(event: RunEvent): string {
  return writeJson(writableEvent(event));
}

/** An event as `writeJson` takes it: JSON texts as JSON. */
export function writableEvent(event: RunEvent): WritableJson {
  if (event.type === "exchange") return writableExchange(event);
  return event.type === "test-judged" ? writableJudged(event) : plain(event);
}

function writableExchange(event: Exchange): WritableJson {
  return spliceKeys(plain(event), recordKeys);
}

function writableJudged(event: TestJudged): WritableJson {
  return { ...plain(event), mismatches: event.mismatches.map((mismatch) => spliceKeys(plain(mismatch), mismatchKeys)) };
}

type PlainObject = { readonly [key: string]: WritableJson };

/** Events are plain data with string keys and no undefined values; interfaces cannot say so. */
function plain(data: RunEvent | LocatedMismatch): PlainObject {
  return data as unknown as PlainObject;
}

function spliceKeys(object: PlainObject, keys: readonly string[]): PlainObject {
  const made: Record<string, WritableJson> = { ...object };
  for (const key of keys) {
    const text = made[key];
    if (typeof text === "string") made[key] = spliced(text);
  }
  return made;
}

/** JSON text on one line. Bare NaN tokens become strings, as on the wire; what is no JSON at all is kept as a string. */
function spliced(text: string): WritableJson {
  try {
    const { records } = sliceRecords(`[${text}]`, depth);
    const [record] = records;
    if (record !== undefined && records.length === 1) return new RawJson(record.replace(/[\n\r]/g, " "));
  } catch (fault) {
    if (!(fault instanceof JsonFault)) throw fault;
  }
  return text;
}

/** The event of a line. Throws `JsonFault` for what is no JSON, and `EventFault` for what is no event of version 1. */
export function readEventLine(line: string): RunEvent {
  const texts = sliceObject(line, depth);
  const spliceable: readonly string[] = parsed(texts.get("type")) === "exchange" ? recordKeys : [];
  const event = Object.fromEntries(
    [...texts].map(([key, text]) => [key, spliceable.includes(key) ? text : parsed(text)]),
  );
  if (event["type"] !== "test-judged") return checkEvent(event);
  return checkEvent({ ...event, mismatches: readMismatches(texts.get("mismatches") ?? "[]") });
}

function parsed(text: string | undefined): unknown {
  return text === undefined ? undefined : JSON.parse(text);
}

function readMismatches(list: string): unknown[] {
  return sliceRecords(list, depth).records.map((element) =>
    Object.fromEntries([...sliceObject(element, depth)].map(([key, text]) => [key, readMismatchValue(key, text)])),
  );
}

function readMismatchValue(key: string, text: string): unknown {
  if (mismatchKeys.some((name) => name === key)) return text;
  return key === "delta" ? readDelta(parsed(text)) : parsed(text);
}

/** Sizes that are not finite travel as the strings "Infinity" and "NaN". */
function readDelta(delta: unknown): unknown {
  if (typeof delta !== "object" || delta === null) return delta;
  return Object.fromEntries(
    Object.entries(delta).map(([key, size]) => [key, typeof size === "string" ? Number(size) : size]),
  );
}
