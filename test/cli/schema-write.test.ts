import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { project } from "../kit/project.ts";

const connector = `import { defineConnector } from "tallyml";
export default defineConnector({
  after: { inference: "process" },
  process: (frame) => [...frame].map(({ text }) => ({ length: String(text).length, label: text === "" ? null : "x" })),
  inference: (frame) => [...frame].map((row, i) => ({ share: 1 / 3 + frame.length * 1e-8, long: String(row.text).length > 2 })),
});
`;
const start = `# The words of the author stay.
[model]\r
name = "m"     # as they are

[connector]
node = "connector.ts"`;
const samples = `{"text":"abc"}\n{"text":""}\n`;

test("operations are declared from what the connector answers, and the rest of the file stays byte for byte", async () => {
  const suite = project({ "tally.toml": start, "connector.ts": connector, "sample.jsonl": samples });
  const { exit, stderr, stdout } = await suite.tally(["schema", "--write", "--sample", "sample.jsonl"]);
  expect({ exit, stderr, stdout }).toMatchInlineSnapshot(`
    {
      "exit": 0,
      "stderr": "",
      "stdout": "tally.toml: wrote [operations.process], [operations.inference]
      next:  read them, then: tally test
    ",
    }
  `);
  const text = readFileSync(join(suite.root, "tally.toml"), "utf8");
  expect(text.startsWith(start)).toBe(true);
  expect(text.slice(start.length).replaceAll("\r", "")).toMatchInlineSnapshot(`
    "

    [operations.process]
    input = { text = "string" }
    output = { length = "int", label = "string?" }

    [operations.inference]
    after = "process"
    input = { text = "string" }

    [operations.inference.output]
    share = { type = "float64", rel = 0.000001 }  # alone and in a batch its values were a relative 3.0e-8 apart
    long = "boolean"
    "
  `);
  expect((await suite.tally(["schema", "--write", "--sample", "sample.jsonl"])).stdout).toBe(
    "tally.toml declares all that the connector defines: process, inference\n",
  );
  expect(readFileSync(join(suite.root, "tally.toml"), "utf8")).toBe(text);
});

test("only what is missing is added, and the cases are a sample", async () => {
  const declared = `[model]\nname = "m"\n[connector]\nnode = "connector.ts"\n[operations.process]\ninput = { text = "string" }\noutput = { length = "int" }\n`;
  const suite = project({
    "tally.toml": declared,
    "connector.ts": connector,
    "cases/process.jsonl": `{"input":{"text":"abc"}}\n`,
  });
  const { stdout } = await suite.tally(["schema", "--write"]);
  expect(stdout.split("\n")[0]).toBe("tally.toml: wrote [operations.inference]");
  const text = readFileSync(join(suite.root, "tally.toml"), "utf8");
  expect(text.startsWith(declared)).toBe(true);
  expect((await suite.tally(["test"])).exit).toBe(0);
});

test("in a pyproject.toml the sections stand under tool.tally", async () => {
  const suite = project({
    "pyproject.toml": `[project]\nname = "m"\n[tool.tally.model]\nname = "m"\n[tool.tally.connector]\nnode = "connector.ts"\n`,
    "connector.ts": connector,
    "sample.jsonl": samples,
  });
  const { stdout } = await suite.tally(["schema", "--write", "--sample", "sample.jsonl"]);
  expect(stdout.split("\n")[0]).toBe(
    "pyproject.toml: wrote [tool.tally.operations.process], [tool.tally.operations.inference]",
  );
  expect((await suite.tally(["schema"])).exit).toBe(0);
});
