import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { pandas, python } from "../faux/local-connector.ts";
import { project, type Project } from "../kit/project.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const hasScript = spawnSync("script", ["--version"], { stdio: "ignore" }).status === 0;
const awkward = `id,amount,class,a.b,"del ""x""",ok,when
1,2.50,"x,y",007,a,true,2026-01-01
9007199254740993,,z,010,,false,
3,1e3,,011,"c
d",TRUE,2026-01-02
`;

/** The last line of a run: what passed. */
async function passed(suite: Project, cwd = suite.root, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { exit, stderr, stdout } = await suite.tally(["test"], { cwd, env });
  return `exit ${exit}: ${stdout
    .trimEnd()
    .split("\n")
    .at(-1)
    ?.replace(/ in .*/, "")
    .trim()}${stderr}`;
}

function read(suite: Project, path: string): string {
  return readFileSync(join(suite.root, path), "utf8");
}

test("from nothing, a project that passes its first test", async () => {
  const suite = project({});
  const { exit, stdout } = await suite.tally(["init", "fraud"]);
  expect({ exit, stdout }).toMatchInlineSnapshot(`
    {
      "exit": 0,
      "stdout": "  created  tally.toml  connector.ts  tests/process.test.ts  cases/process.jsonl  tests/operations.d.ts  tsconfig.json
      next     cd fraud && tally test
      types    npm install --save-dev tallyml   (for the editor; tests run without)
    ",
    }
  `);
  expect(readdirSync(join(suite.root, "fraud"), { recursive: true }).map(String).toSorted()).toMatchInlineSnapshot(`
    [
      "cases",
      "cases/process.jsonl",
      "connector.ts",
      "tally.toml",
      "tests",
      "tests/operations.d.ts",
      "tests/process.test.ts",
      "tsconfig.json",
    ]
  `);
  expect(read(suite, "fraud/tally.toml")).toMatchInlineSnapshot(`
    "#:schema ./node_modules/tallyml/schema/tally.schema.json
    [tally]
    contract = 1

    [model]
    name = "fraud"

    [connector]                        # Research's side; never handed over
    node = "connector.ts"

    [endpoints]                        # Production's side: tally test -e production
    production = "http://localhost:8080"

    [operations.process]
    input = { text = "string" }
    output = { length = "int", words = "int" }
    "
  `);
  expect(await passed(suite, join(suite.root, "fraud"))).toBe("exit 0: 4 passed");
});

test("a name that no contract may have is refused before anything is written", async () => {
  const suite = project({ "sample.csv": "a\n1\n" });
  for (const args of [
    ["--name", "a b"],
    ["--operation", "9", "--sample", "sample.csv"],
  ]) {
    const { exit, stderr } = await suite.tally(["init", "new", ...args]);
    expect([exit, stderr.slice(0, 17)]).toEqual([2, "error[flag-value]"]);
  }
  expect(readdirSync(suite.root)).toEqual(["sample.csv"]);
});

test("nothing is written over: what exists is named, and the rest is not written either", async () => {
  const suite = project({ "connector.ts": "// mine\n", "tests/process.test.ts": "// mine too\n" });
  const { exit, stderr } = await suite.tally(["init"]);
  expect([exit, stderr.split("\n")[0]]).toMatchInlineSnapshot(`
    [
      2,
      "error[init-exists]: connector.ts, tests/process.test.ts exist already; nothing was written.",
    ]
  `);
  expect(readdirSync(suite.root).toSorted()).toEqual(["connector.ts", "tests"]);
});

test("what it writes is typed: the compiler finds nothing", async () => {
  const suite = project({ "sample.csv": awkward });
  await suite.tally(["init", "nothing"]);
  await suite.tally(["init", "sampled", "--sample", "sample.csv"]);
  for (const name of ["nothing", "sampled"]) {
    const folder = join(suite.root, name);
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(repository, join(folder, "node_modules/tallyml"));
    suite.write({ [`${name}/package.json`]: `{"type":"module"}` });
    const tsc = join(repository, "node_modules/typescript/bin/tsc");
    const { stdout } = spawnSync(process.execPath, [tsc, "-p", folder, "--pretty", "false"], {
      encoding: "utf8",
      cwd: folder,
    });
    expect(stdout).toBe("");
  }
});

test("from a sample, the types of its columns, whatever they are called", async () => {
  const suite = project({ "sample.csv": awkward });
  const { exit } = await suite.tally(["init", "--sample", "sample.csv", "--name", "orders"]);
  expect(exit).toBe(0);
  const toml = read(suite, "tally.toml");
  expect(toml.slice(toml.indexOf("[operations"))).toMatchInlineSnapshot(`
    "[operations.process]
    output = { filled = "int" }

    [operations.process.input]
    id = "int64"
    amount = "float64?"
    class = "string?"
    "a.b" = "string"
    "del \\"x\\"" = "string?"
    ok = "boolean"
    when = "string?"
    "
  `);
  expect(read(suite, "cases/process.jsonl")).toMatchInlineSnapshot(`
    "{"name":"record 1","input":{"id":1,"amount":2.50,"class":"x,y","a.b":"007","del \\"x\\"":"a","ok":true,"when":"2026-01-01"},"expect":{"filled":7}}
    {"name":"record 2","input":{"id":9007199254740993,"amount":null,"class":"z","a.b":"010","del \\"x\\"":null,"ok":false,"when":null},"expect":{"filled":4}}
    {"name":"record 3","input":{"id":3,"amount":1e3,"class":null,"a.b":"011","del \\"x\\"":"c\\nd","ok":true,"when":"2026-01-02"},"expect":{"filled":6}}
    "
  `);
  expect(await passed(suite)).toBe("exit 0: 4 passed");
});

test("from JSON lines, lists and structs too, and what differs from line to line is json", async () => {
  const suite = project({
    "sample.jsonl": `{"tags":["a"],"at":{"x":1.5,"y":null},"mixed":1,"empty":null,"score":"NaN"}
{"tags":[],"at":{"x":2,"y":"b"},"mixed":"one","extra":true,"score":0.5}
`,
  });
  await suite.tally(["init", "--sample", "sample.jsonl"]);
  const toml = read(suite, "tally.toml");
  expect(toml.slice(toml.indexOf("[operations"))).toMatchInlineSnapshot(`
    "[operations.process]
    output = { filled = "int" }

    [operations.process.input]
    tags = "list<string>"
    at = { type = "struct", fields = { x = "float64", y = "string?" } }
    mixed = "json"
    empty = "json"
    score = "float64"
    extra = "boolean?"
    "
  `);
  expect(await passed(suite)).toBe("exit 0: 3 passed");
});

describe.skipIf(python === undefined)("in Python", () => {
  const env = { TALLY_PYTHON: python ?? "" };

  test("from nothing, where the folder looks like a project of Python", async () => {
    const suite = project({ "requirements.txt": "" });
    await suite.tally(["init"]);
    expect(existsSync(join(suite.root, "connector.py"))).toBe(true);
    expect(await passed(suite, suite.root, env)).toBe("exit 0: 4 passed");
  });

  test("from a function of plain arguments, without a sample", async () => {
    const suite = project({
      "src/risk/__init__.py": "",
      "src/risk/model.py":
        "print('loading')\ndef risk(query: str, limit: int, strict: bool = False) -> float:\n    return len(query) / limit\n",
    });
    const { exit, stderr } = await suite.tally(["init", "--python", "src/risk/model.py:risk", "--name", "risks"], {
      env,
    });
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
    expect(read(suite, "connector.py")).toMatchInlineSnapshot(`
      """"What production has to agree with: risk of risk.model."""

      import sys
      from pathlib import Path

      from tallyml import Model

      sys.path.insert(0, str(Path(__file__).parent / "src"))
      from risk.model import risk as research  # noqa: E402

      model = Model("risks")


      @model.operation("risk")
      def risk(records: list[dict]):
          return [{"result": research(**record)} for record in records]
      "
    `);
    expect(read(suite, "tally.toml").split("\n\n").at(-1)).toMatchInlineSnapshot(`
      "[operations.risk]
      input = { query = "string", limit = "int" }
      output = { result = "float64" }
      "
    `);
    expect(await passed(suite, suite.root, env)).toBe("exit 0: 2 passed");
  });

  test("a connector that cannot answer leaves nothing behind", async () => {
    const suite = project({ "model.py": "def risk(query: str):\n    raise KeyError('weights')\n" });
    const { exit, stderr } = await suite.tally(["init", "--python", "model.py:risk"], { env });
    expect([exit, stderr.split("\n")[0]]).toMatchInlineSnapshot(`
      [
        4,
        "error[sample-refused]: risk does not answer record 1 of the sample: KeyError: 'weights'.",
      ]
    `);
    expect(readdirSync(suite.root).filter((name) => !name.startsWith("__"))).toEqual(["model.py"]);
  });
});

describe.skipIf(pandas === undefined)("with pandas", () => {
  const env = { TALLY_PYTHON: pandas ?? "" };

  test("a function of a frame is asked about the sample, whether it answers fields or a value", async () => {
    const suite = project({
      "sample.csv": awkward,
      "model.py": `import pandas as pd
def doubled(df: pd.DataFrame):
    return df["amount"] * 2
def table(df):
    return pd.DataFrame({"double": df["amount"] * 2, "id": df["id"]})
`,
    });
    for (const [name, output] of [
      ["doubled", `output = { result = "float64" }`],
      ["table", `output = { double = "float64", id = "int64" }`],
    ] as const) {
      const args = ["init", name, "--python", `model.py:${name}`, "--sample", "sample.csv"];
      expect((await suite.tally(args, { env })).stderr).toBe("");
      expect(read(suite, `${name}/tally.toml`)).toContain(output);
      expect(await passed(suite, join(suite.root, name), env)).toBe("exit 0: 4 passed");
    }
  });

  test("a fitted pipeline answers its prediction and the probability of every class", async (context) => {
    if (spawnSync(pandas ?? "", ["-c", "import sklearn"], { stdio: "ignore" }).status !== 0)
      context.skip("no scikit-learn on this machine");
    const suite = project({
      "sample.csv": "a,b\n1.5,0.2\n3.5,0.7\n",
      "model.py": `import pandas as pd
from sklearn.linear_model import LogisticRegression
pipeline = LogisticRegression().fit(pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [0.5, 0.1, 0.9]}), ["no", "no", "yes"])
`,
    });
    const { stderr } = await suite.tally(["init", "--python", "model.py:pipeline", "--sample", "sample.csv"], { env });
    expect(stderr).toBe("");
    expect(read(suite, "tally.toml").split("\n\n").at(-1)).toMatchInlineSnapshot(`
      "[operations.predict]
      input = { a = "float64", b = "float64" }
      output = { prediction = "string", probability_no = "float64", probability_yes = "float64" }
      "
    `);
    expect(await passed(suite, suite.root, env)).toBe("exit 0: 3 passed");
  });
});

test.skipIf(!hasScript)("a person at a terminal is asked, and empty answers take what is offered", async () => {
  const suite = project({ "sample.csv": "a\n1\n" });
  const command = [process.execPath, join(repository, "bin/tally.js"), "init", "shop"]
    .map((word) => `'${word}'`)
    .join(" ");
  const { CI: _, ...env } = process.env;
  const child = spawn("script", ["-qec", command, "/dev/null"], { cwd: suite.root, env });
  const answers = [
    ["What is the model called? [shop] ", "orders\n"],
    ["python or typescript? [typescript] ", "\n"],
    ["(a .csv or .jsonl file)? [none] ", "nowhere.csv\n"],
    ["There is no file nowhere.csv. Which one? [none] ", "sample.csv\n"],
  ] as const;
  let next = 0;
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    const [question, answer] = answers[next] ?? [];
    if (question === undefined || !stripVTControlCharacters(said).includes(question)) return;
    next += 1;
    child.stdin.write(answer);
  });
  const exit = await new Promise((resolve) => child.on("close", resolve));
  expect(next).toBe(answers.length);
  expect(exit).toBe(0);
  expect(read(suite, "shop/tally.toml")).toContain('name = "orders"');
  expect(read(suite, "shop/tally.toml")).toContain('input = { a = "int" }');
});
