/** Which files a selection concerns, and what to say when it concerns none. */
import type { Contract } from "../contract/contract.ts";
import { problem, type Problem, tallyError } from "../kernel/errors.ts";
import { nearest } from "../kernel/nearest.ts";
import { findFiles } from "../delivery/find-files.ts";
import { bringsPython } from "./pytest/pytest-carried.ts";
import { describeSelection, isComputed, type Selection, selectsFile } from "./selection.ts";
import type { SuiteFiles } from "./suite-run.ts";

/** The files that can hold selected tests. Throws `suite-empty` and `suite-file-unknown`. */
export function suiteFiles({ root, suite }: Contract, selection: Selection): SuiteFiles {
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
  const isBrought = pytest.length === 0 || bringsPython();
  const wanted = (one: string): boolean => selectsFile(selection, one);
  return {
    tests: tests.filter(wanted),
    pytest: isBrought ? pytest.filter(wanted) : [],
    cases: cases.filter(wanted),
    leftOut: isBrought ? [] : pytest.filter(wanted),
    ids: [],
  };
}

/** The problem of a selection that selects none of `ids`; undefined when that can be no mistake. */
export function withoutMatch(selection: Selection, ids: readonly string[]): Problem | undefined {
  const said = describeSelection(selection).join(" ");
  if (said === "" || isComputed(selection)) return undefined;
  const words = wordsOf(selection.keyword ?? selection.paths[0] ?? "");
  // Files are read at the same time: what is said does not depend on which was quicker.
  const sorted = ids.toSorted();
  const known = [...new Set(sorted.flatMap(wordsOf))];
  const meant = words.flatMap((word) => [word.slice(0, 4), nearest(word, known) ?? word]);
  const similar = sorted.filter((id) => meant.some((word) => id.toLowerCase().includes(word)));
  return problem("suite-no-match", { selection: said, nearest: (similar.length > 0 ? similar : sorted).slice(0, 5) });
}

/** In lower case; shorter words would be found everywhere. */
function wordsOf(text: string): string[] {
  const words = text.toLowerCase().split(/\W+/);
  return words.filter((word) => word.length > 2);
}
