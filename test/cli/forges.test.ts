import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readEventLine } from "../../src/verdict/event-line.ts";
import { withTests } from "../kit/length-model.ts";
import { normal, project } from "../kit/project.ts";
import { bugProject } from "../kit/wrong-length.ts";

const failing = withTests(`
test("length, 100%: too long", async () => { expect(await process({ text: "abc" })).toTally({ length: 4 }); });
test("one", async () => { expect(await process({ text: "a" })).toTally({ length: 1 }); });
test("advice", { level: "recommended" }, () => { expect(1).toBe(2); });
test("::error::a | <b> \`name\`", () => { console.log("::set-output name=x::y"); throw new Error("::add-mask::secret"); });
`);

/** The random word that closes GitHub's ears. */
function withoutToken(text: string): string {
  const token = /::stop-commands::(\S+)/.exec(text)?.[1] ?? "";
  return text.replaceAll(token, "<token>");
}

test("on GitHub Actions failures are annotations, and nothing that a suite says is obeyed", async () => {
  const suite = project(
    Object.fromEntries(Object.entries(failing).map(([path, text]) => [`models/lengths/${path}`, text])),
  );
  const summary = join(suite.root, "summary.md");
  const env = { GITHUB_ACTIONS: "true", GITHUB_WORKSPACE: suite.root, GITHUB_STEP_SUMMARY: summary };
  const { exit, stdout } = await suite.tally(["test"], { env, cwd: join(suite.root, "models/lengths") });
  expect(exit).toBe(1);
  const lines = withoutToken(stdout).trimEnd().split("\n");
  const closed = lines.indexOf("::stop-commands::<token>");
  const opened = lines.indexOf("::<token>::");
  expect(closed).toBe(0);
  expect(lines.slice(closed + 1, opened).some((line) => line.trimStart().startsWith("::error"))).toBe(false);
  expect(lines.slice(opened)).toMatchInlineSnapshot(`
    [
      "::<token>::",
      "::error file=models/lengths/tests/a.test.ts,line=4,title=length%2C 100%25%3A too long::process.length: expected 4, got 3%0Areproduce: tally replay 71e9c50b",
      "::error file=models/lengths/tests/a.test.ts,line=7,title=%3A%3Aerror%3A%3Aa | <b> \`name\`::::add-mask::secret%0Areproduce: tally replay 394433de",
      "::warning file=models/lengths/tests/a.test.ts,line=6,title=advice::expected 1 to be 2 // Object.is equality%0Areproduce: tally replay 00c0daff",
    ]
  `);
  expect(normal(readFileSync(summary, "utf8"), suite.root)).toMatchInlineSnapshot(`
    "### ❌ lengths-ml-test: 3 of 4 tests fail

    | failed | passed |
    |--:|--:|
    | 3 | 1 |

    reference <code>node:connector.ts</code> · suite <code>sha256:<digest></code>

    <details><summary><code>tests/a.test.ts &#62; length, 100%: too long</code> process.length: expected 4, got 3</summary>

    \`\`\`text
     ✗ tests/a.test.ts > length, 100%: too long
       first difference  process.length
       process  {"text":"abc"}
         field   expected  answer  delta
       ✗ length         4       3  abs 1 · rel 0.25
         2 | const process = operation("process"); const inference = operation("inference");
         3 | 
       > 4 | test("length, 100%: too long", async () => { expect(await process({ text: "abc" })).toTally({ length: 4 }); });
           |                                                                                     ^
         5 | test("one", async () => { expect(await process({ text: "a" })).toTally({ length: 1 }); });
         6 | test("advice", { level: "recommended" }, () => { expect(1).toBe(2); });
       at tests/a.test.ts:4:85
       reproduce  tally replay 71e9c50b
    \`\`\`

    </details>

    <details><summary><code>tests/a.test.ts &#62; ::error::a &#124; &#60;b&#62; &#96;name&#96;</code> ::add-mask::secret</summary>

    \`\`\`text
     ✗ tests/a.test.ts > ::error::a | <b> \`name\`
       an assertion failed
       ::add-mask::secret
         5 | test("one", async () => { expect(await process({ text: "a" })).toTally({ length: 1 }); });
         6 | test("advice", { level: "recommended" }, () => { expect(1).toBe(2); });
       > 7 | test("::error::a | <b> \`name\`", () => { console.log("::set-output name=x::y"); throw new Error("::add-mask::se…
           |                                                                                      ^
         8 | 
       at tests/a.test.ts:7:86
       output
         ::set-output name=x::y
       reproduce  tally replay 394433de
    \`\`\`

    </details>

    <details><summary><code>tests/a.test.ts &#62; advice</code> expected 1 to be 2 // Object.is equality</summary>

    \`\`\`text
     ✗ tests/a.test.ts > advice
       an assertion failed · recommended only
       expected 1 to be 2 // Object.is equality
         - Expected
         + Received
         
         - 2
         + 1
         4 | test("length, 100%: too long", async () => { expect(await process({ text: "abc" })).toTally({ length: 4 }); });
         5 | test("one", async () => { expect(await process({ text: "a" })).toTally({ length: 1 }); });
       > 6 | test("advice", { level: "recommended" }, () => { expect(1).toBe(2); });
           |                                                            ^
         7 | test("::error::a | <b> \`name\`", () => { console.log("::set-output name=x::y"); throw new Error("::add-mask::se…
         8 | 
       at tests/a.test.ts:6:60
       reproduce  tally replay 00c0daff
    \`\`\`

    </details>

    "
  `);
});

test("ten annotations at most, and the summary stays below the limit however much fails", async () => {
  const long = "x".repeat(60_000);
  const suite = project(
    withTests(`for (let n = 0; n < 150; n += 1) test("fails " + n, () => { throw new Error(n + "${long}"); });`),
  );
  const summary = join(suite.root, "summary.md");
  suite.write({ "summary.md": "before\n".repeat(50_000) });
  const { stdout } = await suite.tally(["test"], { env: { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: summary } });
  expect(stdout.split("\n").filter((line) => line.startsWith("::error"))).toHaveLength(10);
  expect(statSync(summary).size).toBeLessThan(900_000);
  const text = readFileSync(summary, "utf8");
  expect(text.startsWith("before\n")).toBe(true);
  expect(text).toContain("150 of 150 tests fail");
});

test("what keeps a run from beginning is annotated too, and a machine's stdout stays clean", async () => {
  const suite = project(failing);
  const env = { GITHUB_ACTIONS: "true" };
  const broken = await suite.tally(["test", "-e", "http://127.0.0.1:1"], { env });
  expect(
    withoutToken(broken.stdout)
      .split("\n")
      .filter((line) => line.startsWith("::error"))
      // The hint depends on whether this machine is a container.
      .map((line) => line.replace(/%0Ahint: .*/, "%0Ahint: <hint>")),
  ).toMatchInlineSnapshot(`
    [
      "::error title=endpoint-unreachable::No answer from http://127.0.0.1:1 (connection refused).%0Ahint: <hint>",
    ]
  `);
  const machine = await suite.tally(["test", "--reporter", "ndjson"], { env });
  expect(machine.stdout.trim().split("\n").map(readEventLine).at(-1)?.type).toBe("run-ended");
  expect(machine.stderr).toContain("::error file=tests/a.test.ts");
});

test("in GitLab CI the tests fold, and so does what was printed", async () => {
  const suite = project({
    ...withTests(`test("fine", async () => { expect(await process({ text: "a" })).toTally({ length: 1 }); });`),
  });
  suite.write({
    "tests/b.test.ts": `import { test } from "tallyml";\nconsole.log("loading b");\ntest("b", () => {});\n`,
  });
  const { stdout } = await suite.tally(["test", "-j", "1"], { env: { GITLAB_CI: "true" } });
  expect(
    normal(stdout, suite.root)
      .replaceAll("\u001b", "<esc>")
      .replaceAll("\r", "<cr>")
      .replaceAll(/(section_\w+:)\d+/g, "$1<seconds>"),
  ).toMatchInlineSnapshot(`
    "<esc>[0Ksection_start:<seconds>:tally_tests<cr><esc>[0KTests
     lengths-ml-test 1.0.0 · sha256:<digest> · tally 0.1.0
     reference  node:connector.ts  lengths node <version>

     ✓ tests/a.test.ts                     1
     ✓ tests/b.test.ts                     1
    <esc>[0Ksection_end:<seconds>:tally_tests<cr><esc>[0K

     2 passed in <time>
    <esc>[0Ksection_start:<seconds>:tally_log[collapsed=true]<cr><esc>[0KLog of suite, connector and endpoint
    [suite] loading b
    <esc>[0Ksection_end:<seconds>:tally_log<cr><esc>[0K
    "
  `);
});

const sides = ["-e", "research=connector", "-e", "production=node:wrong.ts"];
const parting = bugProject(`
test("bb has two", async () => { expect(await process({ text: "bb" })).toTally({ length: 2 }); });
test("wrong on both", async () => { expect(await process({ text: "ccc" })).toTally({ length: 4 }); });
test("::error::a | b", () => { console.log("::set-output name=x::y"); throw new Error("::add-mask::secret"); });
test("fine", async () => { expect(await process({ text: "dd dd" })).toTally({ length: 5 }); });
`);

test("on GitHub a matrix is annotated with the sides that fail so, and nothing that a suite says is obeyed", async () => {
  const suite = project(parting);
  const summary = join(suite.root, "summary.md");
  const env = { GITHUB_ACTIONS: "true", GITHUB_WORKSPACE: suite.root, GITHUB_STEP_SUMMARY: summary };
  const { exit, stdout } = await suite.tally(["test", ...sides, "-e", "gone=cmd:./nothing"], { env });
  expect(exit).toBe(1);
  const lines = withoutToken(stdout).trimEnd().split("\n");
  const opened = lines.indexOf("::<token>::");
  expect(lines.indexOf("::stop-commands::<token>")).toBe(0);
  // The name of a test begins a line of the table: while GitHub hears nothing.
  const said = lines.findLastIndex((line) => line.trimStart().startsWith("::error::a | b"));
  expect(said > 0 && said < opened).toBe(true);
  expect(lines.slice(opened)).toMatchInlineSnapshot(`
    [
      "::<token>::",
      "::error title=stdio-start (gone)::./nothing did not start: not found.%0Ahint: Build it first; the path counts from the folder Tally was called in.",
      "::error file=tests/a.test.ts,line=4,title=bb has two (production)::process.length: expected 2, got 7%0Areproduce: tally replay 44090b37",
      "::error file=cases/process.jsonl,line=1,title=short (production)::process.length: expected 3, got 7%0Areproduce: tally replay 3f68eba6",
      "::error file=tests/a.test.ts,line=5,title=wrong on both (research%2C production)::process.length: expected 4, got 3%0Areproduce: tally replay a5ea8538",
      "::error file=tests/a.test.ts,line=6,title=%3A%3Aerror%3A%3Aa | b (research%2C production)::::add-mask::secret%0Areproduce: tally replay 98e07f9d",
    ]
  `);
  expect(normal(readFileSync(summary, "utf8"), suite.root)).toMatchInlineSnapshot(`
    "### ❌ lengths-ml-test: The sides part in 2 of 5 tests; 5 not judged on every side

    - **research** 2 failed, 3 passed <code>node:connector.ts</code>
    - **production** 4 failed, 1 passed <code>node:wrong.ts</code>
    - **gone** nothing judged <code>cmd:./nothing</code> · stdio-start

    | test | research | production | gone | |
    |---|:-:|:-:|:-:|---|
    | <code>cases/process.jsonl &#62; short</code> | ✓ | ✗ | · | process.length: expected 3, got 7 |
    | <code>tests/a.test.ts &#62; bb has two</code> | ✓ | ✗ | · | process.length: expected 2, got 7 |
    | <code>tests/a.test.ts &#62; wrong on both</code> | ✗ | ✗ | · | process.length: expected 4, got 3 |
    | <code>tests/a.test.ts &#62; ::error::a &#124; b</code> | ✗ | ✗ | · | ::add-mask::secret |
    | <code>tests/a.test.ts &#62; fine</code> | ✓ | ✓ | · |  |

    "
  `);
  const json = await suite.tally(["test", ...sides, "--reporter", "github", "--json"]);
  expect(JSON.parse(json.stdout)).toMatchObject({ parting: 2 });
  expect(json.stderr.match(/^::error /gm)).toHaveLength(4);
});

test("in GitLab CI a matrix folds, and so does what each side printed", async () => {
  const suite = project({ ...parting, "wrong.ts": `console.error("loaded the port");\n${parting["wrong.ts"]}` });
  const { stdout } = await suite.tally(["test", ...sides, "-q"], { env: { GITLAB_CI: "true" } });
  const shown = normal(stdout, suite.root).replaceAll(/:\d{10}:/g, ":<time>:");
  expect(shown.replaceAll("\u001b", "<esc>").replaceAll("\r", "<cr>")).toMatchInlineSnapshot(`
    "<esc>[0Ksection_start:<time>:tally_tests<cr><esc>[0KTests
     research    2 failed, 3 passed in <time>
     production  4 failed, 1 passed in <time>
     the sides part in 2 of 5 tests; 1 passes everywhere
    <esc>[0Ksection_end:<time>:tally_tests<cr><esc>[0K
    <esc>[0Ksection_start:<time>:tally_log_production[collapsed=true]<cr><esc>[0KLog of production
    [connector] loaded the port
    <esc>[0Ksection_end:<time>:tally_log_production<cr><esc>[0K
    "
  `);
});

test("both can be asked for anywhere, and stand beside the terminal", async () => {
  const suite = project(failing);
  const { stdout } = await suite.tally(["test", "--reporter", "github", "--reporter", "junit=junit.xml"]);
  expect(stdout).toContain(" 3 failed, 1 passed");
  expect(stdout).toContain("::error file=tests/a.test.ts");
  expect(existsSync(join(suite.root, "junit.xml"))).toBe(true);
});
