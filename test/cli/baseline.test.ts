import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { parse } from "smol-toml";
import { expect, test } from "vitest";
import { normal, project, type Project } from "../kit/project.ts";

/** A port that counts UTF-8 bytes where characters are meant. */
const files = {
  "tally.toml": `[model]
name = "lengths"
[endpoints]
default = "node:port.ts"
[operations.process]
input = { text = "string" }
output = { length = "int", half = "float64" }
`,
  "port.ts": `import { defineConnector, type Frame } from "tallyml";
export default defineConnector({
  process: (frame: Frame<{ text: string }>) =>
    frame.column("text").map((text) => ({ length: Buffer.byteLength(String(text)), half: String(text).length / 2 })),
});
`,
  "cases/process.jsonl": `{"name":"plain","input":{"text":"abc"},"expect":{"length":3}}
{"name":"umlaut","input":{"text":"äbc"},"expect":{"length":3}}
{"name":"emoji","input":{"text":"x€"},"expect":{"length":2,"half":1.5}}
`,
};

function entry(test: string, keys = ""): string {
  return `[[accepted]]
test = ${JSON.stringify(test)}
reason = "counts bytes"
owner = "search"
expires = 2999-01-31
mismatches = [{ operation = "process", field = "length", kind = "value" }]
${keys}`;
}

const emoji = `[[accepted]]
test = "cases/process.jsonl > emoji"
reason = "counts bytes"
owner = "search"
expires = "2999-01-31"
mismatches = [
  { operation = "process", field = "half", kind = "value" },
  { operation = "process", field = "length", kind = "value" },
]
`;

async function shown(suite: Project, ...args: string[]): Promise<string> {
  const { exit, stderr, stdout } = await suite.tally(["test", ...args]);
  return `${normal(stdout + stderr, suite.root)}exit ${exit}`;
}

test("accepted failures are listed, shown and do not fail the run", async () => {
  const suite = project({ ...files, "tally.baseline.toml": `${entry("cases/process.jsonl > umlaut")}\n${emoji}` });
  expect(await shown(suite)).toMatchInlineSnapshot(`
    " lengths-ml-test sha256:<digest> · tally 0.1.0
     candidate  node:port.ts  node <version>

     ✓ cases/process.jsonl                 3  2 known

     known  2 failures are accepted in the baseline
       ~ cases/process.jsonl > umlaut
         process.length: expected 3, got 4
         counts bytes (search, until 2999-01-31)
       ~ cases/process.jsonl > emoji
         process.length: expected 2, got 4 (and 1 more)
         counts bytes (search, until 2999-01-31)

     1 passed, 2 known in <time>
    exit 0"
  `);
});

test("an entry whose test passes, that nothing fails as, or whose day is over fails the run; so does another failure", async () => {
  const suite = project({
    ...files,
    "tally.baseline.toml": [
      entry("cases/process.jsonl > plain"),
      entry("cases/process.jsonl > umlaut").replace("2999-01-31", "2026-01-31"),
      entry("cases/process.jsonl > emoji"),
      entry("cases/process.jsonl > gone"),
    ].join("\n"),
  });
  expect(await shown(suite)).toMatchInlineSnapshot(`
    " lengths-ml-test sha256:<digest> · tally 0.1.0
     candidate  node:port.ts  node <version>

     ✗ cases/process.jsonl                 3  2 failed
     ✗ tally.baseline.toml                 2  2 failed

     ✗ cases/process.jsonl > umlaut
       first difference  process.length
       tally.baseline.toml:8 accepted this until 2026-01-31 (search): counts bytes
       process  {"text":"äbc"}
         field   expected  candidate  delta
       ✗ length         3          4  abs 1 · rel 0.333
         reference: not recorded
       reproduce  tally replay 29fcd6c6

     ✗ cases/process.jsonl > emoji
       first difference  process.length
       tally.baseline.toml:15 accepts another failure: process.length value
       process  {"text":"x€"}
         field   expected  candidate  delta
       ✗ length         2          4  abs 2 · rel 1
       ✗ half         1.5          1  abs 0.5 · rel 0.333 · ulp 2.25e15
         reference: not recorded
       reproduce  tally replay 69b26860

     ✗ tally.baseline.toml > cases/process.jsonl > plain
       accepted in the baseline, but it passes
       take the entry out, or write the file anew: tally test --update-baseline

     ✗ tally.baseline.toml > cases/process.jsonl > gone
       accepted in the baseline, but nothing fails so
       there is no such test; take the entry out, or write the file anew: tally test --update-baseline

     4 failed, 1 passed in <time>
     seed <n>
    exit 1"
  `);
});

test("a selection says nothing about tests that it leaves out", async () => {
  const suite = project({
    ...files,
    "tally.baseline.toml": [entry("cases/process.jsonl > umlaut"), entry("cases/process.jsonl > gone")].join("\n"),
  });
  expect(await shown(suite, "-k", "umlaut", "-q")).toMatchInlineSnapshot(`
    " 1 known in <time>
    exit 0"
  `);
});

test("--update-baseline writes what fails, keeps who said why, and the next run is green", async () => {
  const head = "# Agreed with Research on Mondays.\n";
  const old = `${head}${entry("cases/process.jsonl > umlaut")}\n${entry("cases/process.jsonl > plain")}`;
  const suite = project({ ...files, "tally.baseline.toml": old });
  const before = await suite.tally(["test", "-q", "--update-baseline"]);
  expect(before.exit).toBe(2);
  expect(readFileSync(join(suite.root, "tally.baseline.toml"), "utf8")).toBe(old);
  const words = ["--update-baseline", "--reason", 'found in "2.0"', "--owner", "risk", "--expires", "2999-12-31"];
  expect(await shown(suite, "-q", "--seed", "1", ...words)).toMatchInlineSnapshot(`
    " 1 passed, 2 known in <time>
    tally.baseline.toml: 2 accepted (1 new, 0 changed, 1 kept, 1 dropped)
    exit 0"
  `);
  const written = readFileSync(join(suite.root, "tally.baseline.toml"), "utf8");
  expect(written).toMatchInlineSnapshot(`
    "# Agreed with Research on Mondays.
    baseline = 1

    [[accepted]]
    test = "cases/process.jsonl > umlaut"
    reason = "counts bytes"
    owner = "search"
    expires = "2999-01-31"
    mismatches = [
      { operation = "process", field = "length", kind = "value" },
    ]

    [[accepted]]
    test = "cases/process.jsonl > emoji"
    reason = "found in \\"2.0\\""
    owner = "risk"
    expires = "2999-12-31"
    mismatches = [
      { operation = "process", field = "half", kind = "value" },
      { operation = "process", field = "length", kind = "value" },
    ]
    "
  `);
  const validate = new Ajv().compile(JSON.parse(readFileSync("schema/baseline.schema.json", "utf8")) as object);
  expect(validate(parse(written)), JSON.stringify(validate.errors)).toBe(true);
  expect((await suite.tally(["test"])).exit).toBe(0);
  expect(existsSync(join(suite.root, "tally.baseline.toml.part"))).toBe(false);
});

test("what the check of joined calls finds is neither written nor accepted: the seed draws its records", async () => {
  const suite = project({
    ...files,
    "port.ts": `import { defineConnector, type Frame } from "tallyml";
export default defineConnector({
  process(frame: Frame<{ text: string }>) {
    const texts = frame.column("text");
    return texts.map((text) => ({ length: Buffer.byteLength(String(text)), half: texts.length }));
  },
});
`,
    "cases/process.jsonl": `{"name":"plain","input":{"text":"abc"},"expect":{"length":3}}
{"name":"other","input":{"text":"abcd"},"expect":{"length":4}}
{"name":"umlaut","input":{"text":"äbc"},"expect":{"length":3}}
`,
    "tally.baseline.toml": `${entry("gather-check > process", 'fails = "batch-dependent"')}\n${entry("*proc*")}`,
  });
  const refused = await suite.tally(["test", "-q"]);
  expect(refused).toMatchObject({ exit: 2, stdout: "" });
  expect(refused.stderr).toMatchInlineSnapshot(`
    "error[baseline-drawn]: tally.baseline.toml:1: "gather-check > process" cannot be accepted: which records it asks is drawn anew in every run.
      hint: Take it out, or write the file anew: tally test --update-baseline. An endpoint that answers otherwise in a batch is asked one by one with --no-gather.
      more: docs/reference/errors.md#baseline-drawn
    "
  `);
  const words = ["--update-baseline", "--reason", "counts bytes", "--owner", "risk", "--expires", "2999-12-31"];
  expect(await shown(suite, "-q", "--seed", "1", ...words)).toMatchInlineSnapshot(`
    " ✗ cbdd5739 gather-check > process  process.half 1 → 3, 1 more

     1 failed, 2 passed, 1 known in <time>
     seed <n>
    tally.baseline.toml: 1 accepted (0 new, 1 changed, 0 kept, 1 dropped)
      not written: gather-check > process, whose records are drawn by the seed
    exit 1"
  `);
  const written = readFileSync(join(suite.root, "tally.baseline.toml"), "utf8");
  expect(written.match(/^test = .*$/gm)).toEqual(['test = "cases/process.jsonl > umlaut"']);
  const judged = async (...args: string[]): Promise<unknown> => {
    const told = JSON.parse((await suite.tally(["test", "--json", ...args])).stdout) as {
      tests: { id: string; verdict: string }[];
    };
    return Object.fromEntries(told.tests.map(({ id, verdict }) => [id, verdict]));
  };
  const known = {
    "cases/process.jsonl > plain": "pass",
    "cases/process.jsonl > other": "pass",
    "cases/process.jsonl > umlaut": "known",
  };
  expect(await judged()).toEqual({ ...known, "gather-check > process": "fail" });
  expect(await judged("--gather-check", "off")).toEqual(known);
});

test("known failures stop no run that ends at the first failure, and --last-failed has none of them", async () => {
  const suite = project({ ...files, "tally.baseline.toml": `${entry("cases/process.jsonl > umlaut")}\n${emoji}` });
  expect((await suite.tally(["test", "-x"])).exit).toBe(0);
  expect(await shown(suite, "--last-failed", "-q")).toMatchInlineSnapshot(`
    " nothing to run in <time>
    exit 0"
  `);
});

test("a stale entry is no test: --last-failed has nothing to run", async () => {
  const suite = project({
    ...files,
    "tally.baseline.toml": [entry("cases/process.jsonl > umlaut"), emoji, entry("cases/process.jsonl > gone")].join(
      "\n",
    ),
  });
  expect((await suite.tally(["test", "-q"])).exit).toBe(1);
  expect((await suite.tally(["test", "-q", "--last-failed"])).exit).toBe(0);
});

test("--baseline off goes without", async () => {
  const suite = project({ ...files, "tally.baseline.toml": `${entry("cases/process.jsonl > umlaut")}\n${emoji}` });
  expect((await suite.tally(["test", "--baseline", "off"])).exit).toBe(1);
});

test("JUnit, JSON and the summary of GitHub tell what is known", async () => {
  const suite = project({ ...files, "tally.baseline.toml": `${entry("cases/process.jsonl > umlaut")}\n${emoji}` });
  const summary = join(suite.root, "summary.md");
  const ran = await suite.tally(["test", "--json", "--reporter", "junit=junit.xml"], {
    env: { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: summary },
  });
  const told = JSON.parse(ran.stdout) as {
    counts: object;
    baseline: object;
    tests: { name: string; verdict: string; baseline?: object }[];
  };
  expect({
    counts: told.counts,
    baseline: told.baseline,
    umlaut: told.tests.find(({ name }) => name === "umlaut")?.baseline,
  }).toMatchInlineSnapshot(`
    {
      "baseline": {
        "digest": "sha256:b6979840a76aabf3debb9957d46eb792921197c5ad5047e19a44987191a10dbd",
        "entries": 2,
        "file": "tally.baseline.toml",
      },
      "counts": {
        "error": 0,
        "fail": 0,
        "known": 2,
        "nearTies": 0,
        "pass": 1,
        "planned": 3,
        "recommended": 0,
        "skip": 0,
        "unjudged": 0,
      },
      "umlaut": {
        "at": "tally.baseline.toml:1",
        "expires": "2999-01-31",
        "owner": "search",
        "reason": "counts bytes",
        "state": "known",
      },
    }
  `);
  expect(readFileSync(join(suite.root, "junit.xml"), "utf8").match(/<skipped.*/g)).toMatchInlineSnapshot(`
    [
      "<skipped message="known: counts bytes (search, until 2999-01-31): process.length: expected 3, got 4"/>",
      "<skipped message="known: counts bytes (search, until 2999-01-31): process.length: expected 2, got 4 (and 1 more)"/>",
    ]
  `);
  expect(normal(readFileSync(summary, "utf8"), suite.root)).toMatchInlineSnapshot(`
    "### ✅ lengths-ml-test: No test fails

    | passed | known |
    |--:|--:|
    | 1 | 2 |

    candidate <code>node:port.ts</code> · suite <code>sha256:<digest></code>

    <details><summary>2 known: accepted in the baseline</summary>

    - <code>cases/process.jsonl &#62; umlaut</code> counts bytes (search, until 2999-01-31)
    - <code>cases/process.jsonl &#62; emoji</code> counts bytes (search, until 2999-01-31)

    </details>

    "
  `);
});
