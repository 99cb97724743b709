/** Which files a suite is: what its tests need comes along, and nothing else does. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fauxModel } from "../faux/faux-model.ts";
import { contract } from "../kit/length-model.ts";
import { project, type Project, type Ran } from "../kit/project.ts";
import { pythonWith } from "../kit/python.ts";

const python = pythonWith("pytest");
const withPytest = contract.replace("[suite]", '[suite]\npytest = ["tests/**/test_*.py"]');
const right = {
  process: ({ text }: Readonly<Record<string, unknown>>) => ({ length: String(text).length, half: 0, label: null }),
};

/** What `--print` lists. */
async function listed(suite: Project, ...flags: string[]): Promise<string[]> {
  const { exit, stderr, stdout } = await suite.tally(["pack", "--print", "--json", ...flags]);
  expect(`${exit} ${stderr}`).toBe("0 ");
  const { files }: { files: { path: string }[] } = JSON.parse(stdout);
  return files.map(({ path }) => path).filter((path) => path !== "tally.toml");
}

/** Runs it at home and as a bundle in an empty folder. */
async function bothWays(
  suite: Project,
  url: string,
  prepare?: (place: string) => void,
): Promise<Record<"home" | "away", Ran>> {
  const env = { TALLY_PYTHON: python ?? "", XDG_CACHE_HOME: join(suite.root, ".cache") };
  const home = await suite.tally(["test", "-e", url], { env });
  const place = project({});
  const packed = await suite.tally(["pack", "--format", "bundle", "--python", "--out", join(place.root, "suite.tgz")]);
  expect(packed.exit, packed.stderr).toBe(0);
  execFileSync("tar", ["-xzf", "suite.tgz"], { cwd: place.root });
  prepare?.(place.root);
  const program = join(place.root, "package/tally.mjs");
  return { home, away: await place.tally(["-e", url], { program, env: { ...env, HOME: place.root } }) };
}

describe("scripts", () => {
  const words = {
    "tally.toml": contract.replace("[suite]", '[suite]\nfiles = ["tests/data/**"]'),
    "connector.ts": "throw new Error('this never leaves');\n",
    "tests/words.test.ts": `// was once: import model from "../connector.ts"
import { readFileSync } from "node:fs";
import { expect, operation, test } from "tallyml";
import style from "./style.js";
import one from "./one.cjs";
const { three } = await import(/* later */ "./three.ts");
const listed = JSON.parse(readFileSync(new URL("./listed.json", import.meta.url), "utf8"));
const named = readFileSync(new URL("data/named.txt", import.meta.url), "utf8").trim();
const process = operation("process");
for (const word of [style.word, one.word, three, ...listed, named]) test(word, async () => {
  expect(await process({ text: word })).toTally({ length: word.length });
});
`,
    "tests/style.js": `module.exports = { word: "style" };\n`,
    "tests/one.cjs": `module.exports = { word: require("./two").word + "one" };\n`,
    "tests/two.js": `module.exports = { word: "two" };\n`,
    "tests/three.ts": `export const three: string = "three";\n`,
    "tests/listed.json": `["listed"]\n`,
    "tests/data/named.txt": "named\n",
    "tests/other.ts": "export const nobody = 1;\n",
  };

  test("take along what they import, require and read, and no connector that a comment names", async () => {
    expect(await listed(project(words))).toEqual(
      ["data/named.txt", "listed.json", "one.cjs", "style.js", "three.ts", "two.js", "words.test.ts"].map(
        (name) => `tests/${name}`,
      ),
    );
  });

  test("are the same at home and away, CommonJS too", async () => {
    await using good = await fauxModel(right);
    const { away, home } = await bothWays(project(words), good.url);
    expect(home.stdout + home.stderr).toContain(" 5 passed in");
    expect(away.stdout + away.stderr).toContain(" 5 passed in");
  });

  test("do not take the connector along", async () => {
    const suite = project({ ...words, "tests/words.test.ts": `import "../connector.ts";\n` });
    const { exit, stderr } = await suite.tally(["pack", "--format", "bundle"]);
    expect(stderr).toContain("error[pack-connector]: The suite imports connector.ts, the connector");
    expect(exit).toBe(2);
  });
});

describe.skipIf(python === undefined)("pytest files", () => {
  const packages = {
    "tally.toml": withPytest,
    "research/model.py": "secret = 1\n",
    "helpers/__init__.py": "",
    "helpers/numbers.py": "three = 3\n",
    "src/aa.py": "tea = 'tea'\n",
    "src/bb.py": "milk = 'milk'\n",
    "tests/__init__.py": "",
    "tests/one/__init__.py": "",
    "tests/two/__init__.py": "",
    "tests/one/helper.py": "def length(process, text):\n    return process({'text': text})['length']\n",
    "tests/one/test_same.py": `"""Was made
from research.model by hand.
"""
import helpers.numbers
from helpers import numbers
from . import helper
from .helper import length


def check_length(process):
    assert length(process, "tea") == numbers.three == helpers.numbers.three


def test_never_collected():
    raise AssertionError
`,
    "tests/two/test_same.py": `import aa, bb


def check_both(process):
    assert process({"text": aa.tea + bb.milk})["length"] == 7
`,
    "pyproject.toml": `[project]
name = "nobody's business"

[tool.pytest.ini_options]
python_functions = ["check_*"]
pythonpath = ["src"]
`,
  };

  test("take along their packages and pytest's own part of the configuration", async () => {
    const suite = project(packages);
    const files = await listed(suite, "--python");
    expect(files).toEqual([
      "helpers/__init__.py",
      "helpers/numbers.py",
      "pyproject.toml",
      "src/aa.py",
      "src/bb.py",
      "tests/__init__.py",
      "tests/one/__init__.py",
      "tests/one/helper.py",
      "tests/one/test_same.py",
      "tests/two/__init__.py",
      "tests/two/test_same.py",
    ]);
  });

  test("are the same tests at home and away, whatever pytest finds where they are run", async () => {
    await using good = await fauxModel(right);
    const seen = (run: Ran): string => `${run.stdout}${run.stderr}`;
    const { away, home } = await bothWays(project(packages), good.url, (place) => {
      // What a receiver has lying about: options that choose tests, a conftest.py, and the same at home.
      const options = '[tool.pytest.ini_options]\naddopts = "-k nothing --cov=src"\n';
      writeFileSync(join(place, "pyproject.toml"), options);
      writeFileSync(join(place, "conftest.py"), "raise SystemExit('a conftest.py of somebody else')\n");
      mkdirSync(join(place, "package/elsewhere"));
    });
    expect(seen(home)).toContain(" 2 passed in");
    expect(seen(away)).toContain(" 2 passed in");
  });

  test("without a configuration have none of somebody else", async () => {
    await using good = await fauxModel(right);
    const { "pyproject.toml": _, ...plain } = packages;
    const suite = project({
      "tally.toml": withPytest,
      "tests/test_red.py":
        plain["tests/one/helper.py"] +
        `\n\ndef test_ok():\n    pass\n\n\ndef test_red(process):\n    assert length(process, "tea") == 4\n`,
    });
    const { away, home } = await bothWays(suite, good.url, (place) =>
      writeFileSync(join(place, "pytest.ini"), "[pytest]\naddopts = -k ok\n"),
    );
    for (const run of [home, away]) {
      expect(run.stdout + run.stderr).toContain("1 failed, 1 passed");
      expect(run.exit).toBe(1);
    }
    const env = { PYTEST_ADDOPTS: "-k ok", TALLY_PYTHON: python ?? "" };
    const place = project({});
    await suite.tally(["pack", "--format", "bundle", "--python", "--out", join(place.root, "suite.tgz")]);
    const deselected = await place.tally(["test", "--suite", "suite.tgz", "-e", good.url], { env });
    expect(deselected.stdout + deselected.stderr).toContain("1 failed, 1 passed");
  });

  test("whose configuration lies above the suite are not packed without it", async () => {
    const above = project({ "pytest.ini": "[pytest]\n", "suite/tally.toml": withPytest, "suite/tests/test_a.py": "" });
    const { exit, stderr } = await above.tally(["pack", "--format", "bundle", "--python"], {
      cwd: join(above.root, "suite"),
    });
    expect(stderr).toContain("error[pack-pytest-config]: pytest takes its configuration from");
    expect(exit).toBe(2);
    writeFileSync(join(above.root, "suite/pytest.ini"), "");
    const again = await above.tally(["pack", "--print", "--python"], { cwd: join(above.root, "suite") });
    expect(again.stdout).toContain("  pytest.ini\n");
  });
});

test("what pytest is told in tox.ini and setup.cfg is cut out of them", async () => {
  const suite = project({
    "tally.toml": withPytest,
    "tests/test_a.py": "",
    "setup.cfg": "[metadata]\nname = x\n[tool:pytest]\npython_files = test_*.py\n[flake8]\nmax-line-length = 9\n",
  });
  const { exit, stderr } = await suite.tally(["pack", "--format", "bundle", "--python", "--out", "x.tgz"]);
  expect(`${exit} ${stderr}`).toBe("0 ");
  execFileSync("tar", ["-xzf", "x.tgz"], { cwd: suite.root });
  expect(readFileSync(join(suite.root, "package/suite/setup.cfg"), "utf8")).toBe(
    "[tool:pytest]\npython_files = test_*.py\n",
  );
});
