import { expect, test } from "vitest";
import type { Endpoint } from "../../src/endpoint/endpoint.ts";
import { FrameGatherer } from "../../src/serve/frame-gatherer.ts";

/** An endpoint that takes its time and remembers how many records each call had. */
function slow(ms: number, concurrency = 1): { readonly endpoint: Endpoint; readonly frames: string[] } {
  const frames: string[] = [];
  const endpoint: Endpoint = {
    url: "slow:",
    retries: 0,
    concurrency,
    start: async () => {},
    describe: async () => undefined,
    async call(operation, records) {
      frames.push(`${operation} ${records.length}`);
      await new Promise((resolve) => setTimeout(resolve, ms));
      return { kind: "answered", answers: records, ms, notes: [] };
    },
    close: async () => {},
  };
  return { endpoint, frames };
}

const record = (i: number): string => `{"i":${i}}`;

test("an idle endpoint is asked at once, and together what came while it was busy", async () => {
  const { endpoint, frames } = slow(20);
  const gatherer = new FrameGatherer(endpoint, 1_000);
  const answers = await Promise.all([0, 1, 2, 3].map((i) => gatherer.ask("process", [record(i)])));
  expect(frames).toEqual(["process 1", "process 3"]);
  expect(answers).toEqual([0, 1, 2, 3].map((i) => ({ kind: "answered", answers: [record(i)] })));
});

test("operations are not mixed, and each has its turn", async () => {
  const { endpoint, frames } = slow(5);
  const gatherer = new FrameGatherer(endpoint, 1_000);
  const operations = ["a", "a", "b", "a", "b"];
  await Promise.all(operations.map((operation, i) => gatherer.ask(operation, [record(i)])));
  expect(frames).toEqual(["a 1", "a 2", "b 2"]);
});

test("a frame has at most 1,024 records; a larger request is asked in parts", async () => {
  const { endpoint, frames } = slow(1, 2);
  const gatherer = new FrameGatherer(endpoint, 1_000);
  const records = Array.from({ length: 2_500 }, (_, i) => record(i));
  expect(await gatherer.ask("process", records)).toEqual({ kind: "answered", answers: records });
  expect(frames).toEqual(["process 1024", "process 1024", "process 452"]);
  const small = Array.from({ length: 5 }, () => records.slice(0, 600));
  frames.length = 0;
  await Promise.all(small.map((each) => gatherer.ask("process", each)));
  expect(frames).toEqual(Array.from({ length: 5 }, () => "process 600"));
});

test("clients that were just answered are waited for: sixteen at once stay sixteen at once", async () => {
  const { endpoint, frames } = slow(20);
  const gatherer = new FrameGatherer(endpoint, 1_000);
  const client = async (i: number): Promise<void> => {
    for (let round = 0; round < 6; round++) {
      await gatherer.ask("process", [record(i)]);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await Promise.all(Array.from({ length: 16 }, (_, i) => client(i)));
  expect(frames.slice(0, 3)).toEqual(["process 1", "process 15", "process 16"]);
  expect(frames.length).toBeLessThanOrEqual(9);
});

test("nobody waits long for clients that do not come back", async () => {
  const { endpoint } = slow(20);
  const gatherer = new FrameGatherer(endpoint, 1_000);
  await Promise.all([0, 1, 2, 3].map((i) => gatherer.ask("process", [record(i)])));
  const began = performance.now();
  await gatherer.ask("process", [record(4)]);
  expect(performance.now() - began).toBeLessThan(20 + 5 + 15);
});
