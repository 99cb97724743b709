/** protocol/vectors/answers.jsonl, descriptions.jsonl and stdio.jsonl: what Tally makes of what an endpoint says. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { CallOutcome } from "../../src/endpoint/endpoint.ts";
import { openEndpoint } from "../../src/endpoint/open-endpoint.ts";
import { bytesOf, readVectors, type Sent, type Then } from "./vectors.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

interface AnswerVector extends Sent {
  readonly name: string;
  readonly asked: number;
  readonly status?: number;
  readonly type?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly then: Then;
}

interface StdioVector {
  readonly name: string;
  readonly asked: number;
  readonly line: string;
  readonly then: Then;
}

interface DescriptionVector extends Sent {
  readonly name: string;
  readonly then: object | null;
}

function asked(count: number): string[] {
  return Array.from({ length: count }, () => '{"query":"abc"}');
}

/** An outcome in the words of the vectors. */
function saidOf(outcome: CallOutcome): Then {
  switch (outcome.kind) {
    case "answered": {
      const notes = outcome.notes.map(({ code }) => code);
      return { records: outcome.answers, ...(notes.length > 0 ? { notes } : {}) };
    }
    case "not-implemented":
      return { notImplemented: true };
    default:
      return { fault: outcome.fault.code };
  }
}

async function serve(reply: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on("end", () => reply(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
}

describe("an answer over HTTP", () => {
  test.each(readVectors<AnswerVector>("answers"))("$name", async (vector) => {
    const { status = 200, type = "application/json", headers = {} } = vector;
    const body = bytesOf(vector);
    const url = await serve((_request, response) => {
      response.writeHead(status, { ...(type === null ? {} : { "content-type": type }), ...headers }).end(body);
    });
    const endpoint = openEndpoint(url, { root: "." });
    const outcome = await endpoint.call("process", asked(vector.asked), { timeoutMs: 10_000 });
    await endpoint.close();
    expect(saidOf(outcome)).toEqual(vector.then);
  });
});

describe("a description", () => {
  test.each(readVectors<DescriptionVector>("descriptions"))("$name", async (vector) => {
    const url = await serve((_request, response) => response.end(bytesOf(vector)));
    const endpoint = openEndpoint(url, { root: "." });
    const said = await endpoint.describe();
    await endpoint.close();
    // Types of fields are told to people; what they are called is not a part of the vectors.
    const { fields: _, ...told } = said ?? {};
    expect(said === undefined ? null : told).toEqual(vector.then);
  });
});

describe("an answer on stdout", () => {
  test.each(readVectors<StdioVector>("stdio"))("$name", async (vector) => {
    const folder = temporaryFolder("vector");
    const program = join(folder, "program.mjs");
    const line = JSON.stringify(`${vector.line}\n`);
    writeFileSync(program, `process.stdin.once("data", () => process.stdout.write(${line}));\n`);
    const endpoint = openEndpoint(`cmd:${process.execPath} ${program}`, { root: folder });
    const outcome = await endpoint.call("process", asked(vector.asked), { timeoutMs: 10_000 });
    await endpoint.close();
    const { notes: _, ...said } = saidOf(outcome);
    expect(said).toEqual(vector.then);
  });
});
