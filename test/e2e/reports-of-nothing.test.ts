/** A run that never began still has an end wherever it is looked for, and says why exactly once. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { normal, project } from "../kit/project.ts";

const files = {
  "tally.toml": `[model]\nname = "m"\n`,
  "cases/smoke.jsonl": `{"operation":"p","input":{}}\n`,
};

test("a program of --start that ends: stderr says it with its last words, stdout nothing, the reports all of it", async () => {
  const suite = project({ ...files, "server.mjs": `console.error("cannot open weights.bin");\nprocess.exit(3);\n` });
  const { exit, stderr, stdout } = await suite.tally([
    "test",
    "--start",
    "node server.mjs",
    "-e",
    "http://127.0.0.1:9",
    "--reporter",
    "junit=junit.xml",
    "--out",
    "report",
  ]);
  expect({ exit, stdout, stderr }).toMatchInlineSnapshot(`
    {
      "exit": 3,
      "stderr": "error[start-failed]: The program of --start ended before it answered (node server.mjs: ended with status 3).
      | cannot open weights.bin
      hint: Run it by hand and read what it says: node server.mjs
      more: docs/reference/errors.md#start-failed
    ",
      "stdout": "",
    }
  `);
  const [run = ""] = readdirSync(join(suite.root, ".tally/runs"));
  const kept = [join(".tally/runs", run, "events.ndjson"), "report/events.ndjson"].map((path) =>
    readFileSync(join(suite.root, path), "utf8")
      .trimEnd()
      .split("\n")
      .map((line): unknown => JSON.parse(line)),
  );
  const expected = [
    { type: "log", source: "start", text: "cannot open weights.bin" },
    { type: "run-ended", planned: 0, exit: 3, problem: { code: "start-failed", detail: "cannot open weights.bin" } },
  ];
  expect(kept).toMatchObject([expected, expected]);
  const junit = readFileSync(join(suite.root, "junit.xml"), "utf8");
  expect(junit.replaceAll(/ time="[^"]*"/g, "")).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="tally" tests="1" failures="0" errors="1" skipped="0">
    <testsuite name="tally" tests="1" failures="0" errors="1" skipped="0">
    <testcase name="the run" classname="tally">
    <error type="start-failed" message="The program of --start ended before it answered (node server.mjs: ended with status 3).">The program of --start ended before it answered (node server.mjs: ended with status 3).
    cannot open weights.bin
    hint: Run it by hand and read what it says: node server.mjs</error>
    </testcase>
    </testsuite>
    </testsuites>
    "
  `);
});

test("a connector that does not import: the report at the terminal has its traceback", async () => {
  const suite = project({
    "tally.toml": `${files["tally.toml"]}[connector]\nnode = "connector.ts"\n`,
    "cases/smoke.jsonl": files["cases/smoke.jsonl"],
    "connector.ts": `function loadWeights(): never {\n  throw new RangeError("the weights have 3 rows, not 4");\n}\nloadWeights();\n`,
  });
  const { exit, stderr, stdout } = await suite.tally(["test"]);
  expect({ exit, stderr }).toEqual({ exit: 4, stderr: "" });
  expect(normal(stdout, suite.root).replace(/\b\d+\.\d+\.\d+: RangeError/, "<version>: RangeError"))
    .toMatchInlineSnapshot(`
    " m-ml-test sha256:<digest> · tally 0.1.0
     reference  node:connector.ts  m


     nothing judged in <time>
     error[connector-import]: The connector connector.ts did not start in node
     <version>: RangeError: the weights have 3 rows, not 4.
       | RangeError: the weights have 3 rows, not 4
       |     at loadWeights (file://<root>/connector.ts:2:9)
       |     at Object.<anonymous> (file://<root>/connector.ts:4:1)
       hint: The lines above are the connector's own; correct it and run again.
    "
  `);
});

test("a folder with a web page of somebody else is left alone", async () => {
  const suite = project({ ...files, "mysite/index.html": "<h1>mine</h1>", "mysite/style.css": "h1 {}" });
  const refused = await suite.tally(["test", "-e", "http://127.0.0.1:9", "--out", "mysite"]);
  expect([refused.exit, refused.stderr]).toMatchInlineSnapshot(`
    [
      2,
      "error[out-not-writable]: Nothing can be written to mysite (its index.html is not a report of Tally).
      hint: Choose another place, or make it writable for this user: ls -ld mysite
      more: docs/reference/errors.md#out-not-writable
    ",
    ]
  `);
  const html = await suite.tally(["test", "-e", "http://127.0.0.1:9", "--reporter", "html=mysite"]);
  expect([html.exit, html.stderr]).toEqual([refused.exit, refused.stderr]);
  expect(readFileSync(join(suite.root, "mysite/index.html"), "utf8")).toBe("<h1>mine</h1>");
  expect(readdirSync(join(suite.root, "mysite")).toSorted()).toEqual(["index.html", "style.css"]);
});
