import type { pytestErrors } from "../pytest-errors.ts";
import type { Explanations } from "./explanation.ts";

const python = ".venv/bin/python";

export const pytestExplanations: Explanations<keyof typeof pytestErrors> = {
  "pytest-missing": {
    example: { python },
    when: "`[suite] pytest` names files, and the connector's interpreter has no pytest. Tally never installs anything by itself.",
  },
  "pytest-old": {
    example: { python, version: "6.2.5", wanted: "7.2" },
    when: "The pytest of the interpreter is older than what Tally's plugin needs.",
  },
  "pytest-usage": {
    example: { python, reason: "pytest ended with status 4 before it had collected anything" },
    when: "pytest itself refused to start: an option in `addopts` that it does not know, a conftest.py that raises. What it said is shown.",
  },
  "pytest-load": {
    example: { file: "tests/test_text.py", message: "ModuleNotFoundError: No module named 'helpers'" },
    when: "A pytest file raised while it was collected; pytest's own traceback is shown. The file counts as one test that could not be judged, the other files run.",
  },
};
