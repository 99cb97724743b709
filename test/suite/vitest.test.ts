import { spawn } from "node:child_process";
import { cpSync, readFileSync, statSync } from "node:fs";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { tell, type Told } from "../kit/events.ts";
import { withTests } from "../kit/length-model.ts";
import { type Project, project } from "../kit/project.ts";
import { linkPackages, runVitest, vitestConfig, watchVitest } from "../kit/vitest.ts";

/** Verdicts of a run of Tally as Vitest says them: it knows no errors beside failures, and no case tables. */
function asVitestSays({ judged }: Told): Record<string, string> {
  const own = judged.filter(({ id }) => id.startsWith("tests/"));
  return Object.fromEntries(own.map(({ id, verdict }) => [id, verdict === "error" ? "fail" : verdict]));
}

function sorted(verdicts: Iterable<readonly [string, string]>): [string, string][] {
  return [...verdicts].map(([id, verdict]): [string, string] => [id, verdict]).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** The example as a stranger has it. */
function sqli(): Project {
  const made = project({ "vitest.config.ts": vitestConfig });
  for (const part of ["tally.toml", "package.json", "tests", "cases", "research"])
    cpSync(join("examples/sqli", part), join(made.root, part), { recursive: true });
  linkPackages(made.root);
  return made;
}

test("the example has the same verdict test by test, against its connector and against a faulty server", async () => {
  const made = sqli();
  const own = await tell(made);
  const ours = await runVitest(made.root);
  expect(sorted(ours.verdicts)).toEqual(sorted(Object.entries(asVitestSays(own))));
  expect([ours.exit, ours.verdicts.size > 250]).toEqual([0, true]);

  const url = await startFaulty();
  const red = await tell(made, ["-e", url]);
  const redOurs = await runVitest(made.root, { env: { ENDPOINT: url } });
  expect(sorted(redOurs.verdicts)).toEqual(sorted(Object.entries(asVitestSays(red))));
  expect(redOurs.exit).toBe(1);
  const [, message] = [...redOurs.messages].find(([id]) => id.includes('"null-safe" has 1')) ?? [];
  expect(message).toMatch(/null_values +expected 1 +got 0/);
});

async function startFaulty(): Promise<string> {
  const child = spawn(process.execPath, ["examples/sqli/production/server-first-attempt.mjs", "0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill());
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /http:\S+/.exec(line)?.[0];
    if (url !== undefined) return url;
  }
  throw new Error("the server did not say where it listens");
}

const everything = `
import { OperationError } from "tallyml";
let before = 0;
describe("hooks", { tags: ["hooks"] }, () => {
  test("written down before the hook", async () => {
    before += 1;
    await process({ text: "a" });
    expect(before).toBe(1);
    before -= 1;
  });
  beforeAll(async () => { expect((await process({ text: "abc" })).length).toBe(3); });
  beforeEach(async () => { expect((await process({ text: "ab" })).length).toBe(2); });
  afterEach(() => { expect(before).toBe(0); });
  test("never meets its neighbour", async () => {
    before += 1;
    await process({ text: "b" });
    expect(before).toBe(1);
    before -= 1;
  });
  describe("inside", () => {
    test("nor from within", async () => {
      before += 1;
      await process({ text: "c" });
      expect(before).toBe(1);
      before -= 1;
    });
  });
});
let alone = 0;
for (const name of ["one", "two"])
  test.sequential(name + " by itself", async () => {
    alone += 1;
    await process({ text: name });
    expect(alone).toBe(1);
    alone -= 1;
  });
test("skipped with a reason", { skip: "waits for the lexer" }, () => { throw new Error("ran"); });
test.skip("skipped", () => { throw new Error("ran"); });
test.todo("still to be written");
test("without a body");
test.skipIf(true)("skipped by a condition", () => { throw new Error("ran"); });
test.runIf(true)("run by a condition", async () => { expect(await process({ text: "xy" })).toTally({ length: 2 }); });
test.recommended("recommended and wrong", { bug: "BUG-7" }, async () => { expect(await process({ text: "xy" })).toTally({ length: 3 }); });
test.each([["a", 1], ["bb", 2], ["ccc", 4]])("%j has %d of $length", async (text, length) => {
  expect(await process({ text })).toTally({ length });
});
describe.each([{ text: "z", wanted: 1 }])("a row: $text", ({ text, wanted }) => {
  it("is as long as it says", async () => { expect(await process({ text })).toTally({ length: wanted, half: approx(0.5) }); });
});
test("the same name", async () => { expect(await process({ text: "1" })).toTally({ length: 1 }); });
test("the same name", async () => { expect(await process({ text: "1" })).toTally({ length: 2 }); });
test("soft failures belong to their own test", async () => {
  await process({ text: "q" });
  expect.soft(1).toBe(2);
  await process({ text: "r" });
});
test("beside it, counted assertions", async () => {
  expect.assertions(1);
  await process({ text: "s" });
  expect(1).toBe(1);
});
test("too few assertions", async () => {
  expect.assertions(2);
  await process({ text: "t" });
  expect(1).toBe(1);
});
test("a misspelt field", async () => { expect(await process({ text: "a" })).toTally({ lenght: 1 }); });
test("a misspelt operation", () => { operation("proces"); });
test("a wrong input", async () => { await process({ text: 1 }); });
test("an error of the model", async () => { await expect(process({ text: "boom" })).rejects.toThrow(OperationError); });
test("a list", async () => { expect(await process([{ text: "a" }, { text: "bb" }])).toTally([{ length: 1 }, { length: 2 }]); });
test("a chain", async () => { expect(await inference(await process({ text: "long one" }))).toTally({ long: true }); });
test("not awaited", async () => { void process({ text: "late" }).catch(() => {}); });
test("tolerance of the call", async () => { expect(await process({ text: "abc" })).toTally({ half: 1.4 }, { abs: 0.2 }); });
test("random numbers are those of the seed", () => { expect(Math.random()).toBe(Math.random()); });
`;

const failing = `
import { defineConnector } from "tallyml";
export default defineConnector({
  process: (frame) => frame.column("text").map((text) => {
    if (text === "boom") throw new RangeError("no");
    return { length: [...text].length, half: [...text].length / 2, label: null };
  }),
  inference: (frame) => frame.rows().map(({ text = "", length = [...text].length }) => ({ long: length >= 4, score: length / 10 })),
});
`;

test("every feature of the runner means the same under both", async () => {
  const made = project({ ...withTests(everything), "connector.ts": failing, "vitest.config.ts": vitestConfig });
  linkPackages(made.root);
  const own = asVitestSays(await tell(made));
  const { verdicts, output } = await runVitest(made.root);
  expect(sorted(verdicts), output).toEqual(sorted(Object.entries(own)));
  expect(Object.values(own).filter((verdict) => verdict === "fail").length).toBeGreaterThan(8);
});

test("tests that run at the same time share their calls", async () => {
  const tests = `for (let i = 0; i < 300; i += 1) test("text " + i, async () => { expect(await process({ text: "x".repeat(i) })).toTally({ length: i }); });`;
  const counting = `
import { appendFileSync } from "node:fs";
import { defineConnector } from "tallyml";
appendFileSync("started", "x");
export default defineConnector({
  process: (frame) => { appendFileSync("calls", "x"); return frame.column("text").map((text) => ({ length: [...text].length, half: 0, label: null })); },
  inference: (frame) => frame.column("text").map(() => ({ long: false, score: 0 })),
});`;
  const made = project({
    ...withTests(tests),
    "tests/b.test.ts": `import { test, expect, operation } from "tallyml"; test("b", async () => { expect(await operation("process")({ text: "b" })).toTally({ length: 1 }); });`,
    "connector.ts": counting,
    "vitest.config.ts": vitestConfig,
  });
  linkPackages(made.root);
  const { exit, output, verdicts } = await runVitest(made.root);
  expect([exit, verdicts.size], output).toEqual([0, 301]);
  expect(statSync(join(made.root, "calls")).size).toBeLessThan(20);
  expect(readFileSync(join(made.root, "started"), "utf8")).toBe("x");
});

test("while Vitest watches, a changed connector is loaded anew", async () => {
  const model = (length: string): string => `import { defineConnector } from "tallyml";
export default defineConnector({
  process: (frame) => frame.column("text").map((text) => ({ length: ${length}, half: 0, label: null })),
  inference: (frame) => frame.column("text").map(() => ({ long: false, score: 0 })),
});`;
  const files = withTests(
    `test("two", async () => { expect(await process({ text: "ab" })).toTally({ length: 2 }); });`,
  );
  const made = project({ ...files, "connector.ts": model("1"), "vitest.config.ts": vitestConfig });
  linkPackages(made.root);
  const watching = watchVitest(made.root);
  onTestFinished(watching.stop);
  await expect.poll(watching.output, { timeout: 25_000 }).toContain("1 failed");
  made.write({ "connector.ts": model("text.length") });
  let saves = 0;
  const passes = (): boolean => {
    // As a person saves until it is green: nobody says when the connector is there.
    made.write({ "tests/a.test.ts": `${files["tests/a.test.ts"]}\n// ${(saves += 1)}` });
    return watching.output().includes("1 passed");
  };
  await expect.poll(passes, { timeout: 25_000, interval: 1500 }).toBe(true);
});

test("an endpoint that is not there fails every test that asks, with what is wrong", async () => {
  const made = project({
    ...withTests(`test("asks", async () => { await process({ text: "a" }); });`),
    "vitest.config.ts": vitestConfig,
  });
  linkPackages(made.root);
  const { messages } = await runVitest(made.root, { env: { ENDPOINT: "http://127.0.0.1:9" } });
  expect([...messages.values()].join("\n")).toContain("127.0.0.1:9");
});
