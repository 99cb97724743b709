import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { bundleOf, deliveredSuite, suiteEntries } from "../kit/archive.ts";
import { connector, contract } from "../kit/length-model.ts";
import { normal, project, type Project } from "../kit/project.ts";
import { type Repository, repositoryAt } from "../kit/repository.ts";

const cases = `{"name":"short","input":{"text":"abc"},"expect":{"length":3}}
{"name":"empty","input":{"text":""},"expect":{"length":0}}
{"name":"long","input":{"text":"abcdef"},"expect":{"length":6,"half":3}}
`;

const files = {
  "tally.toml": contract,
  "connector.ts": connector,
  "cases/process.jsonl": cases,
  "cases/inference.jsonl": `{"name":"none","input":{"text":""},"expect":{"long":false}}\n`,
  "tests/shared.ts": "export const word = 'abc';\n",
  "tests/a.test.ts": `import { operation, test, expect } from "tallyml";
import { word } from "./shared.ts";
const process = operation("process");
test("counts a word", async () => { expect(await process({ text: word })).toTally({ length: 3 }); });
test("counts nothing", async () => { expect(await process({ text: "" })).toTally({ length: 0 }); });
`,
  "tests/b.test.ts": `import { operation, test, expect } from "tallyml";
const inference = operation("inference");
test("decides", async () => { expect(await inference({ text: "" })).toTally({ long: false }); });
`,
};

/** The suite at tag v1, in a repository of its own. */
function tagged(): { suite: Project; repo: Repository; cache: Record<string, string> } {
  const suite = project(files);
  const repo = repositoryAt(suite.root);
  repo.write({ ".gitignore": ".tally\ncache\n" });
  repo.commit();
  repo.git("tag", "v1");
  mkdirSync(join(suite.root, "cache"));
  return { suite, repo, cache: { XDG_CACHE_HOME: join(suite.root, "cache") } };
}

async function shown({ cache, suite }: ReturnType<typeof tagged>, ...args: string[]): Promise<string> {
  const { exit, stderr, stdout } = await suite.tally(args, { env: cache });
  return `${normal(stdout + stderr, suite.root)}exit ${exit}`;
}

test("only what changed runs: cases row by row, files with what they import", async () => {
  const at = tagged();
  at.repo.write({
    "cases/process.jsonl": `${cases.replace('"length":0', '"length":0,"half":0')}{"name":"new","input":{"text":"é"},"expect":{"length":1}}\n`,
    "tests/shared.ts": "export const word = 'xyz';\n",
  });
  expect(await shown(at, "list", "--changed-since", "v1")).toMatchInlineSnapshot(`
    "tests/a.test.ts
      4  counts a word
      5  counts nothing

    cases/process.jsonl
      2  empty
      4  new

    2 tests · 2 cases
    exit 0"
  `);
  expect(await shown(at, "test", "--changed-since", "v1", "-q")).toMatchInlineSnapshot(`
    " 4 passed in <time>
    exit 0"
  `);
});

test("another tolerance runs the operation's tests and those behind it", async () => {
  const at = tagged();
  at.repo.write({ "tally.toml": contract.replace('half = "float64"', 'half = { type = "float64", exact = true }') });
  expect(await shown(at, "test", "--changed-since", "v1", "-q")).toMatchInlineSnapshot(`
    " 7 passed in <time>
    exit 0"
  `);
});

test("where nothing changed there is nothing to run, and that is no failure", async () => {
  const at = tagged();
  at.repo.write({ "README.md": "words\n", "connector.ts": `${connector}\n// faster\n` });
  expect(await shown(at, "test", "--changed-since", "v1", "-q")).toMatchInlineSnapshot(`
    " nothing to run in <time>
    exit 0"
  `);
});

test("where nothing changed nothing is started or connected to, and every report is written", async () => {
  const at = tagged();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  at.suite.write({
    "marked.ts": `import { writeFileSync } from "node:fs";\nwriteFileSync("loaded", "");\n${connector}`,
  });
  at.repo.write({ ".gitignore": ".tally\ncache\nmarked.ts\nloaded\nstarted\nreport\n" });
  const start = `"${process.execPath}" -e "fs.writeFileSync('started', '')"`;
  const served = ["-e", `http://127.0.0.1:${port}`, "--start", start];
  expect(await shown(at, "test", "--changed-since", "v1", ...served, "--out", "report")).toMatchInlineSnapshot(`
    " lengths-ml-test 1.0.0 · sha256:<digest> · tally 0.1.0
     candidate  http://127.0.0.1:<port>
     selection  --changed-since v1


     nothing to run in <time>
     report  report/index.html
    nothing changed since v1: no endpoint is asked
    exit 0"
  `);
  expect(await shown(at, "test", "--changed-since", "v1", "-q", "-e", "node:marked.ts")).toMatchInlineSnapshot(`
    " nothing to run in <time>
    exit 0"
  `);
  const sides = ["-e", "a=node:marked.ts", "-e", `b=http://127.0.0.1:${port}`];
  expect(await shown(at, "test", "--changed-since", "v1", ...sides)).toMatchInlineSnapshot(`
    " lengths-ml-test 1.0.0 · sha256:<digest>
     a  node:marked.ts
     b  http://127.0.0.1:<port>

     a  nothing judged in <time>
     b  nothing judged in <time>
     nothing was judged
    nothing changed since v1: no endpoint is asked
    exit 0"
  `);
  const made = ["loaded", "started"].filter((name) => existsSync(join(at.suite.root, name)));
  expect({ connections, made }).toEqual({ connections: 0, made: [] });
  expect(readFileSync(join(at.suite.root, "report/junit.xml"), "utf8")).toContain('tests="0"');
});

test("a table that cannot be read is not left out", async () => {
  const at = tagged();
  at.repo.write({ "cases/process.jsonl": "{\n" });
  expect((await at.suite.tally(["test", "--changed-since", "v1", "-q"], { env: at.cache })).exit).toBe(5);
});

test("a delivered suite is held against another ref of its own repository", async () => {
  const at = tagged();
  at.repo.write({ "cases/process.jsonl": cases.replace('"length":6', '"length":7') });
  at.repo.commit();
  at.repo.git("tag", "v2");
  const suite = ["--suite", `git+file://${at.suite.root}#v2`];
  expect(await shown(at, "list", ...suite, "--changed-since", "v1")).toMatchInlineSnapshot(`
    "cases/process.jsonl
      3  long

    0 tests · 1 case
    exit 0"
  `);
  expect(await shown(at, "diff-suite", "v1", "v2", ...suite)).toMatchInlineSnapshot(`
    " lengths-ml-test  v1 → v2
     sha256:<digest> → sha256:<digest>

     cases
       changed    cases/process.jsonl > long: expects length 6 → 7

     1 changed
    exit 0"
  `);
});

test("diff-suite tells what was added, removed, tightened and loosened", async () => {
  const at = tagged();
  at.repo.write({
    "tally.toml": contract
      .replace('half = "float64"', 'half = { type = "float64", rel = 1e-12 }')
      .replace("abs = 1e-6", "abs = 1e-3")
      .replace('label = "string?"', 'label = "string?", words = "int"'),
    "cases/process.jsonl": cases
      .replace('"length":0', '"length":0,"half":0')
      .replace(/.*long.*\n/, '{"name":"new","input":{"text":"é"},"expect":{"length":1}}\n'),
    "tests/a.test.ts": `${files["tests/a.test.ts"].replace("length: 0", "length: 0, half: 0")}test("is new", async () => {});\n`,
    "tests/b.test.ts": files["tests/b.test.ts"].replace("decides", "decides the empty text"),
  });
  expect(await shown(at, "diff-suite", "v1")).toMatchInlineSnapshot(`
    " lengths-ml-test  v1 → here
     sha256:<digest> → sha256:<digest>

     operations
       tightened  process.half: rel 1e-9 → rel 1e-12
       added      process.words: int
       loosened   inference.score: abs 0.000001 → abs 0.001

     tests
       changed    tests/a.test.ts > counts nothing
       added      tests/a.test.ts > is new
       added      tests/b.test.ts > decides the empty text
       removed    tests/b.test.ts > decides

     cases
       tightened  cases/process.jsonl > empty: also expects half 0
       added      cases/process.jsonl > new
       removed    cases/process.jsonl > long

     4 added, 2 tightened, 1 changed, 1 loosened, 2 removed
     run what changed: tally test --changed-since v1
    exit 0"
  `);
  expect(await shown(at, "diff-suite", "v1", "--markdown")).toMatchInlineSnapshot(`
    "### \`lengths-ml-test\`: \`v1\` → \`here\`

    4 added, 2 tightened, 1 changed, 1 loosened, 2 removed (sha256:<digest> → sha256:<digest>)

    | | what | how |
    |---|---|---|
    | tightened | \`process.half\` | \`rel 1e-9 → rel 1e-12\` |
    | added | \`process.words\` | \`int\` |
    | loosened | \`inference.score\` | \`abs 0.000001 → abs 0.001\` |
    | changed | \`tests/a.test.ts > counts nothing\` |  |
    | added | \`tests/a.test.ts > is new\` |  |
    | added | \`tests/b.test.ts > decides the empty text\` |  |
    | removed | \`tests/b.test.ts > decides\` |  |
    | tightened | \`cases/process.jsonl > empty\` | \`also expects half 0\` |
    | added | \`cases/process.jsonl > new\` |  |
    | removed | \`cases/process.jsonl > long\` |  |
    exit 0"
  `);
  const { stdout } = await at.suite.tally(["diff-suite", "v1", "--json"], { env: at.cache });
  const told = JSON.parse(stdout) as { before: object; changes: object[] };
  expect([normal(JSON.stringify(told.before), at.suite.root), told.changes[0]]).toMatchInlineSnapshot(`
    [
      "{"ref":"v1","name":"lengths-ml-test","version":"1.0.0","digest":"sha256:<digest>"}",
      {
        "area": "operations",
        "at": "process.half",
        "kind": "tightened",
        "what": "rel 1e-9 → rel 1e-12",
      },
    ]
  `);
});

test("tests are told by their names, and what they share apart from them", async () => {
  const at = tagged();
  const source = (changes: Readonly<Record<string, string>> = {}): string => {
    const text = `import { test, describe, beforeEach } from "tallyml";
const word = "abc";
describe("a", () => {
  beforeEach(() => {});
  test("one", async () => { 1; });
  test.each([["x", 1], ["y", 2]])("row %s", async () => { 2; });
  test.skip(\`three\`, async () => { 3; });
});
for (const n of [1, 2]) test(String(n), async () => { 4; });
`;
    return Object.entries(changes).reduce((all, [from, to]) => all.replace(from, to), text);
  };
  const python = `import pytest\n@pytest.mark.slow\ndef test_one(process):\n    assert True\n\ndef test_two(process):\n    assert True\n`;
  at.repo.write({ "tests/c.test.ts": source(), "tests/test_d.py": python });
  at.repo.write({ "tally.toml": contract.replace("[suite]", '[suite]\npytest = ["tests/**/test_*.py"]') });
  at.repo.commit();
  at.repo.git("tag", "v2");
  let load = "never";
  const said = async (changes: Readonly<Record<string, string>>): Promise<string> => {
    at.repo.write({ "tests/c.test.ts": source(changes) });
    const text = await shown(at, "diff-suite", "v2", "--load", load);
    return text
      .split("\n")
      .filter((line) => /^ +(added|removed|changed) .*tests\//.test(line))
      .map((line) => line.trim())
      .join("\n");
  };
  const each = async (): Promise<object> => ({
    one: await said({ "1;": "11;" }),
    row: await said({ '"y", 2': '"y", 3' }),
    three: await said({ "3;": "33;" }),
    describe: await said({ 'describe("a"': 'describe("b"' }),
    word: await said({ '"abc"': '"abcd"' }),
    computed: await said({ "4;": "44;" }),
    spaces: await said({ "{ 1; }": "{\n    1;\n  }" }),
  });
  const loaded = async (): Promise<object> => {
    load = "auto";
    return { ...(await each()), loop: await said({ "[1, 2]": "[2, 3]" }) };
  };
  expect(await each()).toMatchInlineSnapshot(`
    {
      "computed": "changed    tests/c.test.ts: what its tests share, or a test whose name is",
      "describe": "changed    tests/c.test.ts: what its tests share, or a test whose name is",
      "one": "changed    tests/c.test.ts > one",
      "row": "changed    tests/c.test.ts > row %s",
      "spaces": "changed    tests/c.test.ts: a file that it imports, or its layout",
      "three": "changed    tests/c.test.ts > three",
      "word": "changed    tests/c.test.ts: what its tests share, or a test whose name is",
    }
  `);
  expect(await loaded()).toMatchInlineSnapshot(`
    {
      "computed": "changed    tests/c.test.ts > 1: and 1 more from the same lines",
      "describe": "changed    tests/c.test.ts: what its tests share
    added      tests/c.test.ts > b > one
    added      tests/c.test.ts > b > row x
    added      tests/c.test.ts > b > row y
    added      tests/c.test.ts > b > three
    removed    tests/c.test.ts > a > one
    removed    tests/c.test.ts > a > row x
    removed    tests/c.test.ts > a > row y
    removed    tests/c.test.ts > a > three",
      "loop": "added      tests/c.test.ts > 3
    removed    tests/c.test.ts > 1",
      "one": "changed    tests/c.test.ts > a > one",
      "row": "changed    tests/c.test.ts > a > row x: and 1 more from the same lines",
      "spaces": "changed    tests/c.test.ts: a file that it imports, or its layout",
      "three": "changed    tests/c.test.ts > a > three",
      "word": "changed    tests/c.test.ts: what its tests share",
    }
  `);
  at.repo.write({ "tests/c.test.ts": source(), "tests/test_d.py": python.replace("slow", "fast") });
  expect(await shown(at, "diff-suite", "v2")).toMatchInlineSnapshot(`
    " lengths-ml-test  v2 → here
     sha256:<digest> → sha256:<digest>

     tests
       changed    tests/test_d.py > test_one

     1 changed
     run what changed: tally test --changed-since v2
    exit 0"
  `);
});

test("documentation and reference answers ask nothing else", async () => {
  const at = tagged();
  at.repo.write({ "tally.toml": contract.replace('length = "int"', 'length = { type = "int", doc = "characters" }') });
  expect(await shown(at, "diff-suite", "v1")).toMatchInlineSnapshot(`
    " lengths-ml-test  v1 → here
     sha256:<digest> → sha256:<digest>

     nothing is asked otherwise: reference answers, documentation or notes of cases differ
    exit 0"
  `);
});

test("values of sensitive fields are not told", async () => {
  const at = tagged();
  at.repo.write({
    "tally.toml": contract.replace('length = "int"', 'length = { type = "int", sensitive = true }'),
    "cases/process.jsonl": cases.replace('"length":6', '"length":7'),
  });
  expect(await shown(at, "diff-suite", "v1")).toMatchInlineSnapshot(`
    " lengths-ml-test  v1 → here
     sha256:<digest> → sha256:<digest>

     cases
       changed    cases/process.jsonl > long: expects length otherwise (sensitive)

     1 changed
     run what changed: tally test --changed-since v1
    exit 0"
  `);
});

test("a ref is data: git and the shell never take it for anything else", async () => {
  const at = tagged();
  expect((await at.suite.tally(["diff-suite", "--", "--output=x"], { env: at.cache })).exit).toBe(2);
  expect((await at.suite.tally(["test", "--changed-since", "v1;touch x"], { env: at.cache })).exit).toBe(2);
  expect((await at.suite.tally(["test", "--changed-since", "ext::sh -c id"], { env: at.cache })).exit).toBe(2);
});

test("names that are made as a file runs are compared; rows are told one by one, and nothing else of their test", async () => {
  const at = tagged();
  const rows = (...lines: readonly string[]): string => `import { test } from "tallyml";
test.each([
${lines.map((line) => `  ${line},\n`).join("")}])("%s has %d", async (word, length) => {});
`;
  at.repo.write({ "tests/rows.test.ts": rows('["ab", 2]', '["abc", 3]', '["abcd", 4]') });
  at.repo.commit();
  at.repo.git("tag", "v2");
  at.repo.write({ "tests/rows.test.ts": rows('["ab", 2]', '["x", 1]', '["abcd", 4]') });
  expect(await shown(at, "diff-suite", "v2")).toMatchInlineSnapshot(`
    " lengths-ml-test  v2 → here
     sha256:<digest> → sha256:<digest>

     tests
       added      tests/rows.test.ts > x has 1
       removed    tests/rows.test.ts > abc has 3

     1 added, 1 removed
     run what changed: tally test --changed-since v2
    exit 0"
  `);
  // What was packed elsewhere is only looked at, and that is said.
  const { "connector.ts": _, ...suiteFiles } = files;
  const bundle = deliveredSuite({ ...suiteFiles, "tests/rows.test.ts": rows('["ab", 2]') });
  at.suite.write({ "old.tgz": bundleOf(suiteEntries(bundle)) });
  expect(await shown(at, "diff-suite", "old.tgz", "v2")).toMatchInlineSnapshot(`
    " lengths-ml-test  old.tgz → v2
     sha256:<digest> → sha256:<digest>

     tests
       changed    tests/rows.test.ts > %s has %d

     1 changed
     names made as a file runs are not seen in tests/rows.test.ts (a suite from
     elsewhere is loaded only with --load always)
    exit 0"
  `);
  expect(await shown(at, "diff-suite", "old.tgz", "v2", "--load", "always")).toMatchInlineSnapshot(`
    " lengths-ml-test  old.tgz → v2
     sha256:<digest> → sha256:<digest>

     tests
       added      tests/rows.test.ts > abc has 3
       added      tests/rows.test.ts > abcd has 4

     2 added
    exit 0"
  `);
  const { stdout } = await at.suite.tally(["diff-suite", "old.tgz", "v2", "--json"], { env: at.cache });
  expect((JSON.parse(stdout) as { onlyRead: string[] }).onlyRead).toEqual(["tests/rows.test.ts"]);
  const marks = `${rows('["ab", 2]')}import { writeFileSync } from "node:fs";\nwriteFileSync("loaded", "");\n`;
  at.repo.write({ "tests/rows.test.ts": marks });
  at.repo.commit();
  at.repo.git("tag", "v3");
  // A file that cannot be loaded in one version (the fence lets it write nothing) is read in both.
  expect(await shown(at, "diff-suite", "v2", "v3")).toMatchInlineSnapshot(`
    " lengths-ml-test  v2 → v3
     sha256:<digest> → sha256:<digest>

     tests
       changed    tests/rows.test.ts: what its tests share, or a test whose name is
                  made as it runs
       changed    tests/rows.test.ts > %s has %d

     2 changed
     names made as a file runs are not seen in tests/rows.test.ts (not loaded in
     both versions)
    exit 0"
  `);
  expect(existsSync(join(at.suite.root, "loaded"))).toBe(false);
});

test("a file that any test may read concerns all tests", async () => {
  const at = tagged();
  at.repo.write({
    "tally.toml": contract.replace("[suite]", '[suite]\nfiles = ["tests/data/**"]'),
    "tests/data/words.txt": "tea\n",
  });
  at.repo.commit();
  at.repo.git("tag", "v2");
  expect(await shown(at, "list", "--changed-since", "v2")).toContain("0 tests · 0 cases");
  at.repo.write({ "tests/data/words.txt": "coffee\n" });
  expect(await shown(at, "list", "--changed-since", "v2")).toContain("3 tests · 0 cases");
  expect(await shown(at, "diff-suite", "v2")).toContain("tests/a.test.ts");
});
