import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { eventLine } from "../../src/verdict/event-line.ts";
import type { RunEvent } from "../../src/verdict/run-event.ts";
import { ended, greenRun, judged, manyFailures, measures, mismatch, portUnderWay, started } from "./sample-run.ts";

const schema: unknown = JSON.parse(readFileSync("schema/events.schema.json", "utf8"));

/** The schema, with every object closed: readers ignore unknown keys, our own streams must not have any. */
function closed(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(closed);
  if (typeof part !== "object" || part === null) return part;
  const made = Object.fromEntries(Object.entries(part).map(([key, value]) => [key, closed(value)]));
  return "properties" in made ? { ...made, additionalProperties: false } : made;
}

/** An ajv that knows our schema; strict about the schema itself. */
function validator(of: unknown) {
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictRequired: false });
  ajv.addFormat("date-time", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/);
  return ajv.compile(of as object);
}

const validate = validator(closed(schema));
const problems = (line: string) =>
  validate(JSON.parse(line))
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);

/** Every key that an event may have, so that the schema knows them all. */
const everything: RunEvent[] = [
  started({
    strict: true,
    selection: ["-k null"],
    baseline: { file: "tally.baseline.toml", digest: "sha256:0", entries: 1 },
  }),
  judged("t", {
    baseline: { state: "known", reason: "r", owner: "o", expires: "2027-01-31", at: "tally.baseline.toml:3" },
    mismatches: [
      mismatch("p", "x", {
        record: 1,
        tolerance: { abs: 1, rel: 1, ulp: 1, exact: true },
        delta: { abs: Number.POSITIVE_INFINITY, rel: 1, ulp: 2 },
      }),
    ],
  }),
  { type: "log", source: "suite", text: "x", id: "t" },
  ended([], measures),
];

describe("schema/events.schema.json", () => {
  test.each<[string, readonly RunEvent[]]>([
    ["a port under way", portUnderWay()],
    ["a green run", greenRun()],
    ["many failures", manyFailures(20)],
    ["every key", everything],
  ])("describes real streams: %s", (_name, events) => {
    expect(events.map(eventLine).flatMap(problems)).toEqual([]);
  });

  test("is used by every type of event that there is", () => {
    const types = new Set(portUnderWay().map(({ type }) => type));
    const described = Object.entries(
      (schema as { $defs: Record<string, { properties?: { type?: { const?: string } } }> }).$defs,
    )
      .map(([, part]) => part.properties?.type?.const)
      .filter((type) => type !== undefined);
    expect(described.toSorted()).toEqual([...types].toSorted());
  });

  test.each<[string, string]>([
    ["an unknown verdict", eventLine(judged("t")).replace(`"pass"`, `"maybe"`)],
    ["a missing key", eventLine(started()).replace(`"seed":20261122,`, "")],
    ["a key nobody described", eventLine(started()).replace(`"seed"`, `"sead":1,"seed"`)],
    ["another version", eventLine(started()).replace(`"v":1`, `"v":3`)],
  ])("refuses %s", (_name, line) => {
    expect(problems(line)).not.toEqual([]);
  });
});
