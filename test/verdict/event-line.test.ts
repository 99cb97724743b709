import { describe, expect, test } from "vitest";
import { eventLine, readEventLine } from "../../src/verdict/event-line.ts";
import type { RunEvent } from "../../src/verdict/run-event.ts";
import { exchange, greenRun, judged, manyFailures, mismatch, portUnderWay, started } from "../report/sample-run.ts";

const back = (event: RunEvent) => readEventLine(eventLine(event));

describe("an event line", () => {
  test.each([
    ["a port under way", portUnderWay()],
    ["a green run", greenRun()],
    ["many failures", manyFailures(30)],
  ])("reads back as it was: %s", (_name, events) => {
    expect(events.map(back)).toEqual(events);
  });

  test("holds records as JSON, every digit as it was on the wire", () => {
    const event = exchange("t", "process", {
      input: `{"id":9007199254740993,"x":1.50,"name":"\\u00e9\\ud800"}`,
      answer: `{"x":-0,"y":1e400}`,
    });
    expect(eventLine(event)).toMatchInlineSnapshot(
      `"{"type":"exchange","id":"t","n":1,"operation":"process","input":{"id":9007199254740993,"x":1.50,"name":"\\u00e9\\ud800"},"batch":1,"asked":"test","ms":1.25,"answer":{"x":-0,"y":1e400}}"`,
    );
    expect(back(event)).toEqual(event);
  });

  test("is one line, whatever the record's white space is", () => {
    const line = eventLine(exchange("t\nu", "process", { input: `{\n "a": 1,\r\n "b": [\n]}` }));
    expect(line).not.toMatch(/[\r\n]/);
    expect(JSON.parse(line)).toMatchObject({ id: "t\nu", input: { a: 1, b: [] } });
  });

  test("turns bare tokens into the strings of the wire, so that it is JSON", () => {
    const line = eventLine(exchange("t", "process", { answer: `{"a":NaN,"b":[-Infinity]}` }));
    expect(JSON.parse(line)).toMatchObject({ answer: { a: "NaN", b: ["-Infinity"] } });
  });

  test("keeps text that is no JSON as a string", () => {
    const line = eventLine(exchange("t", "process", { answer: `{"a":` }));
    expect(JSON.parse(line)).toMatchObject({ answer: `{"a":` });
  });

  test("keeps an infinite delta", () => {
    const event = judged("t", { mismatches: [mismatch("p", "x", { delta: { abs: Number.POSITIVE_INFINITY } })] });
    expect(back(event)).toEqual(event);
  });

  test("keeps a record as deep as the reader takes", () => {
    const event = exchange("t", "process", { answer: "[".repeat(127) + "]".repeat(127) });
    expect(back(event)).toEqual(event);
  });

  test.each([
    ["an unknown type", `{"type":"guess"}`, `unknown type "guess"`],
    ["no type", `{}`, "unknown type (none)"],
    ["a missing key", `{"type":"progress","planned":1}`, "progress.judged must be a number"],
    [
      "an unknown verdict",
      eventLine(judged("t")).replace(`"pass"`, `"maybe"`),
      "test-judged.verdict must be one of pass, fail, error, skip, known",
    ],
    ["another version", eventLine(started()).replace(`"v":1`, `"v":2`), "version 2; this Tally reads version 1"],
    [
      "a list of no objects",
      eventLine(judged("t")).replace(`"failures":[]`, `"failures":[1]`),
      "test-judged.failures[0] must be an object",
    ],
  ])("is refused with %s", (_name, line, message) => {
    expect(() => readEventLine(line)).toThrow(message);
  });

  test("is refused when it is no JSON", () => {
    expect(() => readEventLine(`{"type":"progress","pla`)).toThrow();
  });

  test("cannot put anything into prototypes", () => {
    const event = readEventLine(`{"type":"progress","planned":1,"judged":1,"__proto__":{"polluted":true}}`);
    expect("polluted" in event).toBe(false);
  });
});
