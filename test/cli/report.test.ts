import { existsSync, readdirSync, readFileSync, truncateSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { expect, test, vi } from "vitest";
import { readRun } from "../../src/report/read-run.ts";
import { foldRun, type RunResult } from "../../src/verdict/fold-run.ts";
import { withTests } from "../kit/length-model.ts";
import { normal, project } from "../kit/project.ts";

const files = withTests(`
for (let n = 1; n <= 12; n += 1)
  test("length " + n, async () => { expect(await process({ text: "a".repeat(n) })).toTally({ length: n === 5 ? 6 : n }); });
`);

async function fold(path: string): Promise<RunResult> {
  const run = foldRun();
  for await (const event of readRun(path)) run.add(event);
  return run.result();
}

function verdicts({ tests }: RunResult): ReadonlyMap<string, string | undefined> {
  return new Map(tests.map(({ judged, plan }) => [plan.id, judged?.verdict]));
}

test("the last run becomes a folder with page, JUnit and events, and again from that folder", async () => {
  const suite = project(files);
  await suite.tally(["test"]);
  const first = await suite.tally(["report"]);
  expect(first.exit).toBe(1);
  expect(normal(first.stdout, suite.root)).toMatchInlineSnapshot(`
    " ✗ 9635cdf2 tests/a.test.ts > length 5  process.length 6 → 5

     1 failed, 11 passed in <time>
     seed <n>
     report  tally-report/index.html
    "
  `);
  const folder = join(suite.root, "tally-report");
  expect(
    readdirSync(folder)
      .filter((name) => !name.endsWith(".svg"))
      .toSorted(),
  ).toEqual(["events.ndjson", "index.html", "junit.xml", "log", "report.js", "style.css"]);
  const before = ["index.html", "junit.xml", "events.ndjson"].map((name) => readFileSync(join(folder, name), "utf8"));
  expect(before[0]).toContain("length 5");
  expect(before[1]).toContain("<failure");
  const again = await suite.tally(["report", "tally-report"]);
  expect(again.stdout).toBe(first.stdout);
  const after = ["index.html", "junit.xml", "events.ndjson"].map((name) => readFileSync(join(folder, name), "utf8"));
  expect(after).toEqual(before);
});

test("shards become one run with the verdicts and counts of the whole", async () => {
  const suite = project(files);
  await suite.tally(["test", "--out", "whole"]);
  for (const i of ["1", "2", "3"]) await suite.tally(["test", "--shard", `${i}/3`, "--out", `shard-${i}`]);
  const { exit, stderr } = await suite.tally(["report", "shard-3", "shard-1/events.ndjson", "shard-2", "--out", "all"]);
  expect({ exit, stderr }).toEqual({ exit: 1, stderr: "" });
  const [whole, merged] = [await fold(join(suite.root, "whole")), await fold(join(suite.root, "all"))];
  expect(verdicts(merged)).toEqual(verdicts(whole));
  expect([merged.conserved, merged.incomplete, merged.started?.selection, merged.ended?.exit]).toEqual([
    true,
    false,
    [],
    1,
  ]);
  const alone = { ms: 0, calls: 0, timings: [], history: [] };
  expect({ ...merged.ended, ...alone }).toEqual({ ...whole.ended, ...alone });
  // The shards are this run, not runs before it.
  expect(merged.ended?.history?.map(({ planned }) => planned)).toEqual([whole.planned]);

  const one = await suite.tally(["report", "shard-2", "--out", "one"]);
  expect([one.exit, normal(one.stdout, suite.root)]).toMatchInlineSnapshot(`
    [
      6,
      " 4 passed in <time>
     not here: shard 1/3, 3/3
     report  one/index.html
    ",
    ]
  `);
  const [page, junit] = ["index.html", "junit.xml"].map((name) => readFileSync(join(suite.root, "one", name), "utf8"));
  expect(page).toContain("<b>Only a part of the run.</b> not here: shard 1/3, 3/3");
  expect(junit).toContain('<property name="run.partial" value="not here: shard 1/3, 3/3"/>');
  const last = await suite.tally(["report", "--out", "last"]);
  expect(last.stdout).toContain("not here: shard 1/3, 2/3");
  const some = await suite.tally(["report", "shard-1", "shard-3", "--out", "some"]);
  expect(some.stdout).toContain("not here: shard 2/3");
  expect(some.exit).toBe(some.stdout.includes(" failed") ? 1 : 6);
  expect((await fold(join(suite.root, "some"))).started?.selection).toEqual(["--shard 1/3", "--shard 3/3"]);
  const torn = join(suite.root, "shard-2/events.ndjson");
  truncateSync(torn, statSync(torn).size - 40);
  const broken = await suite.tally(["report", "shard-1", "shard-2", "shard-3", "--out", "broken"]);
  expect(broken.stdout).toContain("incomplete: the run broke off");
  expect(broken.exit).toBe(6);
});

test("a run is named by its id, and an unknown one is refused before anything is written", async () => {
  const suite = project(files);
  await suite.tally(["test"]);
  const [run = ""] = readdirSync(join(suite.root, ".tally/runs"));
  expect((await suite.tally(["report", run, "--out", "here"])).exit).toBe(1);
  const none = await suite.tally(["report", "20200101-000000-0000", "--out", "there"]);
  expect([none.exit, existsSync(join(suite.root, "there"))]).toEqual([2, false]);
});

test.skipIf(process.platform !== "linux")("--open shows the page, except in CI", async () => {
  const suite = project(files);
  suite.write({ "bin/xdg-open": "" });
  const { chmodSync, writeFileSync } = await import("node:fs");
  writeFileSync(join(suite.root, "bin/xdg-open"), `#!/bin/sh\necho "$1" > ${suite.root}/opened\n`);
  chmodSync(join(suite.root, "bin/xdg-open"), 0o755);
  const env = { PATH: `${suite.root}/bin${delimiter}${process.env["PATH"] ?? ""}` };
  await suite.tally(["test"]);
  await suite.tally(["report", "--open"], { env: { ...env, CI: "true" } });
  expect(existsSync(join(suite.root, "opened"))).toBe(false);
  await suite.tally(["report", "--open"], { env });
  await vi.waitFor(() =>
    expect(readFileSync(join(suite.root, "opened"), "utf8")).toBe(`${suite.root}/tally-report/index.html\n`),
  );
  const none = await suite.tally(["report", "--open"], { env: { PATH: `${suite.root}/tests` } });
  expect([none.exit, normal(none.stderr, suite.root)]).toMatchInlineSnapshot(`
    [
      1,
      "there is no xdg-open to open it with; open it yourself: <root>/tally-report/index.html
    ",
    ]
  `);
});
