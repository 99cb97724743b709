/** A bundle of a suite with pytest files: what it brings, what it leaves to whoever runs it, and what it says of the rest. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fauxModel } from "../faux/faux-model.ts";
import { contract } from "../kit/length-model.ts";
import { project, type Project, type Ran } from "../kit/project.ts";
import { pythonWith } from "../kit/python.ts";

const python = pythonWith("pytest");

const files = {
  "tally.toml": contract.replace("[suite]", '[suite]\npytest = ["tests/test_*.py"]'),
  "tests/test_lengths.py": `import texts


def test_twice(process):
    assert process({"text": texts.twice("tea")})["length"] == 6
`,
  "tests/texts.py": `def twice(text):
    return text + text
`,
  "cases/process.jsonl": `{"name":"short","input":{"text":"abc"},"expect":{"length":3}}\n`,
};

const right = {
  process: ({ text }: Readonly<Record<string, unknown>>) => ({ length: String(text).length, half: 0, label: null }),
};

/** Packs it into an empty folder, and gives how it is run there. */
async function delivered(flag: string): Promise<{ place: Project; run: (...args: string[]) => Promise<Ran> }> {
  const place = project({});
  const words = ["pack", "--format", "bundle", "--out", join(place.root, "suite.tgz"), flag];
  const packed = await project(files).tally(words);
  expect(packed.exit, packed.stderr).toBe(0);
  execFileSync("tar", ["-xzf", "suite.tgz"], { cwd: place.root });
  const program = join(place.root, "package/tally.mjs");
  const env = { TALLY_PYTHON: python ?? "", XDG_CACHE_HOME: join(place.root, "cache") };
  return { place, run: (...args) => place.tally(args, { program, env }) };
}

describe("packed without pytest", () => {
  test("the rest is run, and what is not is said in every report", async () => {
    await using good = await fauxModel(right);
    const { place, run } = await delivered("--without-pytest");
    const { exit, stderr, stdout } = await run("-e", good.url, "--out", "report");
    expect(stdout).toMatch(/ 1 passed in /);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(
      "pytest files were not run, for the suite was packed without Python: tests/test_lengths.py",
    );
    expect(`${exit} ${stderr}`).toBe("0 ");
    const events = readFileSync(join(place.root, "report/events.ndjson"), "utf8");
    expect(events).toContain('"code":"pytest-not-carried"');
    expect(readFileSync(join(place.root, "report/index.html"), "utf8")).toContain("packed without Python");
    expect((await run("list")).stdout).toContain("1 case");
  });

  test("an installed Tally, which brings its part of Python, runs them all", async ({ skip }) => {
    skip(python === undefined, "no Python with pytest on this machine");
    await using good = await fauxModel(right);
    const { place } = await delivered("--without-pytest");
    const words = ["test", "--suite", "suite.tgz", "-e", good.url];
    const { stderr, stdout } = await place.tally(words, { env: { TALLY_PYTHON: python ?? "" } });
    expect(stdout + stderr).toMatch(/ 2 passed in /);
  });
});

test("packed with --python they run in the Python that is there", async ({ skip }) => {
  skip(python === undefined, "no Python with pytest on this machine");
  await using good = await fauxModel(right);
  await using bad = await fauxModel({ process: () => ({ length: 1, half: 0, label: null }) });
  const { place, run } = await delivered("--python");
  const green = await run("-e", good.url);
  expect(green.stdout + green.stderr).toMatch(/ 2 passed in /);
  expect(green.exit).toBe(0);
  const red = await run("-e", bad.url);
  expect(red.stdout + red.stderr).toContain("assert 1 == 6");
  expect(red.exit).toBe(1);
  expect(readFileSync(join(place.root, "package/README.md"), "utf8")).toContain("TALLY_PYTHON");
});

test.for([
  ["import pandas as pd", "pandas"],
  ["import json, numpy.linalg", "numpy"],
  ["from sklearn.metrics import f1_score", "sklearn"],
] as const)("an image is not packed whose pytest files say %s", async ([line, module]) => {
  const suite = project({ ...files, "tests/test_frames.py": `"""Talks:\nimport polars\n"""\n${line}\n` });
  const { exit, stderr } = await suite.tally(["pack", "--python"]);
  expect(stderr).toContain(`error[pack-import]: tests/test_frames.py:4 imports "${module}"`);
  expect(stderr).toContain("pytest.importorskip");
  expect(exit).toBe(2);
});

test("what an author has provided for is no missing import", async () => {
  const source = `from __future__ import annotations
import texts, tests.texts
try:
    import pandas
except ImportError:
    pandas = None
import pytest
polars = pytest.importorskip("polars")
`;
  const suite = project({ ...files, "tests/test_frames.py": source });
  const { exit, stderr } = await suite.tally(["pack", "--python", "--print"]);
  expect(`${exit} ${stderr}`).toBe("0 ");
});
