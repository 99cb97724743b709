import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fauxModel } from "../faux/faux-model.ts";
import { until } from "../faux/local-connector.ts";
import { normal, project } from "../kit/project.ts";
import { bugProject } from "../kit/wrong-length.ts";

const tests = `
test("bb has two", async () => { expect(await process({ text: "bb" })).toTally({ length: 2 }); });
test("two at once", { bug: "BUG-2" }, async () => { expect((await process({ text: "a" })).length + 1).toBe((await process({ text: "aa" })).length); });
test("wrong on both", async () => { expect(await process({ text: "ccc" })).toTally({ length: 4 }); });
test("fine", async () => { expect(await process({ text: "dd dd" })).toTally({ length: 5 }); });
test.skip("later", () => {});
`;

test("the suite on two endpoints is one matrix, and the exit code is the stronger one", async () => {
  const made = project(bugProject(tests));
  const { exit, stderr, stdout } = await made.tally([
    "test",
    "-e",
    "research=node:connector.ts",
    "-e",
    "production=node:wrong.ts",
  ]);
  expect(`exit ${exit}\n${normal(stdout, made.root)}${stderr}`).toMatchInlineSnapshot(`
    "exit 1
     lengths-ml-test 1.0.0 · sha256:<digest>
     research    node:connector.ts  reference
     production  node:wrong.ts

                                                               research  production
     cases/process.jsonl
       short                                                   ✓         ✗
     tests/a.test.ts
       bb has two                                              ✓         ✗
       two at once BUG-2                                       ✓         ✗
       wrong on both                                           ✗         ✗

     ✗ cases/process.jsonl > short 3f68eba6
       process {"text":"abc"}
         length
           expected    3
           research    3
         ✗ production  7

     ✗ tests/a.test.ts > bb has two 44090b37
       process {"text":"bb"}
         length
           expected    2
           research    2
         ✗ production  7

     ✗ tests/a.test.ts > two at once 814fc6de
         production  expected 2 to be 7 // Object.is equality

     ✗ tests/a.test.ts > wrong on both a5ea8538
       process {"text":"ccc"}
         length
           expected    4
         ✗ research    3
         ✗ production  3

     research    1 failed, 4 passed, 1 skipped in <time>
     production  4 failed, 1 passed, 1 skipped in <time>
     the sides part in 3 of 6 tests; 1 passes everywhere
    "
  `);
  expect(existsSync(join(made.root, ".tally/answers.jsonl"))).toBe(true);
  expect(readdirSync(join(made.root, ".tally/runs"))).toHaveLength(2);
});

test("names come from [endpoints], the connector is `connector`, JSON says all of it", async () => {
  await using model = await fauxModel({
    process: ({ text }) => ({ length: [...String(text)].length, half: [...String(text)].length / 2, label: null }),
  });
  const files = bugProject(
    `test("bb has two", async () => { expect(await process({ text: "bb" })).toTally({ length: 2 }); });`,
  );
  const made = project({
    ...files,
    "tally.toml": `${files["tally.toml"] ?? ""}\n[endpoints]\nproduction = "${model.url}"\n`,
  });
  const { exit, stdout } = await made.tally([
    "test",
    "-e",
    "connector",
    "-e",
    "production",
    "-e",
    "wrong=node:wrong.ts",
    "--json",
  ]);
  const told = JSON.parse(stdout);
  expect({ exit, own: told.exit, parting: told.parting }).toEqual({ exit: 1, own: 1, parting: 2 });
  expect(told.sides.map((side: { name: string; role: string }) => [side.name, side.role])).toEqual([
    ["connector", "reference"],
    ["production", "candidate"],
    ["wrong", "candidate"],
  ]);
  expect(told.tests.find((one: { name: string }) => one.name === "bb has two")).toMatchInlineSnapshot(`
    {
      "failures": {
        "wrong": {
          "id": "44090b37",
          "message": "process.length: expected 2, got 7",
          "reason": "mismatch",
        },
      },
      "fields": [
        {
          "expected": 2,
          "input": {
            "text": "bb",
          },
          "operation": "process",
          "path": "length",
          "values": {
            "connector": 2,
            "production": 2,
            "wrong": 7,
          },
          "wrong": [
            "wrong",
          ],
        },
      ],
      "file": "tests/a.test.ts",
      "id": "tests/a.test.ts > bb has two",
      "kind": "test",
      "level": "required",
      "line": 3,
      "name": "bb has two",
      "parts": true,
      "tags": [],
      "verdicts": {
        "connector": "pass",
        "production": "pass",
        "wrong": "fail",
      },
    }
  `);
  const first = await made.tally(["test", "-e", "connector", "-e", "production"]);
  expect(`exit ${first.exit}\n${normal(first.stdout, made.root)}`).toMatchInlineSnapshot(`
    "exit 0
     lengths-ml-test 1.0.0 · sha256:<digest>
     connector   node:connector.ts  reference
     production  http://127.0.0.1:<port>

     connector   2 passed in <time>
     production  2 passed in <time>
     both sides agree in 2 tests
    "
  `);
});

test("a side that cannot be reached is said, is no difference, and the others are run", async () => {
  const made = project(bugProject(tests));
  const ran = await made.tally(["test", "-e", "gone=http://127.0.0.1:9", "-e", "connector", "-k", "fine", "-q"]);
  const clean = (text: string): string => normal(text, made.root).replaceAll(/In a container.*?internal\. /gs, "");
  expect(`exit ${ran.exit}\n${clean(ran.stdout)}`).toContain("gone       nothing judged");
  expect(ran.stdout).toContain("error[endpoint-unreachable]");
  expect(ran.stdout).toContain("connector  1 passed");
  expect(ran.stdout).toContain("no test was judged on every side");
  expect(ran.exit).toBe(3);
});

test("--out holds the matrix and each side's own report, from which failures are replayed", async () => {
  const made = project(bugProject(tests));
  await made.tally(["test", "-e", "connector", "-e", "production=node:wrong.ts", "--out", "report"]);
  const report = join(made.root, "report");
  expect(readdirSync(report).toSorted()).toEqual([
    "connector",
    "index.html",
    "matrix.json",
    "production",
    "style.css",
    "tally.svg",
  ]);
  expect(readdirSync(join(report, "production"))).toContain("events.ndjson");
  const page = readFileSync(join(report, "index.html"), "utf8");
  expect(page).toContain("The sides part in 3 of 6 tests");
  expect(page).not.toMatch(/<script|style=/);
  const told = JSON.parse(readFileSync(join(report, "matrix.json"), "utf8"));
  const id: string = told.tests.find((one: { name: string }) => one.name === "bb has two").failures.production.id;
  const replayed = await made.tally(["replay", id, "--from", "report", "-e", "node:connector.ts"]);
  expect(replayed.stdout).toContain("FIXED");
});

test("what is off nowhere is off nowhere: a single named endpoint is a run as before", async () => {
  const made = project(bugProject(tests));
  const plain = await made.tally(["test", "-e", "node:wrong.ts", "--seed", "1", "-k", "bb"]);
  const named = await made.tally(["test", "-e", "production=node:wrong.ts", "--seed", "1", "-k", "bb"]);
  expect(normal(named.stdout, made.root)).toBe(normal(plain.stdout, made.root));
  expect(named.exit).toBe(plain.exit);
});

test("--start serves the one endpoint that is served, and is stopped", async () => {
  const made = project({
    ...bugProject(`test("bb has two", async () => { expect(await process({ text: "bb" })).toTally({ length: 2 }); });`),
    "server.mjs": `import { createServer } from "node:http";
createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk)).on("end", () => {
    if (request.method === "GET") return response.end("{}");
    const rows = JSON.parse(Buffer.concat(chunks).toString());
    response.end(JSON.stringify(rows.map(({ text }) => ({ length: [...text].length, half: [...text].length / 2, label: null }))));
  });
}).listen(Number(process.argv[2]), "127.0.0.1");
`,
  });
  await using probe = await fauxModel({});
  const { port } = new URL(probe.url);
  await probe[Symbol.asyncDispose]();
  const both = ["-e", "connector", "-e", `production=http://127.0.0.1:${port}`];
  const ran = await made.tally(["test", ...both, "--start", `"${process.execPath}" server.mjs ${port}`]);
  expect(`exit ${ran.exit}\n${ran.stdout}${ran.stderr}`).toMatch(/^exit 0\n/);
  expect(ran.stdout).toContain("both sides agree in 2 tests");
});

/** Answers only when the other has been asked too: two that are run one after the other never end. */
function meeting(own: string, other: string): string {
  return `import { existsSync, writeFileSync } from "node:fs";
export default { process: async (frame) => {
  writeFileSync("asked-${own}", String(process.pid));
  while (!existsSync("asked-${other}")) await new Promise((go) => setTimeout(go, 10));
  return [...frame].map(({ text }) => ({ length: [...text].length, half: [...text].length / 2, label: null }));
}, inference: () => [] };`;
}

test("candidates run at the same time, as many as there are jobs", async () => {
  const files = bugProject(
    `test("bb", async () => { expect(await process({ text: "bb" })).toTally({ length: 2 }); });`,
  );
  const made = project({ ...files, "one.ts": meeting("one", "two"), "two.ts": meeting("two", "one") });
  const sides = ["-e", "research=connector", "-e", "one=node:one.ts", "-e", "two=node:two.ts"];
  const { exit, stdout } = await made.tally(["test", ...sides, "--jobs", "2"]);
  expect(`exit ${exit}\n${normal(stdout, made.root)}`).toMatchInlineSnapshot(`
    "exit 0
     lengths-ml-test 1.0.0 · sha256:<digest>
     research  node:connector.ts  reference
     one       node:one.ts
     two       node:two.ts

     research  2 passed in <time>
     one       2 passed in <time>
     two       2 passed in <time>
     all 3 sides agree in 2 tests
    "
  `);
});

test("what is shown does not depend on how many run at the same time, and runs beside it are no history", async () => {
  const made = project(bugProject(tests));
  const names = ["one", "two", "three"];
  const sides = ["-e", "research=connector", ...names.flatMap((name) => ["-e", `${name}=node:${name}.ts`])];
  made.write(Object.fromEntries(names.map((name) => [`${name}.ts`, `export { default } from "./wrong.ts";`])));
  const shown = async (jobs: string): Promise<string> => {
    const { exit, stderr, stdout } = await made.tally(["test", ...sides, "--jobs", jobs, "--out", `out-${jobs}`]);
    return `${exit}\n${normal(stdout, made.root).replaceAll(/out-\d/g, "out")}${stderr}`;
  };
  expect(await shown("3")).toBe(await shown("1"));
  const ended = names.map((name) => {
    const lines = readFileSync(join(made.root, "out-3", name, "events.ndjson"), "utf8")
      .trimEnd()
      .split("\n");
    return JSON.parse(lines.at(-1) ?? "").history;
  });
  expect(ended).toEqual([undefined, undefined, undefined]);
});

test("more sides than runs are kept are all shown", async () => {
  const made = project(
    bugProject(`test("bb", async () => { expect(await process({ text: "bb" })).toTally({ length: 2 }); });`),
  );
  const names = Array.from({ length: 21 }, (_, i) => `s${i}`);
  const sides = names.flatMap((name) => ["-e", `${name}=node:wrong.ts`]);
  const { exit, stderr, stdout } = await made.tally(["test", ...sides, "--json", "-q", "cases"]);
  const told = JSON.parse(stdout) as { tests: { fields: { wrong: string[]; values: object }[] }[] };
  expect({ exit, stderr, wrong: told.tests[0]?.fields[0]?.wrong }).toEqual({ exit: 1, stderr: "", wrong: names });
  expect(Object.keys(told.tests[0]?.fields[0]?.values ?? {})).toEqual(names);
});

test("sides behind one address are asked one after the other", async () => {
  const made = project({
    ...bugProject(`test("bb", async () => { await process({ text: "bb" }); });`),
    "alone.ts": `import { existsSync, rmSync, writeFileSync } from "node:fs";
export default { process: async (frame) => {
  if (existsSync("asked")) throw new Error("asked by two");
  writeFileSync("asked", "");
  await new Promise((go) => setTimeout(go, 300));
  rmSync("asked");
  return [...frame].map(({ text }) => ({ length: [...text].length, half: [...text].length / 2, label: null }));
}, inference: () => [] };`,
  });
  const { exit, stdout } = await made.tally([
    "test",
    "-e",
    "a=node:alone.ts",
    "-e",
    "b=node:alone.ts",
    "--jobs",
    "4",
    "tests",
  ]);
  expect(exit, stdout).toBe(0);
});

test("Ctrl-C ends all sides that run, with what they started", async () => {
  const made = project({
    ...bugProject(`test("never", { timeout: 60_000 }, async () => { await process({ text: "a" }); });`),
    "one.ts": meeting("one", "never"),
    "two.ts": meeting("two", "never"),
  });
  const running = made.start(["test", "-e", "one=node:one.ts", "-e", "two=node:two.ts", "--jobs", "2"]);
  const marks = ["one", "two"].map((name) => join(made.root, `asked-${name}`));
  expect(await until(() => marks.every((mark) => existsSync(mark)), 30_000)).toBe(true);
  running.child.kill("SIGINT");
  const { exit, stdout } = await running.ended;
  expect(exit).toBe(130);
  expect(stdout.match(/^ +interrupted$/gm)).toHaveLength(2);
  const pids = marks.map((mark) => Number(readFileSync(mark, "utf8")));
  expect(await until(() => pids.every((pid) => !isAlive(pid)), 10_000)).toBe(true);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Two failures of the candidate are accepted, one of them no longer happens. */
const accepted = ["cases/process.jsonl > short", "tests/a.test.ts > fine"]
  .map(
    (id) => `[[accepted]]
test = "${id}"
reason = "counts bytes"
owner = "search"
expires = "2999-01-31"
mismatches = [{ operation = "process", field = "length", kind = "value" }]
`,
  )
  .join("");

test("the baseline is that of the only candidate: known, stale, and in JSON and page", async () => {
  const made = project({ ...bugProject(tests), "tally.baseline.toml": accepted });
  const both = ["-e", "research=connector", "-e", "production=node:wrong.ts"];
  const { exit, stderr, stdout } = await made.tally(["test", ...both, "-k", "short or fine", "--out", "report"]);
  expect(`exit ${exit}\n${normal(stdout, made.root)}${stderr}`).toMatchInlineSnapshot(`
    "exit 1
     lengths-ml-test 1.0.0 · sha256:<digest>
     research    node:connector.ts  reference
     production  node:wrong.ts  baseline tally.baseline.toml

                                                               research  production
     cases/process.jsonl
       short                                                   ✓         ~
     tally.baseline.toml
       tests/a.test.ts > fine                                  ·         ✗

     ✗ tally.baseline.toml > tests/a.test.ts > fine
         production  accepted in the baseline, but it passes: take the entry out, or
                     write the file anew: tally test --update-baseline

     ~ cases/process.jsonl > short
         production  process.length: expected 3, got 7
                     counts bytes (search, until 2999-01-31)

     research    2 passed in <time>
     production  1 failed, 1 passed, 1 known in <time>
     the sides part in 1 of 2 tests; 1 is accepted in the baseline; 1 entry of the
     baseline is stale; 1 passes everywhere
     report  report/index.html
    "
  `);
  const told = JSON.parse(readFileSync(join(made.root, "report/matrix.json"), "utf8"));
  const [research, production] = told.sides;
  expect([research.baseline, production.baseline.file, production.counts.known]).toEqual([
    undefined,
    "tally.baseline.toml",
    1,
  ]);
  expect(told.tests[0]).toMatchObject({
    verdicts: { research: "pass", production: "known" },
    baseline: { production: { state: "known", owner: "search", expires: "2999-01-31" } },
  });
  const page = readFileSync(join(made.root, "report/index.html"), "utf8");
  expect(page).toContain("counts bytes (search, until 2999-01-31)");
  expect(page).toContain("accepted failures: <code>tally.baseline.toml</code>");
  const fine = await made.tally(["test", ...both, "-k", "short", "-q"]);
  expect(`exit ${fine.exit}\n${normal(fine.stdout, made.root)}`).toMatchInlineSnapshot(`
    "exit 0
     research    1 passed in <time>
     production  1 known in <time>
     the sides part in 1 of 1 test; 1 is accepted in the baseline
    "
  `);
  const off = await made.tally(["test", ...both, "-k", "short", "-q", "--baseline", "off"]);
  expect(off.exit).toBe(1);
});

test("with several candidates a baseline names its side, and the file of the folder is said to be left out", async () => {
  const made = project({
    ...bugProject(tests),
    "tally.baseline.toml": accepted,
    "two.ts": bugProject("")["wrong.ts"] ?? "",
  });
  const sides = ["-e", "one=node:wrong.ts", "-e", "two=node:two.ts", "-k", "short", "--json"];
  const counts = async (...args: string[]): Promise<unknown> => {
    const { exit, stderr, stdout } = await made.tally(["test", ...sides, ...args]);
    const told = JSON.parse(stdout) as { sides: { name: string; counts: { known: number } }[] };
    return { exit, stderr, known: told.sides.map((side) => side.counts.known) };
  };
  expect(await counts()).toEqual({
    exit: 1,
    known: [0, 0],
    stderr:
      "tally.baseline.toml is not applied: it is of one endpoint, and these are 2 candidates (--baseline one=tally.baseline.toml)\n",
  });
  expect(await counts("--baseline", "two=tally.baseline.toml")).toEqual({ exit: 1, known: [0, 1], stderr: "" });
  const single = ["test", "-e", "two=node:two.ts", "-k", "short", "-q", "--baseline"];
  expect((await made.tally([...single, "two=tally.baseline.toml"])).exit).toBe(0);
  const each = ["one", "two"].flatMap((name) => ["--baseline", `${name}=tally.baseline.toml`]);
  expect(await counts(...each)).toEqual({ exit: 0, known: [1, 1], stderr: "" });
});

test("Ctrl-C ends the side that runs, those that wait are not begun, and what was judged is shown", async () => {
  const made = project({
    ...bugProject(`test("quick", async () => { await process({ text: "a" }); });
test("never", { timeout: 60_000 }, async () => { await inference({ text: "a" }); });`),
    "hangs.ts": `export default { process: (frame) => [...frame].map(({ text }) => ({ length: [...text].length, half: [...text].length / 2, label: null })), inference: () => new Promise(() => { console.error("hanging"); }) };`,
  });
  const running = made.start([
    "test",
    "-e",
    "first=node:hangs.ts",
    "-e",
    "second=node:wrong.ts",
    "--no-gather",
    "--jobs",
    "1",
    "--out",
    "report",
  ]);
  const log = join(made.root, "report/first/log");
  expect(await until(() => existsSync(log) && readFileSync(log, "utf8").includes("hanging"), 30_000)).toBe(true);
  running.child.kill("SIGINT");
  const { exit, stdout } = await running.ended;
  expect(exit).toBe(130);
  expect(stdout).toContain("second  broke off");
  expect(readdirSync(join(made.root, "report"))).toContain("matrix.json");
});

test("--watch is refused at once, and not again and again", async () => {
  const { exit, stderr, stdout } = await project(bugProject(tests)).tally([
    "test",
    "-w",
    "-e",
    "a=connector",
    "-e",
    "b=node:other.ts",
  ]);
  expect(stdout).toBe("");
  expect(stderr).toContain("error[side-flag]: --watch does not go with several endpoints");
  expect(exit).toBe(2);
});

test("what a single run left in the folder is not taken for the matrix'", async () => {
  const made = project(bugProject(tests));
  await made.tally(["test", "-e", "node:wrong.ts", "--out", "report", "-q"]);
  await made.tally(["test", "-e", "research=connector", "-e", "production=node:wrong.ts", "--out", "report", "-q"]);
  const left = readdirSync(join(made.root, "report")).filter((name) => /\.(ndjson|xml|json)$|^log$/.test(name));
  expect(left).toEqual(["matrix.json"]);
  expect(existsSync(join(made.root, "report/production/events.ndjson"))).toBe(true);
});
