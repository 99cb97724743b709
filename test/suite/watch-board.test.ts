import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type FauxOperations, fauxModel } from "../faux/faux-model.ts";
import { withTests } from "../kit/length-model.ts";
import { type Project, project } from "../kit/project.ts";

const hasScript = spawnSync("script", ["--version"], { stdio: "ignore" }).status === 0;

const suite = `
for (const text of ["a", "bb", "😀", "x😀", "😀😀", "😀 one"])
  test("length of " + text, async () => { expect(await process({ text })).toTally({ length: [...text].length }); });
for (const text of ["a", "a long one"])
  test("decision of " + text, async () => { expect(await inference({ text })).toTally({ long: [...text].length >= 4 }); });
`;

const units: FauxOperations = {
  process: ({ text }) => ({ length: String(text).length, half: [...String(text)].length / 2, label: null }),
};
const points: FauxOperations = {
  process: ({ text }) => ({ length: [...String(text)].length, half: [...String(text)].length / 2, label: null }),
  inference: ({ text }) => {
    const score = 1 / (1 + Math.exp(4 - [...String(text)].length));
    return { long: score >= 0.5, score };
  },
};

async function researched(): Promise<Project> {
  const made = project(withTests(suite));
  expect((await made.tally(["test"])).exit).toBe(0);
  return made;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** The boards so far, one a run, without what differs from run to run. */
function boards(output: string): string[] {
  return output
    .replaceAll(/http:\S+/g, "<url>")
    .replaceAll(/ in \d+(\.\d+)? m?s/g, " in <time>")
    .replaceAll(/seed \d+|(?:replay|keep) [0-9a-f]{8}/g, "<made>")
    .split(/^(?= lengths-ml-test )/m)
    .filter((part) => part.startsWith(" lengths-ml-test"));
}

test("the board says where a port stands, what changed, and what to look at next, in plain lines", async () => {
  const made = await researched();
  const port = await freePort();
  const first = await fauxModel(units, { port });
  const running = made.start(["test", "--watch", "-e", `http://127.0.0.1:${port}`, "--out", "tally-report"]);
  await running.says(/exit 1 · waiting/);
  await first.close();
  await running.says(/the endpoint went away/);
  await using _ = await fauxModel(points, { port });
  await running.says(/all agree · waiting/);
  mkdirSync(join(made.root, "tests"), { recursive: true });
  writeFileSync(
    join(made.root, "tests/b.test.ts"),
    `import { expect, test } from "tallyml"; test("new", () => { expect(1).toBe(2); });`,
  );
  await running.says(/tests\/b\.test\.ts changed[^]*exit 1 · waiting/);
  writeFileSync(join(made.root, "notes.log"), "not a part of the suite");
  running.child.kill("SIGINT");
  const { exit, stderr, stdout } = await running.ended;
  expect(exit).toBe(130);
  expect(stdout).not.toMatch(/\u001b/);
  const [red = "", green = "", added = "", ...more] = boards(stdout);
  expect(more).toEqual([]);
  expect(stderr.match(/── .*/g)).toEqual(["── the endpoint is back", "── tests/b.test.ts changed"]);
  expect(red.split("\n").every((line) => line.length <= 80)).toBe(true);
  expect(red).toMatchInlineSnapshot(`
    " lengths-ml-test  <url>

     process    █████████████░░░░░░░  2 of 3 fields agree
       length   █████████░░░░░░░░░░░   43 %  4 of 7 off
     inference  not implemented yet

     next: 4 tests: process.length is too high

     ✗ tests/a.test.ts > length of 😀
       first difference  process.length
       process  {"text":"😀"}
         field   reference  candidate  delta
       ✗ length          1          2  abs 1 · rel 1
         3 | 
         4 | for (const text of ["a", "bb", "😀", "x😀", "😀😀", "😀 one"])
       > 5 |   test("length of " + text, async () => { expect(await process({ text …
           |                                                                       …
         6 | for (const text of ["a", "a long one"])
         7 |   test("decision of " + text, async () => { expect(await inference({ t…
       at tests/a.test.ts:5:75
       reproduce  tally <made>
       curl -sS <url> -H 'content-type: application/json' -d '[{"text":"😀"}]'
       as a case  tally <made>

     6 failed, 2 passed in <time>
     <made>
    "
  `);
  expect(green).toMatchInlineSnapshot(`
    " lengths-ml-test  <url>

     process    ████████████████████  3 of 3 fields agree
     inference  ████████████████████  2 of 2 fields agree

     since the run before
       ✓ 3 fields agree now
         process.length  43 % → 100 %
         inference.long  – → 100 %
         inference.score  – → 100 %
       ✓ 6 tests pass now
         tests/a.test.ts > length of 😀
         tests/a.test.ts > length of x😀
         tests/a.test.ts > length of 😀😀
         tests/a.test.ts > length of 😀 one
         tests/a.test.ts > decision of a
         … 1 more

     8 passed in <time>
    "
  `);
  expect(added).toMatchInlineSnapshot(`
    " lengths-ml-test  <url>

     process    ████████████████████  3 of 3 fields agree
     inference  ████████████████████  2 of 2 fields agree

     since the run before
       + 1 new test

     next: 1 test: expected 1 to be 2 // Object.is equality

     ✗ tests/b.test.ts > new
       an assertion failed
       expected 1 to be 2 // Object.is equality
         - Expected
         + Received
         
         - 2
         + 1
       > 1 | import { expect, test } from "tallyml"; test("new", () => { expect(1).…
           |                                                                       ^
       at tests/b.test.ts:1:71
       reproduce  tally <made>

     1 failed, 8 passed in <time>
     <made>
    "
  `);
});

test.skipIf(!hasScript)(
  "on a terminal the screen is cleared before the next board (skipped without script)",
  async () => {
    const made = await researched();
    await using model = await fauxModel(units);
    const command = `${process.execPath} ${join(process.cwd(), "bin/tally.js")} test --watch -e ${model.url}`;
    const child = spawn("script", ["-qec", command, "/dev/null"], {
      cwd: made.root,
      stdio: ["pipe", "pipe", "ignore"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    await expect.poll(() => output, { timeout: 20_000 }).toContain("waiting for a change");
    expect(output).toContain("\u001b[");
    writeFileSync(join(made.root, "tests/b.test.ts"), `import { test } from "tallyml"; test("new", () => {});`);
    await expect
      .poll(() => output, { timeout: 20_000 })
      .toMatch(/\u001b\[H\u001b\[2J[^]*1 new test[^]*waiting for a change/);
    child.stdin.write("\u0003");
    await new Promise((resolve) => child.on("close", resolve));
  },
);
