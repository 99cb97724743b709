import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import type { LogLine } from "../../src/connector/program-log.ts";
import type { CallOutcome, Endpoint } from "../../src/endpoint/endpoint.ts";
import { stdioEndpoint } from "../../src/endpoint/stdio-endpoint.ts";
import { isTallyError } from "../../src/kernel/errors.ts";
import { timeless } from "../faux/local-connector.ts";

const timeoutMs = 5_000;
const queries = (...values: readonly string[]): string[] => values.map((query) => JSON.stringify({ query }));
const program = fileURLToPath(new URL("../faux/programs/model.mjs", import.meta.url));

function model(how: string, log: LogLine[] = []): Endpoint {
  const endpoint = stdioEndpoint({ command: `node '${program}' ${how}`, onLog: (line) => log.push(line) });
  onTestFinished(() => endpoint.close());
  return endpoint;
}

function inShort(outcome: CallOutcome): unknown {
  if (outcome.kind === "answered") return outcome.answers;
  if (outcome.kind !== "fault") return outcome.kind;
  const { code, message, detail } = outcome.fault;
  const shown = [`${code} splitting:${outcome.splitting} stop:${outcome.stop}`, message, detail].filter(Boolean);
  return shown.join("\n").replaceAll(program, "model.mjs");
}

test("a program answers line by line, what it says on stderr is the log", async () => {
  const log: LogLine[] = [];
  const endpoint = model("good", log);
  expect(timeless(await endpoint.call("process", queries("a", "bb"), { timeoutMs }))).toEqual({
    kind: "answered",
    answers: ['{"length":1}', '{"length":2}'],
    notes: [],
  });
  expect(inShort(await endpoint.call("unknown", queries("a"), { timeoutMs }))).toBe("not-implemented");
  expect(await endpoint.describe()).toBeUndefined();
  await endpoint.close();
  expect(log.map(({ text }) => text)).toEqual(["process 2", "unknown 1", "$describe 0"]);
  expect(endpoint.url.replace(program, "model.mjs")).toBe("cmd:node 'model.mjs' good");
});

test("a program may describe itself", async () => {
  expect(await model("describes").describe()).toEqual({ name: "model", operations: ["process"] });
});

test("lines may end in carriage return and newline", async () => {
  expect(inShort(await model("crlf").call("process", queries("a"), { timeoutMs }))).toEqual(['{"length":1}']);
});

test("calls at once are asked one after the other", async () => {
  const endpoint = model("good");
  const outcomes = await Promise.all(
    ["a", "bb", "ccc"].map((each) => endpoint.call("process", queries(each), { timeoutMs })),
  );
  expect(outcomes.map(inShort)).toEqual([['{"length":1}'], ['{"length":2}'], ['{"length":3}']]);
});

test("bare NaN is let pass and noted", async () => {
  expect(timeless(await model("nan").call("process", queries("a", "b"), { timeoutMs }))).toMatchInlineSnapshot(`
    {
      "answers": [
        "{"score": "NaN"}",
        "{"score": "NaN"}",
      ],
      "kind": "answered",
      "notes": [
        {
          "code": "bare-tokens",
          "count": 2,
          "message": "Answers hold bare NaN or Infinity, which JSON does not have; they are read as numbers.",
        },
      ],
    }
  `);
});

describe("what a program does wrong", () => {
  test.each(["banner", "debug", "count", "id", "no-id", "error", "partial", "dies-at-start"])("%s", async (how) => {
    // Whether what it wrote to stderr came before its answer is an affair of two pipes.
    const told = String(inShort(await model(how).call("process", queries("a", "b"), { timeoutMs })));
    expect(told.replace(/\nprocess 2$/, "")).toMatchSnapshot();
  });

  test("silence is a timeout that asks about flushing", async () => {
    const endpoint = model("silent");
    expect(inShort(await endpoint.call("process", queries("a"), { timeoutMs: 500 }))).toMatchInlineSnapshot(`
      "stdio-timeout splitting:false stop:false
      node 'model.mjs' silent gave no answer to process of one record within 0.5 s. Did it flush stdout?
      process 1"
    `);
  });

  test("a line without an end is refused at 64 MiB", async () => {
    expect(inShort(await model("long").call("process", queries("a"), { timeoutMs: 20_000 }))).toMatchInlineSnapshot(`
      "stdio-answer splitting:false stop:false
      node 'model.mjs' long answered with a line longer than 64 MiB: not shown
      process 1"
    `);
  });

  test("a record that ends it is alone with its fault, the others are answered", async () => {
    const endpoint = model("poison");
    const both = await endpoint.call("process", queries("a", "bad"), { timeoutMs });
    expect(both).toMatchObject({ kind: "fault", splitting: true, fault: { code: "stdio-crashed" } });
    expect(inShort(await endpoint.call("process", queries("a"), { timeoutMs }))).toEqual(['{"length":1}']);
    expect(await endpoint.call("process", queries("bad"), { timeoutMs })).toMatchObject({
      kind: "fault",
      splitting: false,
    });
    expect(inShort(await endpoint.call("process", queries("a"), { timeoutMs }))).toEqual(['{"length":1}']);
  });

  test("a program that always ends is not started for ever", async () => {
    const endpoint = model("dies-at-start");
    const codes: unknown[] = [];
    for (let i = 0; i < 5; i++) {
      const outcome = await endpoint.call("process", queries("a"), { timeoutMs });
      codes.push(outcome.kind === "fault" && outcome.fault.code);
    }
    expect(codes).toEqual([...Array.from({ length: 4 }, () => "stdio-crashed"), "stdio-restarts"]);
  });
});

describe("a command that cannot be run", () => {
  test.each(["", "'unclosed", "model\\"])("is refused before anything is started: %s", (command) => {
    expect(() => stdioEndpoint({ command })).toThrow(/cannot be run/);
  });

  test("is an error when the program is not there", async () => {
    const endpoint = stdioEndpoint({ command: "./no-such-program --flag" });
    const error: unknown = await endpoint.start().catch((thrown: unknown) => thrown);
    expect(isTallyError(error) && error.problem).toMatchInlineSnapshot(`
      {
        "code": "stdio-start",
        "exit": 3,
        "hint": "Build it first; the path counts from the folder Tally was called in.",
        "message": "./no-such-program --flag did not start: not found.",
      }
    `);
    expect(inShort(await endpoint.call("process", queries("a"), { timeoutMs }))).toMatch(/^stdio-start .* stop:true/);
  });
});
