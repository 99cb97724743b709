import { spawn } from "node:child_process";
import { shownPath } from "../../src/kernel/shown-path.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import type { LogLine } from "../../src/connector/program-log.ts";
import type { CallOutcome } from "../../src/endpoint/endpoint.ts";
import { parseContract } from "../../src/contract/load-contract.ts";
import { isTallyError } from "../../src/kernel/errors.ts";
import { connectorPath, isAlive, local, timeless, until } from "../faux/local-connector.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

const timeoutMs = 5_000;
const queries = (...values: readonly string[]): string[] => values.map((query) => JSON.stringify({ query }));

/** `$error` answers by type, others as they are; faults by code. */
function inShort(outcome: CallOutcome): unknown {
  if (outcome.kind === "answered") return outcome.answers;
  if (outcome.kind === "fault") return `${outcome.fault.code} splitting:${outcome.splitting} stop:${outcome.stop}`;
  return outcome.kind;
}

async function startFailure(name: string, options: Parameters<typeof local>[1] = {}): Promise<string> {
  try {
    await local(name, options).start();
    return "started";
  } catch (error) {
    if (!isTallyError(error)) throw error;
    const { code, message, hint, detail, exit } = error.problem;
    return `error[${code}] (${exit}): ${message}\nhint: ${hint}\n${detail ?? ""}`.replaceAll(
      fileURLToPath(new URL("../..", import.meta.url)),
      "",
    );
  }
}

describe("a connector that works", () => {
  test("describes itself and answers one record for each", async () => {
    const endpoint = local("good.ts");
    expect(await endpoint.describe()).toEqual({
      name: "good",
      operations: ["process", "inference"],
      after: { inference: "process" },
      runtime: `node ${process.versions.node}`,
    });
    expect(timeless(await endpoint.call("process", queries("a", "a'b"), { timeoutMs }))).toEqual({
      kind: "answered",
      answers: ['{"length":1}', '{"length":3}'],
      notes: [],
    });
    expect(inShort(await endpoint.call("inference", queries("a'b"), { timeoutMs }))).toEqual(['{"score":0.9}']);
    expect(inShort(await endpoint.call("process", [], { timeoutMs }))).toEqual([]);
    expect(endpoint.url).toBe("node:test/faux/connectors/good.ts");
  });

  test("does not implement what it does not define", async () => {
    expect(inShort(await local("good.ts").call("toString", queries("a"), { timeoutMs }))).toBe("not-implemented");
  });

  test("answers many calls at once, whatever the number of workers", async () => {
    const endpoint = local("good.ts", { workers: 2 });
    const texts = Array.from({ length: 50 }, (_, i) => "x".repeat(i));
    const outcomes = await Promise.all(texts.map((text) => endpoint.call("process", queries(text), { timeoutMs })));
    expect(outcomes.map(inShort)).toEqual(texts.map((_, i) => [`{"length":${i}}`]));
  });

  test("gets rows and columns of any record, numbers without loss", async () => {
    const endpoint = local("values.ts");
    const odd = ['{"a":9007199254740993,"b":-0,"c":1e400}', '{"b":"\\ud800","__proto__":1}'];
    expect(inShort(await endpoint.call("types", odd, { timeoutMs }))).toMatchInlineSnapshot(`
      [
        "{"a":"bigint 9007199254740993","b":"number 0","c":"object [object Object]"}",
        "{"b":"string \\ud800","__proto__":"number 1"}",
      ]
    `);
    expect(inShort(await endpoint.call("columns", odd, { timeoutMs }))).toMatchInlineSnapshot(`
      [
        "{"names":"a,b,c,__proto__"}",
        "{"names":"a,b,c,__proto__"}",
      ]
    `);
    expect(inShort(await endpoint.call("typed", odd, { timeoutMs }))).toMatchInlineSnapshot(`
      [
        "{"score":0.5,"id":0}",
        "{"score":0.5,"id":0}",
      ]
    `);
    expect(inShort(await endpoint.call("echo", ['{"a":9007199254740993,"b":-0,"n":null}'], { timeoutMs }))).toEqual([
      '{"a":9007199254740993,"b":-0,"n":null}',
    ]);
  });

  test("may print as much as it likes, on any stream", async () => {
    const log: LogLine[] = [];
    const endpoint = local("prints.ts", { log });
    expect(inShort(await endpoint.call("process", queries("a"), { timeoutMs }))).toEqual(['{"ok":true}']);
    await endpoint.close();
    expect(log.map(({ stream, text }) => `${stream}: ${text}`).toSorted()).toMatchInlineSnapshot(`
      [
        "stderr: on stderr",
        "stdout: loading",
        "stdout: raw on 1",
        "stdout: {"type":"result","id":1,"n":1,"rows":[{}]}",
      ]
    `);
    const flooding = local("floods.ts", { log });
    expect(inShort(await flooding.call("process", queries("a"), { timeoutMs }))).toEqual(['{"ok":true}']);
  });
});

describe("a connector that does not start", () => {
  test.each(["import-error.mjs", "throws-at-import.ts", "no-operations.ts", "no-such-file.ts"])(
    "%s is an error with the author's lines",
    async (name) => {
      expect(await startFailure(name)).toMatchSnapshot();
    },
  );

  test("in TypeScript that has to be compiled is an error with the line", async () => {
    const folder = temporaryFolder("connector");
    writeFileSync(join(folder, "enum.ts"), "enum Level {\n  Low,\n}\nexport default { process: () => [Level.Low] };\n");
    expect((await startFailure(join(folder, "enum.ts"))).replaceAll(shownPath(folder), "").replaceAll(folder, ""))
      .toMatchInlineSnapshot(`
      "error[connector-import] (4): The connector /enum.ts did not start in node 24.21.0: SyntaxError: TypeScript enum is not supported in strip-only mode.
      hint: The lines above are the connector's own; correct it and run again.
      /enum.ts:1
        > enum Level {
            Low,
        > }
          export default { process: () => [Level.Low] };

      SyntaxError [ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX]: TypeScript enum is not supported in strip-only mode"
    `);
  });

  test("is given up when it is not ready in time", async () => {
    expect(await startFailure("never-ready.ts", { startTimeoutMs: 400 })).toMatchInlineSnapshot(`
      "error[connector-start-timeout] (4): The connector test/faux/connectors/never-ready.ts was not ready after 0.4 s in node 24.21.0.
      hint: Whatever runs at import counts: load models and data lazily, or allow more time: --wait 2m
      "
    `);
  });

  test("is a fault that stops the run when it is called nevertheless", async () => {
    const outcome = await local("throws-at-import.ts").call("process", queries("a"), { timeoutMs });
    expect(inShort(outcome)).toBe("connector-import splitting:false stop:true");
  });
});

describe("a record whose code raises", () => {
  test.each(["process", "later"])(
    "answers $error in its place, the others keep their answers (%s)",
    async (operation) => {
      const log: LogLine[] = [];
      const endpoint = local("raises.ts", { log });
      const outcome = await endpoint.call(operation, queries("a", "bad", "ccc", "dd", "bad"), { timeoutMs });
      const raised = '{"$error":{"type":"TypeError","message":"cannot parse \'bad\'"}}';
      expect(inShort(outcome)).toEqual(['{"length":1}', raised, '{"length":3}', '{"length":2}', raised]);
      expect(log.filter(({ text }) => text.startsWith("TypeError"))).toHaveLength(2);
    },
  );

  test("is found also when nothing awaits what it throws", async () => {
    const outcome = await local("raises.ts").call("uncaught", queries("a", "bad"), { timeoutMs });
    expect(inShort(outcome)).toEqual([
      '{"length":1}',
      '{"$error":{"type":"TypeError","message":"cannot parse \'bad\'"}}',
    ]);
  });
});

describe("rows that are not what was asked for", () => {
  test.each(["drops", "endless", "nothing", "text", "values", "shortColumn", "noRows"])("%s", async (operation) => {
    const outcome = await local("wrong-rows.ts").call(operation, queries("a", "bad"), { timeoutMs });
    expect(outcome.kind === "fault" && { ...timeless(outcome) }).toMatchSnapshot();
  });
});

describe("a worker that hangs or dies", () => {
  test.each(["wait", "loop"])("is ended at the deadline and replaced (%s)", async (how) => {
    const endpoint = local("hangs.ts");
    await endpoint.start();
    const began = performance.now();
    const outcome = await endpoint.call("process", queries("a", how), { timeoutMs: 300 });
    expect(performance.now() - began).toBeLessThan(1_500);
    expect(inShort(outcome)).toBe("connector-timeout splitting:true stop:false");
    expect(await endpoint.call("process", queries("a"), { timeoutMs })).toMatchObject({ kind: "answered" });
  });

  test("ends even when it ignores SIGTERM", async () => {
    const endpoint = local("hangs.ts");
    const first = await endpoint.call("process", queries("a"), { timeoutMs });
    const pid = first.kind === "answered" ? Number(/\d+/.exec(first.answers[0] ?? "")?.[0]) : 0;
    expect(isAlive(pid)).toBe(true);
    expect(inShort(await endpoint.call("stubborn", queries("a"), { timeoutMs: 300 }))).toBe(
      "connector-timeout splitting:false stop:false",
    );
    expect(await until(() => !isAlive(pid), 4_000)).toBe(true);
  });

  test("is a fault that says how it ended, of which record, and what it printed", async () => {
    const endpoint = local("dies.ts");
    const alone = await endpoint.call("process", queries("kill"), { timeoutMs });
    expect(timeless(alone)).toMatchInlineSnapshot(`
      {
        "fault": {
          "code": "connector-crashed",
          "detail": "record: {"query":"kill"}",
          "exit": 4,
          "hint": "A native library, a call of exit() or a lack of memory ends a process like this.",
          "message": "The connector was ended by SIGKILL during process of one record.",
        },
        "kind": "fault",
        "splitting": false,
        "stop": false,
      }
    `);
    expect(inShort(await endpoint.call("process", queries("a", "exit"), { timeoutMs }))).toBe(
      "connector-crashed splitting:true stop:false",
    );
    expect(await endpoint.call("process", queries("a"), { timeoutMs })).toMatchObject({ kind: "answered" });
  });

  test("is not started for ever", async () => {
    const endpoint = local("dies.ts");
    const outcomes: unknown[] = [];
    for (let i = 0; i < 5; i++) outcomes.push(inShort(await endpoint.call("process", queries("exit"), { timeoutMs })));
    expect(outcomes).toMatchInlineSnapshot(`
      [
        "connector-crashed splitting:false stop:false",
        "connector-crashed splitting:false stop:false",
        "connector-crashed splitting:false stop:false",
        "connector-crashed splitting:false stop:false",
        "connector-restarts splitting:false stop:true",
      ]
    `);
  });

  test("may die as often as it takes to find the record that kills it", async () => {
    const endpoint = local("dies.ts");
    const sizes = [64, 32, 16, 8, 4, 2, 1];
    for (const size of sizes) {
      const batch = ["exit", ...Array.from({ length: size - 1 }, () => "a")];
      expect(inShort(await endpoint.call("process", queries(...batch), { timeoutMs }))).toMatch(/^connector-crashed/);
    }
    expect(await endpoint.call("process", queries("a"), { timeoutMs })).toMatchObject({ kind: "answered" });
  });

  test("that leaks is replaced between two calls", async () => {
    const log: LogLine[] = [];
    const endpoint = local("leaks.ts", { log, maxGrowthBytes: 64 * 1024 ** 2 });
    const pids = new Set<string>();
    for (let i = 0; i < 130; i++) {
      const outcome = await endpoint.call("process", queries("a"), { timeoutMs });
      pids.add(outcome.kind === "answered" ? (outcome.answers[0] ?? "") : outcome.kind);
    }
    expect(pids.size).toBe(3);
    expect(log.map(({ text }) => text.replace(/\d+/, "N"))).toEqual([
      "the connector holds N MiB and is started anew",
      "the connector holds N MiB and is started anew",
    ]);
  });

  test("that writes into the protocol's stream is found out", async () => {
    const endpoint = local("writes-frames.ts");
    expect(inShort(await endpoint.call("process", queries("a"), { timeoutMs }))).toBe(
      "connector-frame splitting:false stop:true",
    );
    const half = await endpoint.call("half", queries("a"), { timeoutMs });
    expect(half.kind === "fault" && half.fault.message).toMatchInlineSnapshot(
      `"The connector ended with status 1 after 16 of 4096 bytes of its answer during half of one record."`,
    );
  });

  test("is left alone when the caller gives up", async () => {
    const endpoint = local("hangs.ts");
    await endpoint.start();
    const outcome = endpoint.call("process", queries("wait"), { timeoutMs, signal: AbortSignal.timeout(100) });
    expect(inShort(await outcome)).toBe("connector-cancelled splitting:false stop:false");
  });
});

test("the value of a sensitive field is in no error text", async () => {
  const contract = parseContract(
    `[model]
name = "dies"
[operations.process]
input = { query = { type = "string", sensitive = true }, id = "int" }
output = { pid = "int" }
`,
    connectorPath("tally.toml"),
  );
  const outcome = await local("dies.ts", { contract }).call("process", ['{"query":"exit","id":7}'], { timeoutMs });
  expect(outcome.kind === "fault" && outcome.fault.detail).toBe('record: {"query":"[sensitive]","id":7}');
});

test("a connector is not told the token of an endpoint", async () => {
  process.env["TALLY_TOKEN"] = "secret";
  process.env["TALLY_TEST_SEEN"] = "seen";
  onTestFinished(() => {
    delete process.env["TALLY_TOKEN"];
    delete process.env["TALLY_TEST_SEEN"];
  });
  const outcome = await local("environment.ts").call("process", ["{}"], { timeoutMs });
  expect(inShort(outcome)).toEqual(['{"names":["TALLY_TEST_SEEN"]}']);
});

describe("no process outlives Tally", () => {
  test("close ends the worker and what it started", async () => {
    const endpoint = local("leaves-children.ts");
    const outcome = await endpoint.call("process", queries("a"), { timeoutMs });
    const { pid, child } = JSON.parse(outcome.kind === "answered" ? (outcome.answers[0] ?? "{}") : "{}");
    expect([isAlive(pid), isAlive(child)]).toEqual([true, true]);
    await endpoint.close();
    expect(await until(() => !isAlive(pid) && !isAlive(child), 2_000)).toBe(true);
  });

  test.each([
    ["leaves-children.ts", "process", '{"query":"a"}'],
    ["hangs.ts", "process", '{"query":"loop"}'],
  ])("kill -9 of Tally ends the worker of %s", async (name, operation, record) => {
    const host = spawn(
      process.execPath,
      [fileURLToPath(new URL("../faux/host.ts", import.meta.url)), connectorPath(name), operation, record],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    const pids = await new Promise<number[]>((resolve) =>
      host.stdout.once("data", (chunk: Buffer) => resolve(JSON.parse(chunk.toString("utf8")))),
    );
    expect(pids.length).toBeGreaterThan(0);
    expect(pids.every(isAlive)).toBe(true);
    host.kill("SIGKILL");
    expect(await until(() => !pids.some(isAlive), 2_000)).toBe(true);
  });
});
