/** `tally python`: what is found, and what is installed, in virtual environments of their own. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tallyVersion } from "../../src/kernel/own-package.ts";
import { type Project, project } from "../kit/project.ts";
import { pythonWith } from "../kit/python.ts";

const python = pythonWith("venv", "ensurepip");
const withPython = test.skipIf(python === undefined);

function environment({ root }: Project): string {
  execFileSync(python ?? "", ["-m", "venv", join(root, ".venv")]);
  return join(root, ".venv/bin/python");
}

withPython("--install puts the SDK into the project's own environment, offline, as often as asked", async () => {
  const made = project({});
  const interpreter = environment(made);
  for (let times = 0; times < 2; times += 1) {
    const ran = await made.tally(["python", "--install"], { env: { PIP_INDEX_URL: "http://127.0.0.1:9/" } });
    expect(ran.exit, ran.stderr).toBe(0);
    expect(ran.stdout).toContain(`Successfully installed tallyml-${tallyVersion()}`);
  }
  const asked = `
import importlib.metadata as metadata, tallyml
points = [point.value for point in metadata.entry_points().select(group="pytest11")] if hasattr(metadata.entry_points(), "select") else ["tallyml.pytest_plugin"]
print(tallyml.__version__, metadata.version("tallyml"), *points, "site-packages" in tallyml.__file__)`;
  const said = execFileSync(interpreter, ["-I", "-c", asked], { encoding: "utf8" });
  expect(said).toBe(`${tallyVersion()} ${tallyVersion()} tallyml.pytest_plugin True\n`);
  const shown = await made.tally(["python"]);
  expect(shown.stdout.replaceAll(/Python \d+\.\d+\.\d+/g, "Python <version>")).toBe(
    `interpreter  .venv/bin/python, Python <version> (from .venv)\nsdk          tallyml ${tallyVersion()}, which comes with this Tally\n`,
  );
});

withPython("an interpreter that is not there is told", async () => {
  const ran = await project({}).tally(["python"], { env: { TALLY_PYTHON: "no-such-python" } });
  expect(ran.exit).toBe(4);
  expect(ran.stderr).toContain("error[connector-interpreter]: ");
});
