import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { LogLine } from "../../src/connector/program-log.ts";
import type { CallOutcome } from "../../src/endpoint/endpoint.ts";
import { isTallyError } from "../../src/kernel/errors.ts";
import { connectorPath, isAlive, local, pandas, python, timeless, until } from "../faux/local-connector.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

const timeoutMs = 10_000;
const queries = (...values: readonly string[]): string[] => values.map((query) => JSON.stringify({ query }));

function inShort(outcome: CallOutcome): unknown {
  if (outcome.kind === "answered") return outcome.answers;
  if (outcome.kind === "fault") return `${outcome.fault.code} splitting:${outcome.splitting} stop:${outcome.stop}`;
  return outcome.kind;
}

const withoutPython = python === undefined ? "no Python 3 on this machine" : undefined;

describe.skipIf(withoutPython !== undefined)(`a Python connector${withoutPython ? ` (${withoutPython})` : ""}`, () => {
  test("describes itself, with its interpreter, and answers", async () => {
    const endpoint = local("good.py");
    const description = await endpoint.describe();
    expect({ ...description, runtime: description?.runtime?.replace(/[\d.]+ \(.*\)/, "VERSION (PATH)") }).toEqual({
      name: "good",
      operations: ["process", "inference"],
      after: { inference: "process" },
      runtime: "python VERSION (PATH)",
    });
    expect(timeless(await endpoint.call("process", queries("a", "a'b"), { timeoutMs }))).toEqual({
      kind: "answered",
      answers: ['{"length":1}', '{"length":3}'],
      notes: [],
    });
    expect(inShort(await endpoint.call("nothing", queries("a"), { timeoutMs }))).toBe("not-implemented");
  });

  test("may print on any stream, and so may what it starts", async () => {
    const log: LogLine[] = [];
    const endpoint = local("prints.py", { log });
    expect(inShort(await endpoint.call("process", queries("a"), { timeoutMs }))).toEqual(['{"ok":true}']);
    await endpoint.close();
    expect(log.map(({ text }) => text).toSorted()).toEqual([
      "from a child",
      "loading",
      "on stderr",
      "raw on 1",
      '{"type":"result","id":1,"n":1,"rows":[{}]}',
    ]);
    expect(inShort(await local("floods.py").call("process", queries("a"), { timeoutMs }))).toEqual(['{"ok":true}']);
  });

  test("that cannot be imported is an error with the interpreter and the traceback", async () => {
    const error: unknown = await local("import_error.py")
      .start()
      .catch((thrown: unknown) => thrown);
    const root = fileURLToPath(new URL("../..", import.meta.url));
    const { message, detail } = isTallyError(error) ? error.problem : {};
    expect(message?.replace(/ in \S+python\S*:/, " in PYTHON:")).toMatchInlineSnapshot(
      `"The connector test/faux/connectors/import_error.py did not start in PYTHON: ModuleNotFoundError: No module named 'no_such_package_anywhere'."`,
    );
    expect(detail?.replaceAll(root, "")).toMatchInlineSnapshot(`
      "Traceback (most recent call last):
        File "test/faux/connectors/import_error.py", line 1, in <module>
          import no_such_package_anywhere
      ModuleNotFoundError: No module named 'no_such_package_anywhere'"
    `);
  });

  test("that raises for one record answers $error in its place", async () => {
    const log: LogLine[] = [];
    const endpoint = local("raises.py", { log });
    expect(inShort(await endpoint.call("process", queries("a", "bad", "ccc"), { timeoutMs }))).toEqual([
      '{"length":1}',
      '{"$error":{"type":"ValueError","message":"cannot parse \'bad\'"}}',
      '{"length":3}',
    ]);
    expect(log.map(({ text }) => text.replace(/File ".*\//, 'File "'))).toMatchInlineSnapshot(`
      [
        "Traceback (most recent call last):",
        "  File "raises.py", line 8, in process",
        "    return [{"length": parse(record["query"])} for record in records]",
        "           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
        "  File "raises.py", line 8, in <listcomp>",
        "    return [{"length": parse(record["query"])} for record in records]",
        "                       ^^^^^^^^^^^^^^^^^^^^^^",
        "  File "raises.py", line 13, in parse",
        "    raise ValueError("cannot parse 'bad'")",
        "ValueError: cannot parse 'bad'",
      ]
    `);
  });

  test.each(["drops", "values"])("whose rows are wrong is a fault (%s)", async (operation) => {
    const outcome = await local("wrong_rows.py").call(operation, queries("a", "bad"), { timeoutMs });
    expect(outcome.kind === "fault" && `${String(inShort(outcome))}: ${outcome.fault.message}`).toMatchSnapshot();
  });

  test.each(["kill", "exit"])("that ends in the middle of a call is a fault and starts again (%s)", async (how) => {
    const endpoint = local("dies.py");
    const outcome = await endpoint.call("process", queries(how), { timeoutMs });
    expect(outcome.kind === "fault" && outcome.fault.message).toMatchSnapshot();
    expect(await endpoint.call("process", queries("a"), { timeoutMs })).toMatchObject({ kind: "answered" });
  });

  test.each(["wait", "regex"])("that hangs is ended at the deadline (%s)", async (how) => {
    const endpoint = local("hangs.py");
    await endpoint.start();
    expect(inShort(await endpoint.call("process", queries("a", how), { timeoutMs: 300 }))).toBe(
      "connector-timeout splitting:true stop:false",
    );
    expect(await endpoint.call("process", queries("a"), { timeoutMs })).toMatchObject({ kind: "answered" });
  });

  test("that speaks another protocol is an error that says so", async () => {
    const folder = temporaryFolder("python");
    const fake = join(folder, "python");
    writeFileSync(fake, `#!/bin/sh\nexec ${process.execPath} ${connectorPath("../programs/speaks-seven.mjs")} "$@"\n`, {
      mode: 0o755,
    });
    const error: unknown = await local("good.py", { interpreter: fake })
      .start()
      .catch((thrown: unknown) => thrown);
    expect(isTallyError(error) && `${error.code}: ${error.message}`).toMatchInlineSnapshot(
      `"connector-protocol: The worker of test/faux/connectors/good.py speaks protocol 7, this Tally speaks 1."`,
    );
  });

  test("ends with Tally after kill -9, also in code that holds the interpreter's lock", async () => {
    const host = spawn(
      process.execPath,
      [
        fileURLToPath(new URL("../faux/host.ts", import.meta.url)),
        connectorPath("hangs.py"),
        "process",
        '{"query":"regex"}',
      ],
      { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, TALLY_TEST_PYTHON: pandas ?? python } },
    );
    const pids = await new Promise<number[]>((resolve) =>
      host.stdout.once("data", (chunk: Buffer) => resolve(JSON.parse(chunk.toString("utf8")))),
    );
    expect(pids.length).toBeGreaterThan(0);
    host.kill("SIGKILL");
    expect(await until(() => !pids.some(isAlive), 2_000)).toBe(true);
  });

  test.skipIf(pandas === undefined)("that shuffles a DataFrame is a fault with the fix (needs pandas)", async () => {
    const outcome = await local("shuffles.py").call("process", queries("ccc", "a", "bb"), { timeoutMs });
    expect(outcome.kind === "fault" && { ...timeless(outcome) }).toMatchInlineSnapshot(`
      {
        "fault": {
          "code": "connector-row-order",
          "exit": 4,
          "hint": "Restore the order before returning: .sort_index(). Sort, merge and groupby shuffle silently.",
          "message": "process returned its rows in another order: row 0 of the answer is that of record 1; return it with .sort_index(), or with .reset_index(drop=True) if the order is right and only the index is not.",
        },
        "kind": "fault",
        "splitting": false,
        "stop": false,
      }
    `);
  });
});
