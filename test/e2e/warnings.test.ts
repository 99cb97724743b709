/** Warnings of a run, from an endpoint that gives cause for them to the last event. */
import { expect, test } from "vitest";
import { fauxModel } from "../faux/faux-model.ts";
import { faux } from "../faux/faux.ts";
import { tell } from "../kit/events.ts";
import { project } from "../kit/project.ts";

const suite = (output: string): Record<string, string> => ({
  "tally.toml": `[model]\nname = "m"\n[operations.process]\ninput = { query = "string" }\noutput = { ${output} }\n`,
  "cases/cases.jsonl": '{"name":"one","operation":"process","input":{"query":"abc"},"expect":{"length":3}}\n',
});

test("calls that were sent again are counted", async () => {
  await using server = await faux.flakyCalls(1);
  const { events, exit } = await tell(project(suite('length = "int"')), ["-e", server.url]);
  const warnings = events.filter((event) => event.type === "warning");
  expect({ exit, warnings }).toMatchInlineSnapshot(`
    {
      "exit": 0,
      "warnings": [
        {
          "code": "retried",
          "count": 1,
          "message": "1 call was sent again because nothing had been answered",
          "type": "warning",
        },
      ],
    }
  `);
});

test("of many undeclared fields twenty are named", async () => {
  const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`f${n}`, n]));
  await using model = await fauxModel({ process: () => ({ length: 3, ...many }) });
  const { events, exit } = await tell(project(suite('length = "int"')), ["-e", model.url]);
  const warnings = events.filter((event) => event.type === "warning");
  expect({ exit, count: warnings.length, last: warnings.at(-1) }).toMatchInlineSnapshot(`
    {
      "count": 21,
      "exit": 0,
      "last": {
        "code": "extra-field",
        "count": 9980,
        "message": "process answers at least 9980 more fields that the contract does not declare",
        "type": "warning",
      },
    }
  `);
});

test("a field that agrees only after normalising is told", async () => {
  await using model = await fauxModel({ process: () => ({ length: 3, word: " A " }) });
  const files = suite('length = "int", word = { type = "string", normalize = ["trim", "case"] }');
  const cases = '{"name":"one","operation":"process","input":{"query":"abc"},"expect":{"word":"a"}}\n';
  const { events, exit } = await tell(project({ ...files, "cases/cases.jsonl": cases }), ["-e", model.url]);
  const warnings = events.filter((event) => event.type === "warning");
  expect({ exit, warnings }).toMatchInlineSnapshot(`
    {
      "exit": 0,
      "warnings": [
        {
          "code": "normalized",
          "count": 1,
          "message": "process.word agreed only after normalising",
          "type": "warning",
        },
      ],
    }
  `);
});

test("bytes behind an answer are told", async () => {
  await using server = await faux.extraBytes();
  const { events } = await tell(project(suite('length = "int"')), ["-e", server.url]);
  const codes = events.flatMap((event) => (event.type === "warning" ? [event.code] : []));
  expect(codes).toContain("extra-bytes");
});
