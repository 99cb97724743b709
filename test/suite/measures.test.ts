import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type FauxOperations, fauxModel } from "../faux/faux-model.ts";
import { tell } from "../kit/events.ts";
import { withTests } from "../kit/length-model.ts";
import { type Project, project } from "../kit/project.ts";

const inputs = [
  "a",
  "bb",
  "ccc",
  "dd d",
  "😀",
  "x😀",
  "😀😀",
  "y 😀 z",
  "😀 is one",
  "a long one",
  "b",
  "c",
  "d",
  "e",
  "f",
];

/** Counts UTF-16 units instead of code points, and is a little off in its float. */
const halves: FauxOperations = {
  process: ({ text }) => ({
    length: String(text).length,
    half: ([...String(text)].length / 2) * (1 + 1e-12),
    label: null,
  }),
  inference: ({ text }) => {
    const score = 1 / (1 + Math.exp(4 - [...String(text)].length));
    return { long: score >= 0.5, score };
  },
};

async function researched(): Promise<Project> {
  const tests = `for (const text of ${JSON.stringify(inputs)})
    test("length of " + text, async () => { expect(await process({ text })).toTally({ length: [...text].length }); });`;
  const made = project(withTests(tests));
  expect((await made.tally(["test"])).exit).toBe(0);
  return made;
}

test("a run says what the inputs have in common on which a field disagrees", async () => {
  const made = await researched();
  await using model = await fauxModel(halves);
  const { ended } = await tell(made, ["-e", model.url]);
  expect(ended.clues).toEqual([
    {
      operation: "process",
      field: "length",
      words: "text has a character beyond U+FFFF",
      off: 5,
      offWith: 5,
      agree: 10,
      agreeWith: 0,
    },
  ]);
  const { stdout } = await made.tally(["test", "-e", model.url]);
  expect(stdout).not.toContain("undefined");
});

test("a run says how far numbers part, whether they agree or not", async () => {
  const made = await researched();
  await using model = await fauxModel(halves);
  const { ended } = await tell(made, ["-e", model.url]);
  const deltas = (ended.deltas ?? []).map(({ sizes, ...rest }) => ({ ...rest, count: sizes.count }));
  expect(deltas).toMatchInlineSnapshot(`
    [
      {
        "beyond": 0,
        "count": 15,
        "field": "half",
        "operation": "process",
        "scale": "tolerance",
        "tolerance": {
          "rel": 1e-9,
        },
        "within": 15,
      },
      {
        "beyond": 5,
        "count": 5,
        "field": "length",
        "operation": "process",
        "scale": "abs",
        "tolerance": {},
        "within": 0,
      },
    ]
  `);
});

test("a run times the calls of each operation, and counts their records", async () => {
  const made = await researched();
  await using model = await fauxModel(halves);
  const { ended } = await tell(made, ["-e", model.url]);
  const timings = ended.timings ?? [];
  expect(timings.map(({ operation }) => operation)).toEqual(["process"]);
  expect(timings.reduce((sum, { calls }) => sum + calls, 0)).toBe(ended.calls);
  expect(timings.reduce((sum, { records }) => sum + records, 0)).toBe(ended.records);
  expect(timings[0]?.ms.count).toBe(ended.calls);
});

test("a run knows the runs before it against the same role, oldest first", async () => {
  const made = await researched();
  await using model = await fauxModel(halves);
  expect((await tell(made, ["-e", model.url])).ended.history).toBeUndefined();
  await tell(made, ["-e", model.url, "-k", "long"]);
  const { ended } = await tell(made, ["-e", model.url]);
  // The run against the connector, these two, and the one that tells of them.
  expect(readdirSync(join(made.root, ".tally/runs"))).toHaveLength(4);
  expect(ended.history?.map(({ fail, partial, planned }) => ({ fail, partial, planned }))).toEqual([
    { fail: 5, partial: undefined, planned: 15 },
    { fail: 0, partial: true, planned: 1 },
  ]);
});
