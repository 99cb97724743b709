/** Warnings of a run, from an endpoint that gives cause for them to the last event. */
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { fauxModel } from "../faux/faux-model.ts";
import { faux } from "../faux/faux.ts";
import { tell } from "../kit/events.ts";
import { project } from "../kit/project.ts";
import { pythonWith } from "../kit/python.ts";

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

const sklearn = pythonWith("sklearn");

test.skipIf(sklearn === undefined)(
  "a model that another scikit-learn pickled is told once",
  { timeout: 60_000 },
  async () => {
    const made = project({
      "tally.toml": `[model]\nname = "m"\n[connector]\npython = "connector.py"\n[operations.process]\ninput = { x = "float64" }\noutput = { label = "int" }\n`,
      "cases/cases.jsonl": '{"name":"one","operation":"process","input":{"x":3},"expect":{"label":1}}\n',
      "connector.py": `
import pickle, warnings
from pathlib import Path
from tallyml import Model
model = Model("m")
pipeline = pickle.loads(Path(__file__).with_name("model.pkl").read_bytes())
warnings.warn("the author's own", UserWarning)

@model.operation
def process(records: list[dict]):
    return [{"label": int(y)} for y in pipeline.predict([[r["x"]] for r in records])]
`,
      // The real pickle of a fitted pipeline, by a version that was never there.
      "train.py": `
import pickle, sys, sklearn
from pathlib import Path
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
fitted = make_pipeline(StandardScaler(), LogisticRegression()).fit([[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1])
here = sklearn.__version__.encode()
Path("model.pkl").write_bytes(pickle.dumps(fitted).replace(here, b"0" * (len(here) - 2) + b".1"))
print(sklearn.__version__)
`,
    });
    const here = execFileSync(sklearn ?? "", ["train.py"], { cwd: made.root, encoding: "utf8" }).trim();
    const env = { TALLY_PYTHON: sklearn ?? "" };
    const { events, exit } = await tell(made, [], { env });
    const warnings = events.filter((event) => event.type === "warning");
    const there = `${"0".repeat(here.length - 2)}.1`;
    const plain = (text: string): string => text.replaceAll(here, "<here>").replaceAll(there, "<there>");
    expect(exit).toBe(0);
    expect(warnings.map(({ code, message }) => `${code}: ${plain(message)}`)).toMatchInlineSnapshot(`
      [
        "pickled-elsewhere: connector.py loads StandardScaler, LogisticRegression, Pipeline pickled by scikit-learn <there> into <here>: answers may differ from those of the version that trained it. Install scikit-learn==<there>, or pickle it anew; and load only pickles you trust, for loading one runs the code in it",
      ]
    `);
    const logs = events.flatMap((event) => (event.type === "log" ? [event.text] : []));
    expect(logs.filter((text) => text.includes("UserWarning: the author's own"))).toHaveLength(1);
    expect(logs.filter((text) => text.includes("InconsistentVersionWarning"))).toEqual([]);
    const doctor = await made.tally(["doctor"], { env });
    expect(plain(doctor.stdout)).toContain("pickled by scikit-learn <there> into <here>");
  },
);
