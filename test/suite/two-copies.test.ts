import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readEventLine } from "../../src/verdict/event-line.ts";
import { withTests } from "../kit/length-model.ts";
import { project } from "../kit/project.ts";

const suite = `
for (let i = 0; i < 200; i += 1)
  test("text " + i, async () => { expect(await process({ text: "x".repeat(i) })).toTally({ length: i === 7 ? 8 : i }); });
`;

test("copies that an editor runs at once leave whole files, in one folder of reports too", async () => {
  const made = project(withTests(suite));
  const copies = Array.from({ length: 4 }, () => made.tally(["test", "--out", "report"]));
  const ran = await Promise.all(copies);
  expect(ran.map(({ exit, stderr }) => [exit, stderr])).toEqual(ran.map(() => [1, ""]));
  const read = (path: string): string => readFileSync(join(made.root, path), "utf8");

  expect(readdirSync(join(made.root, "report")).filter((name) => name.endsWith(".part"))).toEqual([]);
  const events = read("report/events.ndjson").trimEnd().split("\n").map(readEventLine);
  expect([events[0]?.type, events.at(-1)?.type]).toEqual(["run-started", "run-ended"]);
  expect(events.filter(({ type }) => type === "test-judged")).toHaveLength(200);
  expect(read("report/junit.xml")).toMatch(/^<\?xml[^]*<\/testsuites>\s*$/);
  expect(read("report/index.html")).toMatch(/^<!doctype html>[^]*<\/html>\s*$/);

  expect(JSON.parse(read(".tally/last-failed.json"))).toEqual({
    v: 2,
    failed: [{ endpoint: "connector", ids: ["tests/a.test.ts > text 7"] }],
  });
  expect(read(".tally/answers.jsonl").trimEnd().split("\n")).toHaveLength(200);
  expect(readdirSync(join(made.root, ".tally/runs"))).toHaveLength(4);
  expect(readdirSync(join(made.root, ".tally")).filter((name) => /\.\d+$/.test(name))).toEqual([]);
});
