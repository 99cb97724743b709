/** Rows A19 to A29 of the fault matrix: what stands in an answer. */
import { expect, test } from "vitest";
import { askRecords, type RecordAnswer } from "../../src/endpoint/ask-records.ts";
import { BatchSize } from "../../src/endpoint/batch-size.ts";
import { EndpointNotes } from "../../src/endpoint/endpoint-notes.ts";
import { openEndpoint } from "../../src/endpoint/open-endpoint.ts";
import { faux } from "../faux/faux.ts";
import { fauxModel } from "../faux/faux-model.ts";
import type { Faux } from "../faux/raw-server.ts";
import { ask, asked } from "./outcome-text.ts";

/** Asks 16 records in one batch, with poison at two places, and gives back what became of each. */
async function askWithPoison(server: Faux, poisonAt: readonly number[], timeoutMs = 1_000): Promise<string[]> {
  const endpoint = openEndpoint(server.url, { root: "." });
  const queries = Array.from({ length: 16 }, (_, index) => (poisonAt.includes(index) ? "poison" : "x".repeat(index)));
  const records = queries.map((query) => JSON.stringify({ query }));
  const answers = await askRecords(endpoint, "process", records, { batch: new BatchSize(256), timeoutMs });
  await endpoint.close();
  return answers.map(short);
}

function short(answer: RecordAnswer): string {
  if (answer.kind === "answered") return answer.text;
  return answer.kind === "fault" ? answer.fault.code : answer.kind;
}

/** Right answers everywhere but at the poison. */
function rightBut(poisonAt: readonly number[], code: string): string[] {
  return Array.from({ length: 16 }, (_, index) => (poisonAt.includes(index) ? code : `{"length":${index}}`));
}

test("A19 500 for some records: these alone are faults, all others are answered", async () => {
  await using server = await faux.poison();
  expect(await askWithPoison(server, [3, 11])).toEqual(rightBut([3, 11], "endpoint-status"));
  expect(await asked(server, { records: ['{"query":"poison"}'] })).toMatchInlineSnapshot(`
    "error[endpoint-status]: http://HOST/process answered 500 Faux: "{"detail":"RangeError: cannot take this one"}".
    hint: See the endpoint's log. A record that fails alone can be answered {"$error": {"type", "message"}} in its place.
    exit 3, splitting"
  `);
});

test("A19 a record that makes the endpoint reset the connection is found too", async () => {
  await using server = await faux.deadlyPoison();
  expect(await askWithPoison(server, [0], 5_000)).toEqual(rightBut([0], "endpoint-reset"));
});

test("A19 a record that makes the endpoint hang is found too", async () => {
  await using server = await faux.hangingPoison();
  expect(await askWithPoison(server, [15], 300)).toEqual(rightBut([15], "endpoint-timeout"));
});

test("A20 HTML instead of JSON is shown, escaped", async () => {
  await using server = await faux.html();
  expect(await asked(server)).toMatchInlineSnapshot(`
    "error[endpoint-not-json]: The answer of http://HOST/process is not JSON (text/html; charset=utf-8): "<html><body>\\n<h1>It works!</h1></body></html>".
    hint: An operation answers a JSON array with one object for each record.
    exit 3, splitting"
  `);
});

test("A20 an empty body", async () => {
  await using server = await faux.empty();
  expect(await asked(server)).toMatchInlineSnapshot(`
    "error[endpoint-not-json]: The answer of http://HOST/process is not JSON: the body is empty.
    hint: An operation answers a JSON array with one object for each record.
    exit 3, splitting"
  `);
});

test("A20 prose instead of JSON, at most 200 characters of it", async () => {
  await using server = await faux.text(`Traceback (most recent call last):\n${"x".repeat(500)}`);
  expect(await asked(server)).toMatchInlineSnapshot(`
    "error[endpoint-not-json]: The answer of http://HOST/process is not JSON (application/json): "Traceback (most recent call last):\\nxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx".
    hint: An operation answers a JSON array with one object for each record.
    exit 3, splitting"
  `);
});

test.for([undefined, "text/plain", "application/octet-stream", "application/vnd.model+json"])(
  "A20 JSON under the content type %s is an answer",
  async (type) => {
    await using server = await faux.typed(type);
    expect(await asked(server)).toBe('answered\n{"length":3}');
  },
);

test("A21 invalid JSON: the byte is given, and what stands there", async () => {
  await using server = await faux.text(`[{"text":"größer","score":0.5},}]`);
  expect(await asked(server)).toMatchInlineSnapshot(`
    "error[endpoint-invalid-json]: The answer of http://HOST/process is invalid JSON at byte 33: unexpected "}", near "{"text":"größer","score":0.5},}]".
    hint: Write answers with a JSON library instead of joining strings.
    exit 3, splitting"
  `);
});

test("A21 JSON that ends too soon, and more after its end", async () => {
  await using cut = await faux.text(`[{"score":0.5`);
  expect(await asked(cut)).toMatchInlineSnapshot(`
    "error[endpoint-invalid-json]: The answer of http://HOST/process is invalid JSON at byte 13: unexpected end, near "[{"score":0.5".
    hint: Write answers with a JSON library instead of joining strings.
    exit 3, splitting"
  `);
  await using trailing = await faux.text(`[{"score":0.5}] [{"score":0.6}]`);
  expect(await asked(trailing)).toMatchInlineSnapshot(`
    "error[endpoint-invalid-json]: The answer of http://HOST/process is invalid JSON at byte 16: unexpected "[" after the end of the value, near "[{"score":0.5}] [{"score":0.6}]".
    hint: Write answers with a JSON library instead of joining strings.
    exit 3, splitting"
  `);
});

test("A21 bare NaN and infinities are answers, with one note for the endpoint", async () => {
  await using server = await faux.bareTokens();
  const endpoint = openEndpoint(server.url, { root: "." });
  const notes = new EndpointNotes();
  const options = { batch: new BatchSize(1), timeoutMs: 1_000, notes };
  const answers = await askRecords(endpoint, "process", ["{}", "{}"], options);
  await endpoint.close();
  expect(answers.map(short)).toEqual(Array(2).fill('{"score":"NaN","low":"-Infinity","high":"Infinity"}'));
  expect(notes.list()).toMatchInlineSnapshot(`
    [
      {
        "code": "bare-tokens",
        "count": 6,
        "message": "Answers hold bare NaN or Infinity, which JSON does not have; they are read as numbers.",
      },
    ]
  `);
});

test("A21 strict JSON refuses bare tokens", async () => {
  await using server = await faux.bareTokens();
  expect(await asked(server, { strictJson: true })).toMatchInlineSnapshot(`
    "error[endpoint-bare-token]: The answer of http://HOST/process has a bare NaN, which is not JSON (byte 10).
    hint: Send "NaN", "Infinity" and "-Infinity" as strings, or leave --strict-json away.
    exit 3, splitting"
  `);
});

test("A22 the same key twice is an error, unless the last one is asked for", async () => {
  await using server = await faux.duplicateKeys();
  expect(await asked(server)).toMatchInlineSnapshot(`
    "error[endpoint-duplicate-key]: The answer of http://HOST/process has a duplicate key "score" at byte 12.
    hint: Readers disagree which one counts. To take the last one: --duplicate-keys last
    exit 3, splitting"
  `);
  expect(await asked(server, { duplicateKeys: "last" })).toBe('answered\n{"score":2}');
});

test("A22 numbers keep their text where a key stands twice", async () => {
  await using server = await faux.text(`[{"a":1,"a":9007199254740993,"b":-0.0,"c":1e400}]`);
  expect(await asked(server, { duplicateKeys: "last" })).toBe('answered\n{"a":9007199254740993,"b":-0.0,"c":1e400}');
});

test("A23 numbers arrive as written, to the last digit", async () => {
  const record = `{"big":1e400,"id":9007199254740993,"zero":-0,"tenth":0.10000000000000001,"money":19.990}`;
  await using server = await faux.text(`[ ${record} ]`);
  expect(await asked(server)).toBe(`answered\n${record}`);
});

test("A24 deep nesting is refused while reading", async () => {
  await using server = await faux.deep(1_000_000);
  expect(await asked(server, { timeoutMs: 5_000 })).toMatchInlineSnapshot(`
    "error[endpoint-too-deep]: The answer of http://HOST/process has nesting deeper than 128 levels at byte 136.
    hint: At most 128 levels of arrays and objects are read.
    exit 3, splitting"
  `);
});

test("A25 __proto__ and constructor are keys like others", async () => {
  await using server = await faux.protoKeys();
  expect(await asked(server)).toBe('answered\n{"__proto__":{"x":1},"constructor":{"prototype":{"x":1}}}');
  expect(Reflect.get({}, "x")).toBeUndefined();
});

test("A26 bad UTF-8 is an error with its byte", async () => {
  await using server = await faux.badUtf8();
  expect(await asked(server)).toMatchInlineSnapshot(`
    "error[endpoint-not-utf8]: The answer of http://HOST/process is not valid UTF-8 at byte 10.
    hint: Encode answers as UTF-8; an operation's bytes travel as base64.
    exit 3, splitting"
  `);
});

test("A26 a byte order mark is passed over, with a note", async () => {
  await using server = await faux.bom();
  expect(await asked(server)).toMatchInlineSnapshot(`
    "answered
    {"length":3}
    note[byte-order-mark]: Answers begin with a byte order mark, which JSON must not have. (1)"
  `);
});

test("A26 lone surrogates and NUL survive, in answers and in requests", async () => {
  await using server = await faux.loneSurrogate();
  expect(await asked(server)).toBe(String.raw`answered${"\n"}{"text":"\ud83d"}`);
  await using echo = await fauxModel({ process: (record) => record });
  expect(await asked(echo, { records: ['{"query":"\ud83d"}'] })).toBe(String.raw`answered${"\n"}{"query":"\ud83d"}`);
  expect(await asked(echo, { records: [String.raw`{"query":"\u0000"}`] })).toBe(
    String.raw`answered${"\n"}{"query":"\u0000"}`,
  );
});

test("A27 fewer or more records than asked: no record of the batch is judged", async () => {
  await using fewer = await faux.fewer();
  expect(await asked(fewer, { records: ["{}", "{}", "{}"] })).toMatchInlineSnapshot(`
    "error[endpoint-record-count]: Asked http://HOST/process 3 records, got 2.
    hint: An answer has one record for each record asked, in the same order; use {"$error": …} for one that fails.
    exit 3, splitting"
  `);
  await using more = await faux.more();
  expect(await asked(more)).toMatchInlineSnapshot(`
    "error[endpoint-record-count]: Asked http://HOST/process 1 record, got 2.
    hint: An answer has one record for each record asked, in the same order; use {"$error": …} for one that fails.
    exit 3, splitting"
  `);
});

test("A27 the batch is split until only the records at fault have no answer", async () => {
  await using server = await faux.fewerForPoison();
  expect(await askWithPoison(server, [7])).toEqual(rightBut([7], "endpoint-record-count"));
});

test("A27 an object around the records: the hint shows the array", async () => {
  await using server = await faux.wrapped("predictions");
  expect(await asked(server)).toMatchInlineSnapshot(`
    "error[endpoint-not-array]: The answer of http://HOST/process is an object, not an array of records: "{"predictions": [{"length":3}]}".
    hint: Answer the array itself: [{…}, {…}] instead of {"predictions": [{…}, {…}]}.
    exit 3, splitting"
  `);
  await using single = await faux.text(`{"length":3}`);
  expect(await asked(single)).toMatchInlineSnapshot(`
    "error[endpoint-not-array]: The answer of http://HOST/process is an object, not an array of records: "{"length":3}".
    hint: An operation answers a JSON array with one object for each record.
    exit 3, splitting"
  `);
});

test("A27 elements that are no objects", async () => {
  await using server = await faux.notObjects();
  expect(await asked(server, { records: ["{}", "{}"] })).toMatchInlineSnapshot(`
    "error[endpoint-record-type]: Element 0 of the answer of http://HOST/process is a number, not an object: "0".
    hint: Every record is an object with the operation's output fields: {"score": 0.5} instead of 0.5.
    exit 3, splitting"
  `);
});

test("A28 records in another order arrive in the order in which they were sent", async () => {
  await using server = await faux.reordered();
  expect(await asked(server, { records: ['{"query":"a"}', '{"query":"bb"}'] })).toBe(
    'answered\n{"length":2}\n{"length":1}',
  );
});

test("A29 extra, missing and renamed fields arrive as they are", async () => {
  const answers = [];
  for (const make of [faux.extraField, faux.missingField, faux.renamedField]) {
    await using server = await make();
    answers.push(await ask(server));
  }
  expect(answers).toMatchObject([
    { kind: "answered", answers: ['{"length":3,"extra":true}'] },
    { kind: "answered", answers: ["{}"] },
    { kind: "answered", answers: ['{"size":3}'] },
  ]);
});
