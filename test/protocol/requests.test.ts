/** protocol/vectors/requests.jsonl: what the local endpoint answers, over a real socket. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { fileURLToPath } from "node:url";
import { parseContract } from "../../src/contract/load-contract.ts";
import { openEndpoint } from "../../src/endpoint/open-endpoint.ts";
import { type RunningServer, startServer } from "../../src/serve/serve.ts";
import { bytesOf, readVectors, type Sent } from "./vectors.ts";

interface RequestVector extends Sent {
  readonly name: string;
  readonly operation: string;
  readonly type?: string;
  readonly then: { readonly status: number; readonly body?: string; readonly code?: string };
}

const contract = parseContract(
  `[model]
  name = "echo"
  [operations.echo]
  input = { x = "json" }
  output = { x = "json" }
  [operations.later]
  input = { x = "json" }
  output = { x = "json" }`,
  "/model/tally.toml",
);

let server: RunningServer;

beforeAll(async () => {
  const echo = fileURLToPath(new URL("echo.mjs", import.meta.url));
  const endpoint = openEndpoint(`cmd:${process.execPath} ${echo}`, { root: "." });
  server = await startServer({ endpoint, contract, port: 0 });
});
afterAll(() => server.close());

test.each(readVectors<RequestVector>("requests"))("$name", async (vector) => {
  const answer = await fetch(`${server.url}/${vector.operation}`, {
    method: "POST",
    headers: { "content-type": vector.type ?? "application/json" },
    body: new Uint8Array(bytesOf(vector)),
  });
  const body = await answer.text();
  const { status, code } = vector.then;
  expect({ status: answer.status, body }).toEqual({ status, body: vector.then.body ?? body });
  if (code !== undefined) expect(JSON.parse(body)).toMatchObject({ error: { code } });
});
