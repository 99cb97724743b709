import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type FauxOperations, fauxModel, type FauxRecord } from "../faux/faux-model.ts";
import { faux } from "../faux/faux.ts";
import { tell } from "../kit/events.ts";
import { withTests } from "../kit/length-model.ts";
import { normal, type Project, project } from "../kit/project.ts";

const right: FauxOperations = {
  process: ({ text }) => ({ length: [...String(text)].length, half: [...String(text)].length / 2, label: null }),
  inference: ({ text }) => {
    const score = 1 / (1 + Math.exp(4 - [...String(text)].length));
    return { long: score >= 0.5, score };
  },
};

const suite = `
  for (const text of ["a", "bb", "ccc", "😀", "a long one"]) {
    test("length of " + text, async () => { expect(await process({ text })).toTally({ length: [...text].length }); });
    test("decision of " + text, async () => { expect(await inference({ text })).toTally({ long: [...text].length >= 4 }); });
  }
`;

/** A project that has run against its connector, so that the reference answers are there. */
async function researched(tests = suite, more: Record<string, string> = {}): Promise<Project> {
  const made = project({ ...withTests(tests), ...more });
  expect((await made.tally(["test"])).exit).toBe(0);
  return made;
}

test("a run against the connector records the answers, upstream stages included", async () => {
  const made = await researched(`test("only the last stage", async () => { await inference({ text: "abc" }); });`);
  expect(readFileSync(join(made.root, ".tally/answers.jsonl"), "utf8")).toMatchInlineSnapshot(`
    "{"operation":"inference","input":{"text":"abc"},"answer":{"long":false,"score":0.2689414213699951},"model":"1.0.0"}
    {"operation":"process","input":{"text":"abc"},"answer":{"length":3,"half":1.5,"label":null},"model":"1.0.0"}
    "
  `);
  expect(readFileSync(join(made.root, ".tally/.gitignore"), "utf8")).toBe("*\n!.gitignore\n!answers.jsonl\n");
});

test("a selected run adds its answers to those that are there", async () => {
  const made = await researched();
  const lines = (): number => readFileSync(join(made.root, ".tally/answers.jsonl"), "utf8").split("\n").length;
  const before = lines();
  await made.tally(["test", "-k", "ccc"]);
  expect(lines()).toBe(before);
});

test("a faithful candidate agrees, and the board says over how many records", async () => {
  const made = await researched();
  await using model = await fauxModel(right);
  const { ended, exit } = await tell(made, ["-e", model.url]);
  expect(exit).toBe(0);
  expect(ended.board).toEqual([
    { operation: "process", field: "length", agree: 5, compared: 5, implemented: true },
    { operation: "process", field: "half", agree: 5, compared: 5, implemented: true },
    { operation: "process", field: "label", agree: 5, compared: 5, implemented: true },
    { operation: "inference", field: "long", agree: 5, compared: 5, implemented: true },
    { operation: "inference", field: "score", agree: 5, compared: 5, implemented: true },
  ]);
});

test("a failure shows the reference, the upstream stage of both sides, and the first field that parts", async () => {
  const made = await researched();
  const utf16: FauxOperations = {
    process: ({ text }) => ({ length: String(text).length, half: [...String(text)].length / 2, label: null }),
    inference: ({ text }) => ({ long: String(text).length >= 2, score: 0.9 }),
  };
  await using model = await fauxModel(utf16);
  const { events, judged } = await tell(made, ["-e", model.url, "-k", "decision of 😀"]);
  expect(judged[0]).toMatchObject({
    verdict: "fail",
    reason: "mismatch",
    divergence: { operation: "process", path: "length" },
  });
  const exchanges = events.filter((event) => event.type === "exchange");
  expect(
    exchanges.map(({ answer, asked, input, operation, reference }) => ({ asked, operation, input, answer, reference })),
  ).toMatchInlineSnapshot(`
    [
      {
        "answer": "{"long":true,"score":0.9}",
        "asked": "test",
        "input": "{"text":"😀"}",
        "operation": "inference",
        "reference": "{"long":false,"score":0.04742587317756678}",
      },
      {
        "answer": "{"length":2,"half":0.5,"label":null}",
        "asked": "stage",
        "input": "{"text":"😀"}",
        "operation": "process",
        "reference": "{"length":1,"half":0.5,"label":null}",
      },
    ]
  `);
});

test("failure ids are the same on every run and every machine", async () => {
  const wrong: FauxOperations = { ...right, process: () => ({ length: 0, half: 0, label: null }) };
  const made = await researched();
  await using model = await fauxModel(wrong);
  const ids = async (): Promise<unknown> =>
    (await tell(made, ["-e", model.url])).judged.flatMap(({ failure }) => failure ?? []);
  const first = await ids();
  expect(first).toHaveLength(5);
  expect(await ids()).toEqual(first);
});

test("an operation that is not there yet is a failure of its own kind, and the board shows what is", async () => {
  const made = await researched();
  const { process } = right;
  await using model = await fauxModel(process ? { process } : {});
  const { ended, exit, verdicts } = await tell(made, ["-e", model.url]);
  expect(exit).toBe(1);
  expect(verdicts["decision of ccc"]).toBe("fail not-implemented");
  expect(verdicts["length of ccc"]).toBe("pass");
  expect(ended.board.filter(({ operation }) => operation === "inference")).toEqual([
    { operation: "inference", field: "long", agree: 0, compared: 5, implemented: false },
    { operation: "inference", field: "score", agree: 0, compared: 5, implemented: false },
  ]);
});

test("A28 records in another order: wrong values, with a word about what they look like", async () => {
  const made = await researched();
  await using model = await fauxModel(right, { change: (answers) => answers.toReversed() });
  const { judged } = await tell(made, ["-e", model.url, "-k", "length"]);
  const notes = new Set(
    judged.filter(({ verdict, reason }) => verdict === "fail" && reason === "mismatch").map(({ note }) => note),
  );
  // Asked alone each record is right: in a batch the order decides.
  expect(judged.some(({ reason }) => reason === "batch-dependent")).toBe(true);
  expect(notes.size).toBeLessThanOrEqual(1);
});

test("A29 extra, missing and renamed fields are named, with the name that was meant", async () => {
  const made = await researched();
  await using model = await fauxModel({
    ...right,
    process: ({ text }) => ({ lenght: String(text).length, half: String(text).length / 2, label: null }),
  });
  const { events, judged } = await tell(made, ["-e", model.url, "-k", "length of ccc"]);
  expect(judged[0]?.mismatches).toMatchInlineSnapshot(`
    [
      {
        "exchange": 1,
        "hint": "did you mean \`lenght\`? The candidate has that",
        "kind": "missing",
        "operation": "process",
        "path": "length",
        "reference": "3",
      },
    ]
  `);
  expect(events.filter((event) => event.type === "warning")).toMatchInlineSnapshot(`
    [
      {
        "code": "extra-field",
        "count": 1,
        "hint": "Did you mean length?",
        "message": "process answers lenght, which the contract does not declare",
        "type": "warning",
      },
    ]
  `);
});

test("A23 numbers are compared as they are written", async () => {
  const toml = `
[model]
name = "numbers"
[connector]
node = "connector.ts"
[operations.process]
input = { text = "string" }
output = { id = "int64", price = { type = "decimal", scale = 2 }, zero = { type = "float64", signed_zero = true }, big = "float64" }
[suite]
tests = ["tests/**/*.test.ts"]
`;
  const connector = `import { defineConnector } from "tallyml";
export default defineConnector({ process: (frame) => [...frame].map(() => ({ id: 9007199254740993n, price: "0.10", zero: -0, big: 1e300 })) });`;
  const tests = `test("exact", async () => { expect(await process({ text: "" })).toTally({ id: 9007199254740993n, price: "0.1", zero: -0, big: 1e300 }); });
test("as an author sees them", async () => { expect(await process({ text: "" })).toEqual({ id: 9007199254740993n, price: "0.10", zero: -0, big: 1e300 }); });`;
  const made = await researched(tests.replaceAll("inference", "process"), {
    "tally.toml": toml,
    "connector.ts": connector,
    "tests/a.test.ts": `import { expect, operation, test } from "tallyml"; const process = operation("process");\n${tests}`,
  });
  await using rounded = await fauxModel(
    { process: () => ({}) },
    { write: () => '[{"id":9007199254740992,"price":0.1000000000000000055,"zero":0,"big":1e400}]' },
  );
  const { judged } = await tell(made, ["-e", rounded.url, "-k", "exact"]);
  expect(
    judged[0]?.mismatches.map(({ candidate, hint, kind, path, reference }) => ({
      path,
      kind,
      reference,
      candidate,
      hint,
    })),
  ).toMatchInlineSnapshot(`
    [
      {
        "candidate": "9007199254740992",
        "hint": "equal once rounded to a double: digits beyond 2^53 were lost",
        "kind": "value",
        "path": "id",
        "reference": "9007199254740993",
      },
      {
        "candidate": "0.1000000000000000055",
        "hint": "more than 2 digits after the point",
        "kind": "type",
        "path": "price",
        "reference": "0.1",
      },
      {
        "candidate": "0",
        "hint": "−0 and 0 differ here: signed_zero = true",
        "kind": "value",
        "path": "zero",
        "reference": "-0",
      },
      {
        "candidate": "1e400",
        "hint": "the candidate's number is beyond the largest float64 (about 1.8e308); it is not taken for Infinity",
        "kind": "value",
        "path": "big",
        "reference": "1e+300",
      },
    ]
  `);
});

test("an endpoint that refuses connections is one error, and no test is run", async () => {
  const made = await researched();
  const { ended, events, exit } = await tell(made, ["-e", "http://127.0.0.1:9"]);
  expect({ exit, planned: ended.planned, code: ended.problem?.code }).toEqual({
    exit: 3,
    planned: 0,
    code: "endpoint-unreachable",
  });
  expect(events.map(({ type }) => type)).toEqual(["run-started", "run-ended"]);
  const { stdout } = await made.tally(["test", "-e", "http://127.0.0.1:9"]);
  expect(stdout.match(/error\[[^\]]*\]/g)).toEqual(["error[endpoint-unreachable]"]);
});

test("three calls in a row that nothing answers end the run; every test is accounted for", async () => {
  const made = await researched();
  await using model = await faux.never();
  const { ended, exit } = await tell(made, ["-e", model.url, "--no-gather", "--timeout", "200ms"]);
  expect({ exit, planned: ended.planned, pass: ended.pass, accounted: ended.error + ended.skip }).toEqual({
    exit: 3,
    planned: 10,
    pass: 0,
    accounted: 10,
  });
  expect(ended.stopped).toBe("the endpoint no longer answers");
});

test("replay says FIXED, STILL, CHANGED or ERROR", async () => {
  const made = await researched();
  let answer = 0;
  const changing: FauxOperations = {
    ...right,
    process: (record: FauxRecord) => ({ ...Object(right["process"]?.(record)), length: answer || 3 }),
  };
  await using model = await fauxModel(changing);
  const { judged } = await tell(made, ["-e", model.url, "-k", "length of bb"]);
  const id = judged[0]?.failure ?? "";
  const replay = async (): Promise<string> => {
    const { exit, stdout } = await made.tally(["replay", id, "-e", model.url]);
    return `${exit} ${normal(stdout, made.root)}`;
  };
  expect(await replay()).toMatchInlineSnapshot(`
    "1 tests/a.test.ts > length of bb
      endpoint  http://127.0.0.1:<port>
      process  input {"text":"bb"}
        answer {"length":3,"half":1,"label":null}
        length  expected 2  now 3
    STILL  the answer is still what it was
    "
  `);
  answer = 7;
  expect(await replay()).toContain("CHANGED");
  answer = 2;
  expect(await replay()).toContain("0 tests/a.test.ts > length of bb");
  const gone = await made.tally(["replay", id, "-e", "http://127.0.0.1:9"]);
  expect({ exit: gone.exit, error: /ERROR/.test(gone.stdout) }).toEqual({ exit: 3, error: true });
  const [run = ""] = readdirSync(join(made.root, ".tally/runs")).toSorted().toReversed();
  expect((await made.tally(["replay", id, "--from", `.tally/runs/${run}`, "-e", model.url])).exit).toBe(0);
  expect(existsSync(join(made.root, ".tally/runs", run, "events.ndjson"))).toBe(true);
});

test("replay does not call fixed what it cannot send again, or what only a batch tells", async () => {
  const made = project(
    withTests(`
      let early; beforeAll(async () => { early = await process({ text: "abc" }); });
      test("early", () => { expect(early.length).toBe(4); });
      test("late", { timeout: 50 }, async () => { await new Promise(() => {}); });
      for (const n of [1, 2, 3]) test("joined " + n, async () => { expect(await process({ text: "a".repeat(n) })).toTally({ length: n }); });
    `),
  );
  await using model = await fauxModel(
    { process: ({ text }) => ({ length: String(text).length, half: 1, label: null }) },
    {
      change: (answers) =>
        answers.length === 1 ? answers : answers.map((answer) => ({ ...Object(answer), length: 9 })),
    },
  );
  const { judged } = await tell(made, ["-e", model.url]);
  const said: Record<string, string> = {};
  for (const { failure = "", id } of judged) {
    const { exit, stdout } = await made.tally(["replay", failure, "-e", model.url]);
    said[id] = `${exit}\n${normal(stdout, made.root)}`;
  }
  expect(said).toMatchInlineSnapshot(`
    {
      "tests/a.test.ts > early": "3
    tests/a.test.ts > early
    ERROR  the failure has no exchange of its own, so there is nothing to send again
      hint: tally test tests/a.test.ts:5
    ",
      "tests/a.test.ts > joined 1": "3
    tests/a.test.ts > joined 1
      endpoint  http://127.0.0.1:<port>
      process  input {"text":"a"}
        answer {"length":1,"half":1,"label":null}
        length  expected 1  now agrees
    ALONE  asked alone it agrees; what failed was its answer in a batch, and only the test asks that again
      hint: tally test tests/a.test.ts:7
    ",
      "tests/a.test.ts > joined 2": "3
    tests/a.test.ts > joined 2
      endpoint  http://127.0.0.1:<port>
      process  input {"text":"aa"}
        answer {"length":2,"half":1,"label":null}
        length  expected 2  now agrees
    ALONE  asked alone it agrees; what failed was its answer in a batch, and only the test asks that again
      hint: tally test tests/a.test.ts:7
    ",
      "tests/a.test.ts > joined 3": "3
    tests/a.test.ts > joined 3
      endpoint  http://127.0.0.1:<port>
      process  input {"text":"aaa"}
        answer {"length":3,"half":1,"label":null}
        length  expected 3  now agrees
    ALONE  asked alone it agrees; what failed was its answer in a batch, and only the test asks that again
      hint: tally test tests/a.test.ts:7
    ",
      "tests/a.test.ts > late": "3
    tests/a.test.ts > late
    ERROR  the failure has no exchange of its own, so there is nothing to send again
      hint: tally test tests/a.test.ts:6
    ",
    }
  `);
});

test("a connector that closes its outputs is asked as before, and nothing is said of it", async () => {
  const closing = `import { closeSync } from "node:fs";\ncloseSync(1);\ncloseSync(2);\n`;
  const tests = `for (let n = 1; n <= 14; n += 1) test.sequential("t" + n, async () => { await new Promise((resolve) => setTimeout(resolve, 20)); expect(await process({ text: "a".repeat(n) })).toTally({ length: n }); });`;
  const files = withTests(tests);
  const made = project({ ...files, "connector.ts": `${closing}${files["connector.ts"]}` });
  const { exit, stderr } = await made.tally(["test", "--no-gather"]);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
});
