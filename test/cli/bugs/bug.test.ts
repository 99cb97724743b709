import { expect, test } from "vitest";
import { normal, type Project, project } from "../../kit/project.ts";
import { bugProject } from "../../kit/wrong-length.ts";

/** One bug for each side that may be wrong: `bb` is right on research, `xx` on production, `ccc` on neither, `dd` on both. */
function fourBugs(): Project {
  const files = bugProject(`
test("bb has two", { bug: "BUG-1" }, async () => { expect(await process({ text: "bb" })).toTally({ length: 2 }); });
test("no bug", async () => { expect(await process({ text: "a" })).toTally({ length: 1 }); });`);
  return project({
    ...files,
    "connector.ts": (files["connector.ts"] ?? "").replace(
      "length: [...String(text)].length",
      `length: text === "xx" ? 9 : [...String(text)].length`,
    ),
    "cases/regressions.jsonl": `{"name": "bb again", "operation": "process", "bug": "BUG-1", "input": {"text": "bb"}, "expect": {"length": 2}}
{"name": "xx", "operation": "process", "bug": "BUG-2", "input": {"text": "xx"}, "expect": {"length": 2}, "found": {"by": "Ada", "at": "2026-11-28T08:00:00.000Z", "on": "production", "suite": "1.0.0 sha256:0123456789ab", "link": "https://bugs.example.org/2"}}
{"name": "ccc", "operation": "process", "bug": "BUG-10", "input": {"text": "ccc"}, "expect": {"length": 4}}
{"name": "dd", "operation": "process", "bug": "BUG-9", "input": {"text": "dd"}, "expect": {"length": 2}}
`,
  });
}

const both = ["-e", "research=connector", "-e", "production=node:wrong.ts"];

async function said(made: Project, args: readonly string[]): Promise<string> {
  const { exit, stderr, stdout } = await made.tally(args);
  return `exit ${exit}\n${dateless(normal(stdout + stderr, made.root))}`;
}

function dateless(text: string): string {
  return text.replaceAll(/\b20\d\d-\d\d-\d\d(?!T)/g, "<date>");
}

test("a check on both sides says who must act, and runs nothing but the bugs", async () => {
  const made = fourBugs();
  expect(await said(made, ["bug", "check", ...both])).toMatchInlineSnapshot(`
    "exit 1
                                                                research  production
     BUG-1  bb has two                                          ✓         ✗
       candidate wrong: production must act
     BUG-2  xx                                                  ✗         ✓
       reference wrong: research must act
     BUG-9  dd                                                  ✓         ✓
       fixed on every side
     BUG-10  ccc                                                ✗         ✗
       both wrong: research and production must agree what is right

     3 of 4 open
    "
  `);
  expect(await said(made, ["bug", "check", "BUG-9", ...both])).toMatchInlineSnapshot(`
    "exit 0
                                                                research  production
     BUG-9  dd                                                  ✓         ✓
       fixed on every side

     all fixed
    "
  `);
  const { exit, stdout } = await made.tally(["bug", "check", ...both, "--json"]);
  const told = JSON.parse(stdout);
  const acts = told.bugs.map(({ act, bug, who }: { act: string; bug: string; who: string[] }) => [bug, act, ...who]);
  expect({ exit, own: told.exit, reference: told.reference, acts }).toEqual({
    exit: 1,
    own: 1,
    reference: "research",
    acts: [
      ["BUG-1", "candidate", "production"],
      ["BUG-2", "reference", "research"],
      ["BUG-9", "nobody"],
      ["BUG-10", "specification", "research", "production"],
    ],
  });
});

test("bugs are listed with where they were found and what became of them last", async () => {
  const made = fourBugs();
  expect(await said(made, ["bug"])).toMatchInlineSnapshot(`
    "exit 0
     BUG-1  bb has two
       tests/a.test.ts:4
       cases/regressions.jsonl:1
       not run yet: tally bug check

     BUG-2  xx
       cases/regressions.jsonl:2
         found by Ada on <date> at production with suite 1.0.0 sha256:<digest>
         https://bugs.example.org/2
       not run yet: tally bug check

     BUG-9  dd
       cases/regressions.jsonl:4
       not run yet: tally bug check

     BUG-10  ccc
       cases/regressions.jsonl:3
       not run yet: tally bug check

    4 bugs
    "
  `);
  await made.tally(["bug", "check", "BUG-2", ...both]);
  expect(await said(made, ["bug", "show", "BUG-2"])).toMatchInlineSnapshot(`
    "exit 0
     BUG-2  xx
       cases/regressions.jsonl:2
         found by Ada on <date> at production with suite 1.0.0 sha256:<digest>
         https://bugs.example.org/2
         process {"text":"xx"}
         expects {"length":2}
       production  ✓ passes  <date> with suite 1.0.0
       research    ✗ fails  <date> with suite 1.0.0
       in the suite since <date> (1.0.0) at the latest

    1 bug
    "
  `);
  const { stdout } = await made.tally(["bug", "--json"]);
  const [first] = JSON.parse(stdout).bugs;
  expect(first.tests.map(({ id }: { id: string }) => id)).toEqual([
    "tests/a.test.ts > bb has two",
    "cases/regressions.jsonl > bb again",
  ]);
});

test("a bug that passes after it failed is fixed, and in which suite is known", async () => {
  const made = fourBugs();
  await made.tally(["bug", "check", "BUG-1", ...both]);
  const files = bugProject("");
  made.write({
    "tally.toml": (files["tally.toml"] ?? "").replace("1.0.0", "1.1.0"),
    "wrong.ts": files["connector.ts"] ?? "",
  });
  expect(await said(made, ["bug", "check", "BUG-1", ...both])).toMatchInlineSnapshot(`
    "exit 0
                                                                research  production
     BUG-1  bb has two                                          ✓         ✓
       fixed on every side (production in 1.1.0)

     all fixed
    "
  `);
  expect(await said(made, ["bug", "show", "BUG-1"])).toMatchInlineSnapshot(`
    "exit 0
     BUG-1  bb has two
       tests/a.test.ts:4
       cases/regressions.jsonl:1
         process {"text":"bb"}
         expects {"length":2}
       production  ✓ passes  <date> with suite 1.1.0, fixed in 1.1.0
       research    ✓ passes  <date> with suite 1.1.0
       in the suite since <date> (1.0.0) at the latest

    1 bug
    "
  `);
});

test("a side that is gone is not called wrong, and --bug runs the tests of one bug", async () => {
  const made = fourBugs();
  const gone = await said(made, ["bug", "check", "BUG-1", "-e", "http://127.0.0.1:9"]);
  expect(gone).toContain("not known: candidate could not be judged");
  expect(gone).toMatch(/^exit 3\n/);
  const { exit, stdout } = await made.tally(["test", "--bug", "BUG-1", "--json"]);
  const run = JSON.parse(stdout);
  expect({ exit, ids: run.tests.map(({ id }: { id: string }) => id).toSorted(), selection: run.selection }).toEqual({
    exit: 0,
    ids: ["cases/regressions.jsonl > bb again", "tests/a.test.ts > bb has two"],
    selection: ["--bug BUG-1"],
  });
  expect(await said(made, ["test", "--bug", "BUG-77"])).toMatchInlineSnapshot(`
    "exit 2
     lengths-ml-test 1.0.0 · sha256:<digest> · tally 0.1.0
     reference  node:connector.ts  lengths node <version>
     selection  --bug BUG-77


     nothing judged in <time>
     error[suite-no-match]: No test matches --bug BUG-77.
       hint: Nearest: cases/process.jsonl > short · cases/regressions.jsonl > bb
       again · cases/regressions.jsonl > ccc · cases/regressions.jsonl > dd ·
       cases/regressions.jsonl > xx
    "
  `);
});

test("a suite without bugs says so", async () => {
  const made = project(bugProject(`test("x", () => {});`));
  expect(await said(made, ["bug"])).toMatchInlineSnapshot(`
    "exit 0
    no test and no case of the suite has a bug; a failure becomes one with tally keep ID --bug BUG-1
    "
  `);
  expect(await said(made, ["bug", "check", ...both])).toMatchInlineSnapshot(`
    "exit 0
    no bugs to check
    "
  `);
});

test("where the runs that are kept are all that is known, it is said", async () => {
  const made = fourBugs();
  const sides = ["one", "two", "three", "four"].flatMap((name) => ["-e", `${name}=node:wrong.ts`]);
  const run = ["test", "-q", "--bug", "BUG-9", "-e", "connector", ...sides];
  for (let n = 0; n < 3; n += 1) await made.tally(run);
  const before = await made.tally(["bug", "show", "BUG-9"]);
  expect(before.stdout).not.toContain("older");
  await made.tally(run);
  const shown = (await said(made, ["bug", "show", "BUG-9"])).split("\n");
  expect(shown.slice(-3)).toMatchInlineSnapshot(`
    [
      "1 bug",
      "as far as the last 20 runs tell: older ones are not kept",
      "",
    ]
  `);
  const { stdout } = await made.tally(["bug", "--json"]);
  expect(JSON.parse(stdout)).toMatchObject({ v: 1, cut: { runs: 20 } });
});

test("a delivered suite has the reference's answers: one endpoint is enough to say who must act", async () => {
  const made = fourBugs();
  await made.tally(["test"]);
  const development = project({ "wrong.ts": bugProject("")["wrong.ts"] ?? "" });
  await made.tally(["pack", "--format", "bundle", "--out", `${development.root}/suite.tgz`]);
  const suite = ["--suite", "suite.tgz"];
  expect(await said(development, ["bug", "check", ...suite, "-e", "production=node:wrong.ts"])).toMatchInlineSnapshot(`
    "exit 1
                                                                recorded  production
     BUG-1  bb has two                                          ·         ✗
       not known: no recorded answer of the reference decides it
     BUG-2  xx                                                  ✗         ✓
       reference wrong: whoever has the model must act
     BUG-9  dd                                                  ✓         ✓
       fixed on every side
     BUG-10  ccc                                                ✗         ✗
       both wrong: whoever has the model and production must agree what is right

     3 of 4 open
    "
  `);
  const { stdout } = await development.tally(["bug", "check", ...suite, "-e", "node:wrong.ts", "--json"]);
  const told = JSON.parse(stdout);
  expect(told.reference).toBe("recorded");
  expect(told.bugs[1]).toMatchObject({ act: "reference", verdicts: { recorded: "fail", candidate: "pass" } });
  expect(await said(development, ["bug", "show", "BUG-2", ...suite])).toMatchInlineSnapshot(`
    "exit 0
     BUG-2  xx
       cases/regressions.jsonl:2
         found by Ada on <date> at production with suite 1.0.0 sha256:<digest>
         https://bugs.example.org/2
         process {"text":"xx"}
         expects {"length":2}
       ✗ the reference fails, as recorded in 1.0.0
       candidate   ✓ passes  <date> with suite 1.0.0
       production  ✓ passes  <date> with suite 1.0.0
       in the suite since <date> (1.0.0) at the latest

    1 bug
    "
  `);
  const asked = await said(development, ["bug", "check", ...suite, "-e", "research=connector", "-e", "node:wrong.ts"]);
  expect(asked).toContain("error[connector-none]");
});

test("an endpoint that was asked by its address and by a name is listed once, and what is still worked on is fixed after a version", async () => {
  const made = fourBugs();
  await made.tally(["test", "-e", "node:wrong.ts"]);
  await made.tally(["bug", "check", "BUG-1", ...both]);
  made.write({ "wrong.ts": bugProject("")["connector.ts"] ?? "" });
  await made.tally(["test", "-e", "node:wrong.ts"]);
  await made.tally(["test"]);
  expect(await said(made, ["bug", "show", "BUG-1"])).toMatchInlineSnapshot(`
    "exit 0
     BUG-1  bb has two
       tests/a.test.ts:4
       cases/regressions.jsonl:1
         process {"text":"bb"}
         expects {"length":2}
       production  ✓ passes  <date> with suite 1.0.0, fixed after 1.0.0
       research    ✓ passes  <date> with suite 1.0.0
       in the suite since <date> (1.0.0) at the latest

    1 bug
    "
  `);
});

test("a side that is gone makes nothing uncertain that the others have shown", async () => {
  const made = fourBugs();
  const gone = ["-e", "gone=http://127.0.0.1:9"];
  expect(await said(made, ["bug", "check", "BUG-1", ...both, ...gone])).toContain(
    "candidate wrong: production must act; gone could not be judged",
  );
  expect(await said(made, ["bug", "check", "BUG-9", ...both, ...gone])).toContain(
    "not known: gone could not be judged",
  );
  expect(await said(made, ["bug", "check", "BUG-10", ...both, ...gone])).toContain(
    "both wrong: research and production must agree what is right; gone could not",
  );
  const reserved = await said(made, ["bug", "check", "-e", "recorded=node:wrong.ts", "-e", "research=connector"]);
  expect(reserved).toContain("error[side-name]: -e recorded=…: the name stands for the delivered answers");
});
