/** Which files a selection concerns, and what to say when it concerns none. */
import type { Contract } from "../contract/contract.ts";
import { problem, type Problem, tallyError } from "../kernel/errors.ts";
import { nearest } from "../kernel/nearest.ts";
import { findFiles } from "./find-files.ts";
import { answersFile } from "./reference/reference-answers.ts";
import { describeSelection, isComputed, type Selection, selectsFile } from "./selection.ts";
import type { SuiteFiles } from "./suite-run.ts";

/** The files that can hold selected tests. Throws `suite-empty` and `suite-file-unknown`. */
export function suiteFiles({ root, file, suite }: Contract, selection: Selection): SuiteFiles {
  const tests = findFiles(root, suite.tests);
  const pytest = findFiles(root, suite.pytest);
  const cases = findFiles(root, suite.cases);
  const known = [...tests, ...pytest, ...cases];
  const patterns = [...suite.tests, ...suite.pytest, ...suite.cases];
  if (known.length === 0) throw tallyError("suite-empty", { root, patterns });
  for (const path of selection.paths) {
    if (known.some((one) => selectsFile({ paths: [path], tags: [] }, one))) continue;
    throw tallyError("suite-file-unknown", { path, nearest: nearest(path.replace(/:\d+$/, ""), known) });
  }
  const wanted = (one: string): boolean => selectsFile(selection, one);
  return {
    tests: tests.filter(wanted),
    pytest: pytest.filter(wanted),
    cases: cases.filter(wanted),
    all: [file, ...known, ...conftests(pytest), answersFile(root)],
    ids: [],
  };
}

/** The conftest.py files that pytest reads for these files; those that do not exist are no part of a digest. */
function conftests(files: readonly string[]): string[] {
  const folders = new Set(files.flatMap((file) => file.split("/").map((_, i, parts) => parts.slice(0, i).join("/"))));
  return [...folders].map((folder) => (folder === "" ? "conftest.py" : `${folder}/conftest.py`));
}

/** The problem of a selection that selects none of `ids`; undefined when that can be no mistake. */
export function withoutMatch(selection: Selection, ids: readonly string[]): Problem | undefined {
  const said = describeSelection(selection).join(" ");
  if (said === "" || isComputed(selection)) return undefined;
  const words = (selection.keyword ?? selection.paths[0] ?? "").toLowerCase().split(/\W+/);
  const similar = ids.filter((id) =>
    words.some((word) => word.length > 2 && id.toLowerCase().includes(word.slice(0, 4))),
  );
  return problem("suite-no-match", { selection: said, nearest: (similar.length > 0 ? similar : ids).slice(0, 5) });
}
