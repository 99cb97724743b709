/** Connectors that misbehave without being wrong: the run must not notice, or must say exactly what it noticed. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { pandas, python } from "../faux/local-connector.ts";
import { tell } from "../kit/events.ts";
import { project, type Project } from "../kit/project.ts";

/** A project around one of test/faux/connectors. */
function withConnector(name: string, files: Readonly<Record<string, string>>): Project {
  const source = readFileSync(new URL(`../faux/connectors/${name}`, import.meta.url), "utf8");
  const [model = "", ending] = name.split(".");
  const connector = ending === "py" ? `python = "${name}"\ninterpreter = "${pandas ?? python}"` : `node = "${name}"`;
  return project({
    "tally.toml": `[model]\nname = "${model}"\n[connector]\n${connector}\n`,
    [name]: source,
    ...files,
  });
}

const withoutPython = python === undefined;

test.for(["prints.ts", "floods.ts", "prints.py", "floods.py"])(
  "%s may print what it likes: nothing is disturbed",
  async (name, context) => {
    if (name.endsWith(".py") && withoutPython) context.skip("no Python 3 on this machine");
    const suite = withConnector(name, {
      "cases/cases.jsonl": `{"operation":"process","input":{"query":"a"},"expect":{"ok":true}}\n`.repeat(3),
    });
    const { ended, events, exit, stderr } = await tell(suite);
    expect({ exit, pass: ended.pass, planned: ended.planned, stderr }).toEqual({
      exit: 0,
      pass: 3,
      planned: 3,
      stderr: "",
    });
    const said = events.flatMap((event) => (event.type === "log" && event.source === "connector" ? [event.text] : []));
    if (name.startsWith("prints")) expect(said).toEqual(expect.arrayContaining(["loading", "on stderr", "raw on 1"]));
    else expect(said.at(-1)).toMatch(/^… \d+ more lines were not shown$/);
  },
);

const tests = `
import { expect, operation, OperationError, test } from "tallyml";
const process = operation("process");
test("a good record", async () => { expect(await process({ query: "abc" })).toTally({ length: 3 }); });
test("a bad record", async () => { await process({ query: "bad" }); });
test("a bad record is expected", async () => {
  const error = await process({ query: "bad" }).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(OperationError);
  expect({ type: error.type, operation: error.operation }).toEqual({ type: TYPE, operation: "process" });
});
test("a bad record among good ones", async () => {
  const error = await process([{ query: "a" }, { query: "bad" }, { query: "cc" }]).catch((thrown) => thrown);
  expect(error.answers).toEqual([{ length: 1 }, undefined, { length: 2 }]);
});
`;

const cases = `
{"name":"good","operation":"process","input":{"query":"abc"},"expect":{"length":3}}
{"name":"any error","operation":"process","input":{"query":"bad"},"expect":{"$error":true}}
{"name":"this error","operation":"process","input":{"query":"bad"},"expect":{"$error":"TYPE"}}
{"name":"another error","operation":"process","input":{"query":"bad"},"expect":{"$error":"KeyError"}}
{"name":"no error","operation":"process","input":{"query":"bad"},"expect":{"length":3}}
`;

test.for([
  ["raises.ts", "TypeError"],
  ["raises.py", "ValueError"],
] as const)(
  "%s: one record that raises answers $error, the others keep their answers",
  async ([name, type], context) => {
    if (name.endsWith(".py") && withoutPython) context.skip("no Python 3 on this machine");
    const suite = withConnector(name, {
      "tests/a.test.ts": tests.replaceAll("TYPE", JSON.stringify(type)),
      "cases/cases.jsonl": cases.replaceAll("TYPE", type),
    });
    const { exit, judged, verdicts } = await tell(suite);
    expect({ exit, verdicts }).toEqual({
      exit: 1,
      verdicts: {
        "a good record": "pass",
        "a bad record": "fail assertion",
        "a bad record is expected": "pass",
        "a bad record among good ones": "pass",
        good: "pass",
        "any error": "pass",
        "this error": "pass",
        "another error": "fail mismatch",
        "no error": "fail mismatch",
      },
    });
    expect(judged.find(({ id }) => id.endsWith("> a bad record"))?.failures[0]?.message).toBe(
      `OperationError: process answered ${type}: cannot parse 'bad'`,
    );
  },
);

test("what an endpoint answers oddly is warned of, once, with its count", async () => {
  const { faux } = await import("../faux/faux.ts");
  await using server = await faux.bareTokens();
  const suite = project({
    "tally.toml": `[model]\nname = "m"\n[operations.process]\ninput = { query = "string" }\noutput = { score = "float64", low = "float64" }\n`,
    "cases/process.jsonl": `{"input":{"query":"a"},"expect":{"score":"NaN","low":"-Infinity"}}\n`.repeat(2),
  });
  const { events, exit } = await tell(suite, ["-e", server.url, "--batch", "1"]);
  const warnings = events.flatMap((event) => (event.type === "warning" ? [`${event.code} ${event.count}`] : []));
  expect({ exit, warnings }).toEqual({ exit: 0, warnings: ["bare-tokens 6", "extra-field 2"] });
});
