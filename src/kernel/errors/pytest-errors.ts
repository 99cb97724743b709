import { defineErrors } from "./define.ts";

/** What can keep pytest files from being run. */
export const pytestErrors = defineErrors({
  "pytest-missing": {
    exit: 2,
    say: (a: { python: string }) => `[suite] pytest names files, and ${a.python} has no pytest.`,
    hint: (a) => `${a.python} -m pip install pytest`,
  },
  "pytest-old": {
    exit: 2,
    say: (a: { python: string; version: string; wanted: string }) =>
      `${a.python} has pytest ${a.version}; Tally runs tests with ${a.wanted} or newer.`,
    hint: (a) => `${a.python} -m pip install --upgrade pytest`,
  },
  "pytest-usage": {
    exit: 2,
    say: (a: { python: string; reason: string }) => `pytest cannot start with ${a.python}: ${a.reason}.`,
    hint: () => "Mend what pytest says above: its options (addopts, PYTEST_ADDOPTS), a conftest.py, or a plugin.",
  },
  "pytest-load": {
    exit: 2,
    say: (a: { file: string; message: string }) => `${a.file} could not be collected: ${a.message}.`,
    hint: () => "Mend the line shown; the other files were run.",
  },
});
