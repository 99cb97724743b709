import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fauxModel } from "../faux/faux-model.ts";
import { tell } from "../kit/events.ts";
import { type Project, project } from "../kit/project.ts";

const contract = `
[model]
name = "people"
version = "1.0.0"
[connector]
node = "connector.ts"
[operations.look]
input = { who = { type = "struct", fields = { name = { type = "string", sensitive = true }, room = "int" } } }
[operations.look.output]
size = "int"
"a.b" = { type = "string", sensitive = true }
secret = { type = "string", sensitive = true }
pay = { type = "float64", sensitive = true }
box = { type = "struct", fields = { inner = { type = "string", sensitive = true }, open = "int" } }
[suite]
tests = ["tests/**/*.test.ts"]
`;

const connector = `
import { defineConnector } from "tallyml";
export default defineConnector({
  look(frame) {
    return [...frame].map(({ who }) => {
      const name = String(who.name);
      console.log("seen " + name);
      if (name === "Thrower Mint") throw new TypeError("cannot look at " + name);
      return { size: name.length, "a.b": name + " dotted", secret: name + " hidden value", pay: 8123.25, box: { inner: name + " boxed", open: 1 } };
    });
  },
});
`;

/** None of them may be seen outside. */
const clear = /Quentin|Thrower Mint|dotted|hidden value|8123|boxed/;

function people(tests: string): Project {
  return project({
    "tally.toml": contract,
    "connector.ts": connector,
    "tests/a.test.ts": `import { expect, operation, test } from "tallyml";
const look = operation("look");
const name = ["Quen", "tin Mallory"].join("");
${tests}`,
  });
}

function allFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

test("plain assertions, structs, dotted names and printed lines show hashes", async () => {
  const made = people(`
    const ask = () => look({ who: { name, room: 7 } });
    test("be", async () => { expect((await ask()).secret).toBe("x"); });
    test("equal", async () => { expect(await ask()).toEqual({}); });
    test("number", async () => { expect((await ask()).pay).toBe(0.5); });
    test("close", async () => { expect((await ask()).pay).toBeCloseTo(1); });
    test("tally", async () => { expect(await ask()).toTally({ "a.b": "x", box: { inner: "y", open: 2 } }); });
    test("thrown", async () => { const { box } = await ask(); throw new Error("got " + box.inner); });
    test("printed", async () => { console.log((await ask()).secret); });
  `);
  const told = await tell(made);
  expect(told.verdicts).toEqual({
    be: "fail assertion",
    equal: "fail assertion",
    number: "fail assertion",
    close: "fail assertion",
    tally: "fail mismatch",
    thrown: "fail assertion",
    printed: "pass",
  });
  const open = told.events;
  expect(JSON.stringify(open)).not.toMatch(clear);
  const exchange = told.events.find((event) => event.type === "exchange");
  expect(exchange?.input).toMatch(/^\{"who":\{"name":"sensitive:[0-9a-f]{12}","room":7\}\}$/);
  expect(exchange?.answer).toMatch(
    /^\{"size":15,"a\.b":"sensitive:\w+","secret":"sensitive:\w+","pay":"sensitive:\w+","box":\{"inner":"sensitive:\w+","open":1\}\}$/,
  );
  const be = told.judged.find(({ id }) => id.endsWith("be"));
  expect(be?.failures[0]?.message.replace(/[0-9a-f]{12}/, "<hash>")).toMatchInlineSnapshot(
    `"expected 'sensitive:<hash>' to be 'x' // Object.is equality"`,
  );
  const tally = told.judged.find(({ id }) => id.endsWith("tally"));
  expect(tally?.mismatches.map(({ path, candidate }) => [path, candidate?.replace(/[0-9a-f]{12}/, "<hash>")])).toEqual([
    ["a.b", '"sensitive:<hash>"'],
    ["box.inner", '"sensitive:<hash>"'],
    ["box.open", "1"],
  ]);
});

test("a value that a test asks with is not shown in its source, nor is a line to paste made of its hash", async () => {
  const made = people(`
    test("asked", async () => { expect((await look({ who: { name: "Quentin Mallory", room: 7 } })).size).toBe(1); });
    test("nobody", async () => { expect((await look({ who: { name: null, room: 7 } })).size).toBe(1); });
  `);
  made.write({ "tally.toml": contract.replace('name = { type = "string", sen', 'name = { type = "string?", sen') });
  await using good = await fauxModel({
    look: () => ({ size: 15, "a.b": "a", secret: "s", pay: 1, box: { inner: "i", open: 1 } }),
  });
  const ran = await made.tally(["test", "-e", good.url, "--out", "report"]);
  expect(ran.exit).toBe(1);
  const files = allFiles(join(made.root, "report"));
  expect(files.filter((file) => /Quentin/.test(readFileSync(file, "utf8")))).toEqual([]);
  expect(readFileSync(join(made.root, "report/events.ndjson"), "utf8")).toContain(
    `"input":{"who":{"name":null,"room":7}}`,
  );
  const lines = ran.stdout.split("\n").filter((line) => line.includes("curl"));
  expect(lines).toEqual([expect.stringContaining('{"who":{"name":null,"room":7}}')]);
});

test("the text of an error answer shows no sensitive value", async () => {
  const made = people(`test("throws", async () => { await look({ who: { name: "Thrower" + " Mint", room: 7 } }); });`);
  const { events } = await tell(made);
  const open = events;
  expect(JSON.stringify(open)).toMatch(/cannot look at sensitive:/);
  expect(JSON.stringify(open)).not.toMatch(clear);
});

test("--show-sensitive shows everything", async () => {
  const made = people(
    `test("be", async () => { expect((await look({ who: { name, room: 7 } })).secret).toBe("x"); });`,
  );
  expect(JSON.stringify((await tell(made, ["--show-sensitive"])).judged)).toMatch(/Quentin Mallory hidden value/);
});

const asked = `test("asks", async () => { expect(await look({ who: { name, room: 7 } })).toTally({ size: 15 }); });`;

test("without a key no answer to a sensitive input is stored, and that is said", async () => {
  const made = people(asked);
  const { events } = await tell(made);
  expect(existsSync(join(made.root, ".tally/answers.jsonl"))).toBe(false);
  expect(events.filter((event) => event.type === "warning")).toEqual([
    {
      type: "warning",
      code: "answers-sensitive",
      message: "1 record is not among the reference answers: sensitive inputs",
      hint: "With a key in TALLY_SENSITIVE_KEY they are stored as keyed hashes.",
      count: 1,
    },
  ]);
});

test("with a key sensitive inputs are stored as hashes, sensitive answers not at all, and a candidate is compared by the rest", async () => {
  const made = people(asked);
  const env = { TALLY_SENSITIVE_KEY: "a key of the team" };
  await tell(made, [], { env });
  expect(readFileSync(join(made.root, ".tally/answers.jsonl"), "utf8")).toMatch(
    /^\{"operation":"look","input":\{"who":\{"name":"sensitive:[0-9a-f]{32}","room":7\}\},"answer":\{"size":15,"box":\{"open":1\}\},"model":"1.0.0"\}\n$/,
  );
  await using model = await fauxModel({
    look: () => ({ size: 14, "a.b": "q", secret: "r", pay: 1, box: { inner: "s", open: 1 } }),
  });
  const { ended, events, judged } = await tell(made, ["-e", model.url], { env });
  expect(judged[0]?.divergence).toEqual({ operation: "look", path: "size" });
  expect(events.find((event) => event.type === "exchange")?.reference).toBe('{"size":15,"box":{"open":1}}');
  expect(ended.board.map(({ agree, compared, field }) => [field, agree, compared])).toEqual([
    ["size", 0, 1],
    ["box", 1, 1],
  ]);
  const kept = allFiles(join(made.root, ".tally")).map((file) => readFileSync(file, "utf8"));
  const lines = kept.join("\n").split("\n");
  expect(lines.join("\n")).not.toMatch(clear);
});
