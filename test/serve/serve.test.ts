import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { parseContract as parseText } from "../../src/contract/load-contract.ts";
import type { Contract } from "../../src/contract/contract.ts";
import type { Endpoint } from "../../src/endpoint/endpoint.ts";
import { inProcessEndpoint } from "../../src/endpoint/in-process-endpoint.ts";
import { stdioEndpoint } from "../../src/endpoint/stdio-endpoint.ts";
import { isTallyError } from "../../src/kernel/errors.ts";
import { type RunningServer, type ServeOptions, startServer } from "../../src/serve/serve.ts";
import { connectorPath, local } from "../faux/local-connector.ts";

async function serve(endpoint: Endpoint, options: Partial<ServeOptions> = {}): Promise<RunningServer> {
  const server = await startServer({ endpoint, port: 0, ...options });
  onTestFinished(() => server.close());
  return server;
}

interface Reply {
  readonly status: number;
  readonly body: string;
}

async function post(
  server: RunningServer,
  path: string,
  body: string | Buffer,
  type = "application/json",
): Promise<Reply> {
  const answer = await fetch(`${server.url}${path}`, { method: "POST", headers: { "content-type": type }, body });
  return { status: answer.status, body: await answer.text() };
}

async function get(server: RunningServer, path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.url}${path}`, { headers });
}

/** What a server sends to bytes that no HTTP library would send. */
async function raw(server: RunningServer, request: string): Promise<string> {
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  socket.write(request);
  let answer = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => {
    answer += chunk;
  });
  await once(socket, "close");
  return answer;
}

const parseContract = (text: string): Contract => parseText(text, "/model/tally.toml");

const contract = parseContract(`
[model]
name = "good"
version = "1.0.0"
[operations.process]
doc = "Counts <characters>."
input = { query = "string" }
output = { length = "int" }
[operations.inference]
after = "process"
input = { query = "string" }
output = { score = "float64" }
`);

describe("the wire", () => {
  test("a batch of records is answered in order, an empty one with an empty one", async () => {
    const server = await serve(local("good.ts"));
    expect(await post(server, "/process", '[{"query":"a"}, {"query":"bb"}]')).toEqual({
      status: 200,
      body: '[{"length":1},{"length":2}]',
    });
    expect(await post(server, "/process", "[]")).toEqual({ status: 200, body: "[]" });
  });

  test("a record whose code raises answers $error in its place", async () => {
    const server = await serve(local("raises.ts"));
    expect(await post(server, "/process", '[{"query":"a"},{"query":"bad"}]')).toMatchInlineSnapshot(`
      {
        "body": "[{"length":1},{"$error":{"type":"TypeError","message":"cannot parse 'bad'"}}]",
        "status": 200,
      }
    `);
  });

  test("what cannot be expressed in JSON travels as a string", async () => {
    const server = await serve(local("values.ts"));
    expect(await post(server, "/echo", '[{"a":9007199254740993,"b":-0,"c":"NaN"}]')).toMatchInlineSnapshot(`
      {
        "body": "[{"a":9007199254740993,"b":-0,"c":"NaN"}]",
        "status": 200,
      }
    `);
  });

  test("many requests at once are all answered, each with its own records", async () => {
    const server = await serve(local("good.ts", { workers: 2 }));
    const sizes = Array.from({ length: 200 }, (_, i) => i % 7);
    const replies = await Promise.all(
      sizes.map((size, i) =>
        post(
          server,
          i % 2 === 0 ? "/process" : "/inference",
          JSON.stringify(Array.from({ length: size }, (__, j) => ({ query: "x".repeat(i + j) }))),
        ),
      ),
    );
    expect(replies).toEqual(
      sizes.map((size, i) => ({
        status: 200,
        body: JSON.stringify(
          Array.from({ length: size }, (_, j) => (i % 2 === 0 ? { length: i + j } : { score: 0.1 })),
        ),
      })),
    );
  });

  test("a request beyond the size of a frame is answered in full", async () => {
    const server = await serve(local("good.ts"));
    const records = Array.from({ length: 3_000 }, (_, i) => ({ query: String(i) }));
    const { body } = await post(server, "/process", JSON.stringify(records));
    expect(JSON.parse(body)).toEqual(records.map(({ query }) => ({ length: query.length })));
  });
});

describe("what is refused", () => {
  test.each([
    ["text", "hello"],
    ["nothing", ""],
    ["a comma too many", '[{"query":"a"},]'],
    ["an object", '{"query":"a"}'],
    ["a list of numbers", "[1]"],
    ["a key twice", '[{"query":"a","query":"b"}]'],
    ["bare NaN", '[{"x":NaN}]'],
    ["a byte order mark", "\ufeff[]"],
    ["nesting", `[{"x":${"[".repeat(200)}${"]".repeat(200)}}]`],
  ])("%s", async (_, body) => {
    expect(await post(await serve(local("good.ts")), "/process", body)).toMatchSnapshot();
  });

  test("bytes that are not UTF-8", async () => {
    const reply = await post(await serve(local("good.ts")), "/process", Buffer.from('[{"query":"\xe9"}]', "latin1"));
    expect(reply).toMatchInlineSnapshot(`
      {
        "body": "{"error":{"code":"invalid-json","message":"The body is not valid JSON: byte 0xE9 is not UTF-8 at line 1, column 12 (byte 11).","line":1,"column":12,"byte":11}}",
        "status": 400,
      }
    `);
  });

  test("another type than JSON", async () => {
    expect(await post(await serve(local("good.ts")), "/process", "[]", "text/plain")).toMatchInlineSnapshot(`
      {
        "body": "{"error":{"code":"content-type","message":"The body must be JSON: send \\"content-type: application/json\\"."}}",
        "status": 415,
      }
    `);
  });

  test("an unknown operation, with those there are", async () => {
    const server = await serve(local("good.ts"));
    expect(await post(server, "/proces", "[]")).toMatchInlineSnapshot(`
      {
        "body": "{"error":{"code":"unknown-operation","message":"There is no operation \\"proces\\".","operations":["process","inference"],"hint":"Did you mean POST /process?"}}",
        "status": 404,
      }
    `);
    expect(await post(server, "/__proto__", "[]")).toMatchObject({ status: 404 });
    expect((await get(server, "/process")).status).toBe(404);
    expect(await post(server, "/a/b", "[]")).toMatchObject({ status: 404 });
  });

  test("a body beyond 64 MiB", async () => {
    const server = await serve(local("good.ts"));
    const head = "POST /process HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nconnection: close\r\n";
    const answer = await raw(server, `${head}content-length: 67108865\r\n\r\n[`);
    expect(answer.split("\r\n").filter((line) => !line.startsWith("Date"))).toMatchInlineSnapshot(`
      [
        "HTTP/1.1 413 Payload Too Large",
        "connection: close",
        "content-type: application/json; charset=utf-8",
        "content-length: 109",
        "",
        "{"error":{"code":"body-too-large","message":"A body may have 67108864 bytes; send fewer records at a time."}}",
      ]
    `);
  });

  test("a foreign host name, as DNS rebinding would send it", async () => {
    const server = await serve(local("good.ts"));
    const ask = (host: string): Promise<string> =>
      raw(server, `GET /health HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
    expect((await ask("evil.example:80")).split("\r\n")[0]).toBe("HTTP/1.1 403 Forbidden");
    expect((await ask("localhost.evil.example")).split("\r\n")[0]).toBe("HTTP/1.1 403 Forbidden");
    for (const host of ["localhost", "127.0.0.1:8080", "[::1]:80", "model.localhost"])
      expect((await ask(host)).split("\r\n")[0]).toBe("HTTP/1.1 200 OK");
  });

  test("headers beyond 16 KiB, ambiguous lengths", async () => {
    const server = await serve(local("good.ts"));
    const start =
      "POST /process HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nconnection: close\r\n";
    const status = async (rest: string): Promise<string | undefined> =>
      (await raw(server, start + rest)).split("\r\n")[0];
    expect(await status(`x: ${"y".repeat(20_000)}\r\n\r\n`)).toBe("HTTP/1.1 431 Request Header Fields Too Large");
    expect(await status("content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n[]")).toBe("HTTP/1.1 400 Bad Request");
  });
});

describe("what the server says of itself", () => {
  test("description, health and OpenAPI", async () => {
    const server = await serve(local("good.ts", { contract, cwd: process.cwd() }), { contract });
    const answer = await get(server, "/");
    expect(await answer.json()).toEqual(server.description);
    expect({ ...server.description, runtime: "" }).toMatchInlineSnapshot(`
      {
        "formats": [
          "json",
        ],
        "max_batch": 1024,
        "name": "good",
        "operations": {
          "inference": {
            "after": "process",
            "input": {
              "query": "string",
            },
            "output": {
              "score": "float64",
            },
          },
          "process": {
            "doc": "Counts <characters>.",
            "input": {
              "query": "string",
            },
            "output": {
              "length": "int",
            },
          },
        },
        "runtime": "",
        "tally": 1,
        "version": "1.0.0",
      }
    `);
    expect([...answer.headers.keys()].filter((name) => name.startsWith("x-"))).toEqual([]);
    expect(await (await get(server, "/health")).json()).toEqual({ status: "ok" });
    expect(await (await get(server, "/openapi.json")).json()).toMatchObject({
      openapi: "3.1.1",
      servers: [{ url: server.url }],
      paths: { "/process": {}, "/inference": {} },
    });
  });

  test("without a contract there is no OpenAPI, and what the code defines is described", async () => {
    const server = await serve(local("good.ts"));
    expect((await get(server, "/openapi.json")).status).toBe(404);
    expect(server.description.operations).toEqual({ process: {}, inference: { after: "process" } });
  });

  test("a page for browsers, escaped, whose scripts and styles come from the server alone", async () => {
    const server = await serve(local("good.ts", { contract, cwd: process.cwd() }), { contract });
    const page = await get(server, "/", { accept: "text/html,application/xhtml+xml,*/*;q=0.8" });
    const html = await page.text();
    expect(html.replaceAll(server.url, "http://127.0.0.1:8080").replace(process.versions.node, "24")).toMatchSnapshot();
    expect(page.headers.get("content-security-policy")).toMatch(/^default-src 'none'; script-src 'self'/);
    for (const [path, type] of [
      ["/page.js", "text/javascript; charset=utf-8"],
      ["/page.css", "text/css; charset=utf-8"],
    ] as const) {
      const file = await get(server, path);
      expect([file.status, file.headers.get("content-type")]).toEqual([200, type]);
    }
    // The line shown for a shell is what the wire takes.
    const example = /-d &#39;(.*?)&#39; http/.exec(html)?.[1]?.replaceAll("&quot;", '"') ?? "";
    expect(await post(server, "/process", example)).toMatchObject({ status: 200 });
  });
});

describe("an endpoint that fails", () => {
  test("a connector that dies is 500, and the requests gathered with it are answered", async () => {
    const server = await serve(local("dies.ts"));
    const bodies = ["a", "b", "kill", "c", "d"].map((query) => JSON.stringify([{ query }]));
    const replies = await Promise.all(bodies.map((body) => post(server, "/process", body)));
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 500, 200, 200]);
    expect(JSON.parse(replies[2]?.body ?? "")).toMatchInlineSnapshot(`
      {
        "error": {
          "code": "connector-crashed",
          "hint": "A native library, a call of exit() or a lack of memory ends a process like this.",
          "message": "The connector was ended by SIGKILL during process of one record.",
        },
      }
    `);
  });

  test("a call beyond its deadline is 504", async () => {
    const server = await serve(local("hangs.ts"), { timeoutMs: 300 });
    expect(await post(server, "/process", '[{"query":"wait"}]')).toMatchInlineSnapshot(`
      {
        "body": "{"error":{"code":"connector-timeout","message":"The connector gave no answer to process of one record within 0.3 s.","hint":"An endless loop? Otherwise allow more time: --timeout 2m, or [endpoint] timeout."}}",
        "status": 504,
      }
    `);
    expect(await post(server, "/process", '[{"query":"a"}]')).toMatchObject({ status: 200 });
  });

  test("rows that are not what was asked for are 500", async () => {
    const server = await serve(local("wrong-rows.ts"));
    expect(await post(server, "/drops", '[{"query":"a"},{"query":"bad"}]')).toMatchInlineSnapshot(`
      {
        "body": "{"error":{"code":"connector-row-count","message":"drops returned another number of rows: 1 for 2 records.","hint":"One row for each record, in the order they came: filters, dropna and inner joins lose rows."}}",
        "status": 500,
      }
    `);
  });

  test("requests do not pay for rows that another one loses", async () => {
    const server = await serve(local("wrong-rows.ts"));
    const bodies = ["a", "b", "bad", "c"].map((query) => JSON.stringify([{ query }]));
    const replies = await Promise.all(bodies.map((body) => post(server, "/drops", body)));
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 500, 200]);
  });

  test("a record that makes a batch fail is named", async () => {
    const server = await serve(local("dies.ts"));
    const reply = await post(server, "/process", '[{"query":"a"},{"query":"b"},{"query":"exit"}]');
    expect(JSON.parse(reply.body)).toMatchObject({
      error: { message: "Record 2 of 3: The connector ended with status 7 during process of one record." },
    });
  });

  test("an operation of the contract that a program lacks is 501", async () => {
    const program = connectorPath("../programs/model.mjs");
    const declared = parseContract(`
[model]
name = "model"
[operations.unknown]
input = { query = "string" }
output = { length = "int" }
`);
    const server = await serve(stdioEndpoint({ command: `node '${program}' good` }), { contract: declared });
    expect(await post(server, "/unknown", '[{"query":"a"}]')).toMatchInlineSnapshot(`
      {
        "body": "{"error":{"code":"not-implemented","message":"The operation unknown is declared and not implemented."}}",
        "status": 501,
      }
    `);
    expect(await post(server, "/process", '[{"query":"a"}]')).toEqual({ status: 200, body: '[{"length":1}]' });
  });
});

describe("starting", () => {
  test("a port that is taken is an error", async () => {
    const server = await serve(local("good.ts"));
    const port = Number(new URL(server.url).port);
    const error: unknown = await startServer({ endpoint: local("good.ts"), port }).catch((thrown: unknown) => thrown);
    expect(isTallyError(error) && error.message.replace(String(port), "PORT")).toMatchInlineSnapshot(
      `"Cannot listen on 127.0.0.1:PORT (something else listens there)."`,
    );
  });

  test("a connector that does not load is an error", async () => {
    const error: unknown = await startServer({ endpoint: local("throws-at-import.ts"), port: 0 }).catch(
      (thrown: unknown) => thrown,
    );
    expect(isTallyError(error) && error.code).toBe("connector-import");
  });
});

describe("a connector inside the server's process", () => {
  test("answers like its worker", async () => {
    const server = await serve(inProcessEndpoint({ path: connectorPath("raises.ts") }));
    expect(await post(server, "/process", '[{"query":"a"},{"query":"bad"},{"query":"cc"}]')).toEqual({
      status: 200,
      body: `[{"length":1},{"$error":{"type":"TypeError","message":"cannot parse 'bad'"}},{"length":2}]`,
    });
    expect(await post(server, "/nothing", "[{}]")).toMatchObject({ status: 404 });
  });

  test("is an error when it does not load", async () => {
    const endpoint = inProcessEndpoint({ path: connectorPath("throws-at-import.ts") });
    const error: unknown = await endpoint.start().catch((thrown: unknown) => thrown);
    expect(isTallyError(error) && `${error.code}: ${error.message}`).toMatchInlineSnapshot(
      `"connector-import: The connector test/faux/connectors/throws-at-import.ts did not start in node 24.21.0: RangeError: the weights have 3 rows, not 4."`,
    );
  });

  test("that waits for ever is 504", async () => {
    const server = await serve(inProcessEndpoint({ path: connectorPath("hangs.ts") }), { timeoutMs: 200 });
    expect(await post(server, "/process", '[{"query":"wait"}]')).toMatchObject({ status: 504 });
  });
});
