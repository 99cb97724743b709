import { expect, test } from "vitest";
import { openEndpoint } from "../../src/endpoint/open-endpoint.ts";
import { faux } from "../faux/faux.ts";
import { fauxModel, lengthOf } from "../faux/faux-model.ts";
import { asked } from "./outcome-text.ts";

const timeoutMs = 2_000;

test("a request is a JSON array with its length, and no encoding is asked for", async () => {
  await using server = await fauxModel();
  await asked(server, { records: ['{"query":"é"}', "{}"] });
  const [request] = server.requests;
  expect({ ...request, body: request?.body.toString("utf8") }).toEqual({
    method: "POST",
    path: "/process",
    headers: {
      host: `127.0.0.1:${server.port}`,
      connection: "keep-alive",
      accept: "application/json",
      "accept-encoding": "identity",
      "user-agent": "tally",
      "content-type": "application/json",
      "content-length": "19",
    },
    body: '[{"query":"é"},{}]',
  });
});

test("no records are asked as an empty array and answered by one", async () => {
  await using server = await fauxModel();
  expect(await asked(server, { records: [] })).toBe("answered");
  expect(server.requests[0]?.body.toString()).toBe("[]");
});

test("one connection serves one call after the other", async () => {
  await using server = await fauxModel();
  const endpoint = openEndpoint(server.url, { root: "." });
  for (let n = 0; n < 5; n++) await endpoint.call("process", ["{}"], { timeoutMs });
  expect(server.connections.total).toBe(1);
  await endpoint.close();
});

test.for([
  ["HTTP/1.0", faux.http10],
  ["an announced close", faux.closing],
  ["a close without a word", () => faux.closing({ announced: false })],
] as const)("%s: every call gets its answer", async ([, make]) => {
  await using server = await make();
  const endpoint = openEndpoint(server.url, { root: "." });
  for (const query of ["a", "bb", "ccc"]) {
    const outcome = await endpoint.call("process", [JSON.stringify({ query })], { timeoutMs });
    expect(outcome).toMatchObject({ kind: "answered", answers: [`{"length":${query.length}}`] });
  }
  await endpoint.close();
});

test("a path stands before the operation, the query string stays behind it and out of messages", async () => {
  await using server = await fauxModel(undefined, { base: "/v1/model" });
  const endpoint = openEndpoint(`${server.url}/v1/model/?key=secret`, { root: "." });
  expect(endpoint.url).toBe(`${server.url}/v1/model`);
  expect((await endpoint.call("process", ["{}"], { timeoutMs })).kind).toBe("answered");
  expect(server.requests.map(({ path }) => path)).toEqual(["/v1/model/process?key=secret"]);
  await endpoint.close();
});

test("user and password of an address become a header and are never shown", async () => {
  await using server = await fauxModel();
  const endpoint = openEndpoint(server.url.replace("//", "//me:p%40ss@"), { root: "." });
  expect(endpoint.url).toBe(server.url);
  await endpoint.call("process", ["{}"], { timeoutMs });
  const sent = server.requests[0]?.headers["authorization"] ?? "";
  expect(Buffer.from(sent.replace("Basic ", ""), "base64").toString()).toBe("me:p@ss");
  await endpoint.close();
});

test("a token is sent as Bearer; a header of the same name wins over it", async () => {
  await using server = await fauxModel();
  await asked(server, { token: "abcd" });
  await asked(server, { token: "abcd", headers: { Authorization: "Custom 1", "X-Model": "m" } });
  const sent = server.requests.map(({ headers }) => [headers["authorization"], headers["x-model"]]);
  expect(sent).toEqual([
    ["Bearer abcd", undefined],
    ["Custom 1", "m"],
  ]);
});

test("a unix socket serves calls, with and without a path behind it", async () => {
  await using server = await fauxModel(undefined, { unix: true });
  expect(await asked(server)).toBe('answered\n{"length":3}');
  await using based = await fauxModel(undefined, { unix: true, base: "/v1" });
  expect(await asked(based, { path: ":/v1?x=1" })).toBe('answered\n{"length":3}');
  expect(based.requests.map(({ path, headers }) => [path, headers["host"]])).toEqual([
    ["/v1/process?x=1", "localhost"],
  ]);
});

test("a description is asked once; anything else is none", async () => {
  const description = {
    tally: 1,
    name: "sqli",
    version: "1.4.0",
    max_batch: 64,
    runtime: "c++ 14",
    operations: { process: {}, inference: { after: "process" } },
  };
  await using server = await fauxModel(undefined, { description });
  const endpoint = openEndpoint(server.url, { root: "." });
  expect(await endpoint.describe()).toEqual({
    name: "sqli",
    version: "1.4.0",
    fields: { process: {}, inference: {} },
    maxBatch: 64,
    runtime: "c++ 14",
    operations: ["process", "inference"],
    after: { inference: "process" },
  });
  await endpoint.describe();
  expect(server.requests).toHaveLength(1);
  await endpoint.close();
  for (const make of [faux.html, faux.empty, faux.duplicateKeys, faux.nothingThere, () => faux.text("17")]) {
    await using other = await make();
    const silent = openEndpoint(other.url, { root: "." });
    expect(await silent.describe()).toBeUndefined();
    await silent.close();
  }
});

test("501 is not implemented", async () => {
  await using server = await faux.notImplemented("inference");
  expect(await asked(server, { operation: "inference" })).toBe("not-implemented");
});

test("404 is not implemented while anything else is there", async () => {
  await using described = await fauxModel(undefined, { health: false });
  expect(await asked(described, { operation: "inference" })).toBe("not-implemented");
  await using healthy = await fauxModel(undefined, { description: false });
  expect(await asked(healthy, { operation: "inference" })).toBe("not-implemented");
});

test("404 is not implemented once another operation has answered", async () => {
  await using server = await fauxModel({ process: lengthOf }, { health: false, description: false });
  const endpoint = openEndpoint(server.url, { root: "." });
  await endpoint.call("process", ["{}"], { timeoutMs });
  expect((await endpoint.call("inference", ["{}"], { timeoutMs })).kind).toBe("not-implemented");
  expect(server.requests.map(({ path }) => path)).toEqual(["/process", "/inference"]);
  await endpoint.close();
});

test("404 for everything is a wrong path: the hint names what openapi.json offers", async () => {
  await using bare = await faux.nothingThere();
  expect(await asked(bare)).toMatchInlineSnapshot(`
    "error[endpoint-path]: Nothing is found under this address (404 for everything); tried POST http://HOST/process, GET http://HOST/, GET http://HOST/health.
    hint: Operations are at POST {endpoint}/{operation}: name the part before the operation as the endpoint.
    exit 3, stop"
  `);
  await using offering = await faux.nothingThere({
    paths: { "/api/process": { post: {} }, "/api/health": { get: {} } },
  });
  expect(await asked(offering, { path: "/v1" })).toMatchInlineSnapshot(`
    "error[endpoint-path]: Nothing is found under this address (404 for everything); tried POST http://HOST/v1/process, GET http://HOST/v1/, GET http://HOST/v1/health.
    hint: Its openapi.json offers POST /api/process: --endpoint http://HOST/api
    exit 3, stop"
  `);
});

test("413 asks for smaller batches", async () => {
  await using server = await faux.tooLarge(1);
  expect(await asked(server, { records: ["{}", "{}"] })).toMatchInlineSnapshot(
    `"too-large: http://HOST/process finds a batch of 2 records too large (413)."`,
  );
});

test("a cancelled call ends at once and takes its connection with it", async () => {
  await using server = await faux.never();
  const endpoint = openEndpoint(server.url, { root: "." });
  const signal = AbortSignal.timeout(50);
  const outcome = await endpoint.call("process", ["{}"], { timeoutMs, signal });
  expect(outcome).toMatchObject({ kind: "fault", stop: true, fault: { code: "endpoint-cancelled" } });
  expect(outcome.ms).toBeLessThan(500);
  await expect.poll(() => server.connections.open).toBe(0);
  expect(await endpoint.call("process", ["{}"], { timeoutMs, signal })).toMatchObject({
    fault: { code: "endpoint-cancelled" },
  });
  await endpoint.close();
});

test("closing ends what is under way", async () => {
  await using server = await faux.never();
  const endpoint = openEndpoint(server.url, { root: "." });
  const call = endpoint.call("process", ["{}"], { timeoutMs });
  await expect.poll(() => server.requests.length).toBe(1);
  await endpoint.close();
  expect(await call).toMatchObject({ kind: "fault", fault: { code: "endpoint-cancelled" } });
});

test("no more calls are under way than allowed", async () => {
  await using server = await faux.late(30);
  const endpoint = openEndpoint(server.url, { root: ".", concurrency: 3 });
  await Promise.all(Array.from({ length: 9 }, () => endpoint.call("process", ["{}"], { timeoutMs })));
  expect(server.connections.total).toBe(3);
  await endpoint.close();
});

test("a call that waits for its turn does not lose time of its deadline", async () => {
  await using server = await faux.late(100);
  const endpoint = openEndpoint(server.url, { root: ".", concurrency: 1 });
  const outcomes = await Promise.all(
    Array.from({ length: 4 }, () => endpoint.call("process", ["{}"], { timeoutMs: 250 })),
  );
  expect(outcomes.map(({ kind }) => kind)).toEqual(Array(4).fill("answered"));
  await endpoint.close();
});

test("a refused connection is tried again once the endpoint has answered", async () => {
  const first = await fauxModel();
  const endpoint = openEndpoint(first.url, { root: "." });
  await endpoint.call("process", ["{}"], { timeoutMs });
  await first.close();
  expect(await endpoint.call("process", ["{}"], { timeoutMs })).toMatchObject({
    fault: { code: "endpoint-unreachable" },
  });
  expect(endpoint.retries).toBe(2);
  await endpoint.close();
});
