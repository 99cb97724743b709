/** A delivered suite in somebody else's folder: run, red and green, and everything a run is followed by. */
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { fauxModel } from "../faux/faux-model.ts";
import { bundleOf, deliveredSuite, suiteEntries } from "../kit/archive.ts";
import { contract } from "../kit/length-model.ts";
import { normal, project, type Project, type Ran } from "../kit/project.ts";

const tests = `import { expect, operation, test } from "tallyml";
const process = operation("process");
test("length of a word", async () => { expect(await process({ text: "abc" })).toTally({ length: 3 }); });
test("half of it", async () => { expect(await process({ text: "abc" })).toTally({ half: 1.5 }); });
`;
const delivered = deliveredSuite({
  "tally.toml": contract,
  "tests/words.test.ts": tests,
  "cases/process.jsonl": `{"name":"short","input":{"text":"ab"},"expect":{"length":2}}\n`,
});
const bundle = bundleOf(suiteEntries(delivered, "package/suite"));

type Answer = (record: Readonly<Record<string, unknown>>) => unknown;
const right: Answer = ({ text }) => ({ length: String(text).length, half: String(text).length / 2, label: null });
const wrong: Answer = ({ text }) => ({ length: String(text).length, half: 0, label: null });

/** A folder with the bundle and nothing else, a cache of its own, and an endpoint. */
async function development(
  process: Answer,
  stack: AsyncDisposableStack,
): Promise<{ here: Project; tally: (...words: string[]) => Promise<Ran> }> {
  const here = project({ "suite.tgz": bundle });
  const { url } = stack.use(await fauxModel({ process }));
  const env = { ENDPOINT: url, XDG_CACHE_HOME: join(here.root, "cache") };
  return { here, tally: (...words) => here.tally(words, { env }) };
}

test("a bundle is green against what is right, and its runs are in the folder it was started in", async () => {
  await using stack = new AsyncDisposableStack();
  const { here, tally } = await development(right, stack);
  const { exit, stderr, stdout } = await tally("test", "--suite", "suite.tgz", "--out", "out");
  expect(stderr).toBe("");
  expect(exit).toBe(0);
  expect(normal(stdout, here.root)).toContain("3 passed");
  expect(readdirSync(here.root).toSorted()).toEqual([".tally", "cache", "out", "suite.tgz"]);
  expect(readdirSync(join(here.root, "out"))).toEqual(
    expect.arrayContaining(["events.ndjson", "index.html", "junit.xml"]),
  );
  const [taken = ""] = readdirSync(join(here.root, "cache/tally/suites"));
  expect(existsSync(join(here.root, "cache/tally/suites", taken, ".tally"))).toBe(false);
});

test("a red bundle is replayed, run again for what failed, and reported, all from that folder", async () => {
  await using stack = new AsyncDisposableStack();
  const { tally } = await development(wrong, stack);
  const first = await tally("test", "--suite", "suite.tgz", "--reporter", "ndjson");
  expect(first.exit).toBe(1);
  const id = /"failure":"([0-9a-f]{8})"/.exec(first.stdout)?.[1] ?? "";
  const again = await tally("test", "--suite", "suite.tgz", "--last-failed", "--json");
  expect(JSON.parse(again.stdout).counts).toMatchObject({ planned: 1, fail: 1 });
  expect((await tally("replay", id, "--suite", "suite.tgz")).stdout).toMatch(/^STILL /m);
  expect((await tally("replay", id)).stdout).toMatch(/^STILL /m);
  expect((await tally("report")).exit).toBe(1);
});

test("paths on the command line are paths in the suite", async () => {
  await using stack = new AsyncDisposableStack();
  const { tally } = await development(right, stack);
  const { exit, stdout } = await tally("test", "tests/words.test.ts:3", "--suite", "suite.tgz", "--json");
  expect(exit).toBe(0);
  expect(JSON.parse(stdout).counts.planned).toBe(1);
});

test("schema, types and list speak of the suite that is named", async () => {
  await using stack = new AsyncDisposableStack();
  const { tally } = await development(right, stack);
  expect((await tally("types", "--suite", "suite.tgz")).stdout).toContain("half: number");
  expect((await tally("schema", "--suite", "suite.tgz", "--format", "markdown")).stdout).toContain("## process");
  expect(JSON.parse((await tally("list", "--suite", "suite.tgz", "--json")).stdout).tests).toHaveLength(3);
});

test("a suite that was taken apart before and changed since is taken apart anew", async () => {
  await using stack = new AsyncDisposableStack();
  const { here, tally } = await development(right, stack);
  await tally("list", "--suite", "suite.tgz");
  const [taken = ""] = readdirSync(join(here.root, "cache/tally/suites"));
  const file = join(here.root, "cache/tally/suites", taken, "tests/words.test.ts");
  writeFileSync(file, `import { test } from "tallyml";\ntest("nothing", () => {});\n`);
  expect((await tally("test", "--suite", "suite.tgz")).stdout).toContain("3 passed");
  writeFileSync(join(dirname(file), "more.test.ts"), `import { test } from "tallyml";\ntest("nothing", () => {});\n`);
  expect((await tally("test", "--suite", "suite.tgz")).stdout).toContain("3 passed");
});

test.for([
  ["a link to a folder", "tests/etc", "/"],
  ["a link beside what runs leave", ".tally/etc", "/etc"],
  ["a link in place of a file", "empty.csv", "/etc/hosts"],
])("a delivered folder with %s is refused: a fence does not hold behind links", async ([, path = "", target = ""]) => {
  const here = project({});
  const files = deliveredSuite({ "tally.toml": contract, "cases/process.jsonl": "", "empty.csv": "" });
  here.write(Object.fromEntries([...files].map(([name, content]) => [`suite/${name}`, content])));
  mkdirSync(dirname(join(here.root, "suite", path)), { recursive: true });
  rmSync(join(here.root, "suite", path), { force: true });
  symlinkSync(target, join(here.root, "suite", path));
  const { exit, stderr } = await here.tally(["list", "--suite", "suite"]);
  expect(stderr).toMatch(new RegExp(`^error\\[suite-digest\\]: suite is not the suite that was packed: ${path} `));
  expect(exit).toBe(7);
});

test("without an endpoint there is nothing to test: a delivered suite has no connector", async () => {
  const here = project({ "suite.tgz": bundle });
  const { exit, stderr } = await here.tally(["test", "--suite", "suite.tgz"], {
    env: { XDG_CACHE_HOME: join(here.root, "cache") },
  });
  expect(exit).toBe(2);
  expect(stderr).toMatch(/^error\[endpoint-none\]: /);
});

test("a cache that cannot be written is done without", async () => {
  await using stack = new AsyncDisposableStack();
  const { here } = await development(right, stack);
  const { url } = stack.use(await fauxModel({ process: right }));
  here.write({ tmp: "", "t/.keep": "" });
  const env = { ENDPOINT: url, XDG_CACHE_HOME: join(here.root, "tmp"), TMPDIR: join(here.root, "t") };
  const { exit, stdout } = await here.tally(["test", "--suite", "suite.tgz"], { env });
  expect(exit).toBe(0);
  expect(stdout).toContain("3 passed");
  expect(readdirSync(join(here.root, "t"))).toEqual([".keep"]);
});

test("a suite for a later Tally is refused before it is run", async () => {
  const later = deliveredSuite({ "tally.toml": `[tally]\nrequires = ">=9"\n${contract}`, "cases/process.jsonl": "" });
  const here = project({ "suite.tgz": bundleOf(suiteEntries(later)) });
  const { exit, stderr } = await here.tally(["test", "--suite", "suite.tgz"], {
    env: { ENDPOINT: "http://127.0.0.1:1", XDG_CACHE_HOME: join(here.root, "cache") },
  });
  expect(exit).toBe(2);
  expect(stderr).toMatch(/^error\[contract-requires\]: /);
});

test("a suite that was unpacked is held against its digest where it lies, by every verb that works on it", async () => {
  await using stack = new AsyncDisposableStack();
  const { url } = stack.use(await fauxModel({ process: right }));
  const here = project(Object.fromEntries(suiteEntries(delivered).map(({ content, path }) => [path, content ?? ""])));
  const inside = { cwd: join(here.root, "suite"), env: { ENDPOINT: url } };
  // What runs keep there is not the suite's.
  for (let n = 0; n < 2; n += 1) expect((await here.tally(["test", "-q"], inside)).exit).toBe(0);
  const refused = await here.tally(["test", "--out", "report"], inside);
  expect(refused.exit).toBe(2);
  expect(refused.stderr).toMatchInlineSnapshot(`
    "error[out-in-suite]: report lies in the delivered suite, which is left as it came.
      hint: Start it elsewhere and name the suite, or write outside: tally test --suite FOLDER --out tally-report
      more: docs/reference/errors.md#out-in-suite
    "
  `);
  const signed = await here.tally(["test", "--attest", "../key.pem"], inside);
  expect([signed.exit, signed.stderr.split("\n")[0]]).toEqual([
    2,
    "error[out-in-suite]: tally.attestation.json lies in the delivered suite, which is left as it came.",
  ]);
  const named = await here.tally(["test", "--suite", "suite", "--reporter", "junit=suite/junit.xml"], {
    env: inside.env,
  });
  expect([named.exit, named.stderr.includes("error[out-in-suite]")]).toEqual([2, true]);
  expect((await here.tally(["test", "-q", "--out", "../report"], inside)).exit).toBe(0);
  here.write({ "suite/cases/process.jsonl": `{"name":"short","input":{"text":"ab"},"expect":{}}\n` });
  const changed = await here.tally(["test"], inside);
  expect([changed.exit, changed.stdout, normal(changed.stderr, here.root)]).toMatchInlineSnapshot(`
    [
      7,
      "",
      "error[suite-digest]: <root>/suite is not the suite that was packed: cases/process.jsonl (it is not what was packed).
      hint: Do not run it. Fetch it anew; if it stays so, ask those who packed it.
      more: docs/reference/errors.md#suite-digest
    ",
    ]
  `);
  const elsewhere = [
    here.tally(["test"], { ...inside, cwd: join(here.root, "suite/cases") }),
    here.tally(["test", "--config", "suite/tally.toml"], { env: { ENDPOINT: url } }),
    here.tally(["test"], { env: { ENDPOINT: url, TALLY_CONFIG: "suite" } }),
    here.tally(["list"], inside),
    here.tally(["schema"], inside),
  ];
  expect((await Promise.all(elsewhere)).map(({ exit }) => exit)).toEqual([7, 7, 7, 7, 7]);
  writeFileSync(join(here.root, "suite/suite.json"), "{}");
  const foreign = await here.tally(["test"], inside);
  expect([foreign.exit, foreign.stderr.includes("error[suite-manifest]")]).toEqual([7, true]);
});
