import { expect, test } from "vitest";
import { askRecords, type AskOptions } from "../../src/endpoint/ask-records.ts";
import { BatchSize } from "../../src/endpoint/batch-size.ts";
import { openEndpoint } from "../../src/endpoint/open-endpoint.ts";
import { faux } from "../faux/faux.ts";
import { fauxModel } from "../faux/faux-model.ts";
import type { Faux } from "../faux/raw-server.ts";

interface AskAll extends Partial<AskOptions> {
  readonly size?: number;
  readonly concurrency?: number;
  readonly operation?: string;
}

const echo = { process: (record: object) => record };

/** Asks numbered records, and gives back short answers and the sizes of the batches that the server saw. */
async function askAll(server: Faux, count: number, options: AskAll = {}) {
  const { size = 256, concurrency = 1, operation = "process", timeoutMs = 2_000 } = options;
  const endpoint = openEndpoint(server.url, { root: ".", concurrency });
  const records = Array.from({ length: count }, (_, n) => JSON.stringify({ n }));
  const batch = options.batch ?? new BatchSize(size);
  const answers = await askRecords(endpoint, operation, records, { ...options, batch, timeoutMs });
  await endpoint.close();
  return {
    answers: answers.map((answer) => {
      if (answer.kind === "answered") return answer.text;
      return answer.kind === "fault" ? `${answer.fault.code}${answer.stop ? ", stop" : ""}` : answer.kind;
    }),
    batches: server.requests.flatMap(({ method, body }) => {
      const asked: unknown = method === "POST" ? JSON.parse(body.toString()) : [];
      return Array.isArray(asked) && asked.length > 0 ? [asked.length] : [];
    }),
    batch: batch.current,
  };
}

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `{"n":${n}}`);
}

test("records are cut at the batch size and answered in their order", async () => {
  await using server = await fauxModel(echo);
  const { answers, batches } = await askAll(server, 10, { size: 4 });
  expect(batches).toEqual([4, 4, 2]);
  expect(answers).toEqual(numbered(10));
});

test("as many calls are under way as the endpoint allows", async () => {
  await using server = await fauxModel(echo, { delayMs: 50 });
  const startedAt = performance.now();
  const { answers } = await askAll(server, 64, { size: 8, concurrency: 8 });
  expect(answers).toEqual(numbered(64));
  expect(performance.now() - startedAt).toBeLessThan(300);
});

test("no records need no call", async () => {
  await using server = await fauxModel(echo);
  expect(await askAll(server, 0)).toEqual({ answers: [], batches: [], batch: 256 });
});

test("413 halves the batch, and the lower size stays for everybody", async () => {
  await using server = await fauxModel(echo, { maxBatch: 5 });
  const batch = new BatchSize(16);
  const first = await askAll(server, 32, { batch });
  expect(first.answers).toEqual(numbered(32));
  expect(first.batches).toEqual([16, 8, 4, 4, 8, 4, 4, 4, 4, 4, 4]);
  expect(batch.current).toBe(4);
});

test("a single record that is too large is a fault, the others are answered", async () => {
  await using server = await fauxModel(echo, { maxBatch: 0 });
  expect((await askAll(server, 2)).answers).toEqual(["endpoint-request-too-large", "endpoint-request-too-large"]);
});

test("a batch that fails although each of its records is answered was too large", async () => {
  await using server = await fauxModel(echo, {
    change: (answers) => (answers.length > 4 ? answers.slice(1) : answers),
  });
  const { answers, batches, batch } = await askAll(server, 16, { size: 8 });
  expect(answers).toEqual(numbered(16));
  expect(batches).toEqual([8, 4, 4, 4, 4]);
  expect(batch).toBe(4);
});

test("an endpoint that stays silent for a batch, its first and its last record is not asked any more", async () => {
  await using server = await faux.never();
  const { answers, batches } = await askAll(server, 100, { size: 10, timeoutMs: 100 });
  expect(answers).toEqual(
    [...Array(10).fill("endpoint-timeout"), ...Array(90).fill("endpoint-timeout, stop")].map((_, n) =>
      n === 0 || n === 9 ? "endpoint-timeout" : "endpoint-timeout, stop",
    ),
  );
  expect(batches).toEqual([10, 1, 1]);
});

test("what stops is asked once, for all records", async () => {
  await using server = await faux.guarded("token");
  const { answers } = await askAll(server, 50, { size: 5 });
  expect(answers).toEqual(Array(50).fill("endpoint-credentials, stop"));
  expect(server.requests).toHaveLength(1);
});

test("an operation that is not there is asked once", async () => {
  await using server = await faux.notImplemented("inference");
  const { answers } = await askAll(server, 50, { size: 5, operation: "inference" });
  expect(answers).toEqual(Array(50).fill("not-implemented"));
  expect(server.requests).toHaveLength(1);
});

test("a signal ends asking; what was answered stays", async () => {
  await using server = await fauxModel(echo, { delayMs: 100 });
  const { answers } = await askAll(server, 10, { size: 2, signal: AbortSignal.timeout(250) });
  expect(answers).toEqual([...numbered(4), ...Array(6).fill("endpoint-cancelled, stop")]);
});

test("answers tell the time and the size of their call, and every call is told of", async () => {
  await using server = await faux.poison();
  const endpoint = openEndpoint(server.url, { root: "." });
  const told: [string, number][] = [];
  const answers = await askRecords(endpoint, "process", ['{"query":"a"}', '{"query":"poison"}', '{"query":"bb"}'], {
    batch: new BatchSize(3),
    timeoutMs: 2_000,
    onOutcome: ({ kind }, asked) => told.push([kind, asked]),
  });
  await endpoint.close();
  expect(told).toEqual([
    ["fault", 3],
    ["fault", 2],
    ["answered", 1],
    ["fault", 1],
    ["answered", 1],
  ]);
  expect(answers).toMatchObject([
    { kind: "answered", batch: 1 },
    { kind: "fault", stop: false },
    { kind: "answered", batch: 1 },
  ]);
});
