/** What can keep pytest files from being run, and the SDK from being installed. */
import { chmodSync, writeFileSync } from "node:fs";
import type { ErrorCode, ExitCode } from "../../../src/kernel/errors.ts";
import { pythonWith } from "../../kit/python.ts";
import type { Provocation } from "./provocation.ts";

const python = pythonWith("pytest");

const contract = `
[model]
name = "lengths"
[connector]
python = "connector.py"
[operations.process]
input = { text = "string" }
output = { length = "int" }
[suite]
pytest = ["tests/test_*.py"]
`;
const connector = `
from tallyml import Model
model = Model("lengths")
@model.operation
def process(records: list[dict]):
    return [{"length": len(record["text"])} for record in records]
`;
const good = "def test_good(process):\n    process({'text': 'a'}).tally(length=1)\n";

/** Files of a project; those in `site` come first on Python's path. */
function run(
  fact: string,
  codes: readonly ErrorCode[],
  files: Readonly<Record<string, string>>,
  exit: ExitCode = 2,
): Provocation {
  return {
    fact,
    codes,
    files: { "tally.toml": contract, "connector.py": connector, "tests/test_good.py": good, ...files },
    arrange: ({ root }) => ({ env: { TALLY_PYTHON: python ?? "", PYTHONPATH: `${root}/site` } }),
    args: ["test", "--reporter", "ndjson"],
    exit,
    skip: python === undefined ? "no Python with pytest on this machine" : undefined,
    normal: (text) =>
      text
        .replaceAll(/\S*bin\/python[^\s:]*/g, "<python>")
        // Frames of pytest and of the library differ from version to version.
        .replaceAll(/^ {2}(?!E |hint|tests\/).*\n/gm, ""),
  };
}

export const pytestProvocations: readonly Provocation[] = [
  run("an interpreter without pytest", ["pytest-missing"], {
    "site/pytest.py": `raise ModuleNotFoundError("No module named 'pytest'", name="pytest")\n`,
  }),
  run("a pytest from long ago", ["pytest-old"], { "site/pytest.py": `__version__ = "6.2.5"\n` }),
  run("options that pytest does not know", ["pytest-usage"], { "pytest.ini": "[pytest]\naddopts = --no-such\n" }),
  run("a pytest file that cannot be collected, and one without a test", ["pytest-load", "suite-no-tests"], {
    "tests/test_broken.py": "import nothing_of_this_name\n",
    "tests/test_empty.py": "",
  }),
  {
    fact: "an interpreter that takes no packages",
    codes: ["python-install"],
    arrange: ({ root }) => {
      writeFileSync(`${root}/fake-python`, "#!/bin/sh\necho 'error: externally-managed-environment' >&2\nexit 1\n");
      chmodSync(`${root}/fake-python`, 0o755);
      return { env: { TALLY_PYTHON: `${root}/fake-python` } };
    },
    args: ["python", "--install"],
    exit: 2,
  },
];
