/** Two versions of a suite → what the later one asks otherwise. Comes in: two outlines. Goes out: changes, in the order of reading. */
import { holdsSensitive } from "../../contract/sensitive-fields.ts";
import { caseChanges } from "./case-changes.ts";
import type { Change } from "./change.ts";
import { contractChanges } from "./contract-changes.ts";
import { listedChanges } from "./listed-changes.ts";
import type { CaseTableOutline, SuiteOutline, TestFile } from "./suite-outline.ts";

export function diffSuites(before: SuiteOutline, after: SuiteOutline): Change[] {
  const operations = contractChanges(before.contract.operations, after.contract.operations);
  // What either version calls sensitive.
  const hides = (operation: string, field: string): boolean =>
    [before, after].some(({ contract }) => {
      const output = contract.operations?.[operation]?.output;
      return (
        output !== undefined &&
        Object.hasOwn(output, field) &&
        output[field] !== undefined &&
        holdsSensitive(output[field])
      );
    });
  return [
    ...operations.map(({ area, at, kind, what }): Change => ({
      kind,
      area,
      at,
      ...(what === undefined ? {} : { what }),
    })),
    ...pairs(before.files, after.files).flatMap(([path, old, now]) => fileChanges(path, old, now)),
    ...pairs(before.tables, after.tables).flatMap(([, old, now]) => tableChanges(old, now, hides)),
  ];
}

function fileChanges(path: string, old: TestFile | undefined, now: TestFile | undefined): Change[] {
  const say = (kind: Change["kind"], name: string, what?: string): Change => ({
    kind,
    area: "tests",
    at: name === "" ? path : `${path} > ${name}`,
    ...(what === undefined ? {} : { what }),
  });
  if (old?.digest === now?.digest) return [];
  const listed = listedChanges(path, old, now);
  if (listed !== undefined) return listed;
  const made = pairs(old?.tests ?? new Map<string, string>(), now?.tests ?? new Map<string, string>()).flatMap(
    ([name, was, is]) => {
      if (was === is || name === "") return [];
      return [say(was === undefined ? "added" : is === undefined ? "removed" : "changed", name)];
    },
  );
  if (old === undefined || now === undefined) {
    const names = [...((now ?? old)?.tests.keys() ?? [])];
    // Tests whose names are made as the file runs.
    return names.length > 1
      ? made
      : [say(now === undefined ? "removed" : "added", "", "a file without a test by a plain name")];
  }
  if (old.tests.get("") !== now.tests.get(""))
    return [say("changed", "", "what its tests share, or a test whose name is made as it runs"), ...made];
  return made.length > 0 ? made : [say("changed", "", "a file that it imports, or its layout")];
}

function tableChanges(
  old: CaseTableOutline | undefined,
  now: CaseTableOutline | undefined,
  hides: (operation: string, field: string) => boolean,
): Change[] {
  const rows = pairs(old?.rows ?? new Map(), now?.rows ?? new Map());
  return rows.flatMap(([at, was, is]): Change[] => {
    if (was === undefined) return [{ kind: "added", area: "cases", at }];
    if (is === undefined) return [{ kind: "removed", area: "cases", at }];
    return caseChanges(was, is, hides).map((said) => ({ ...said, area: "cases", at }));
  });
}

/** Each key with what both have under it; those of the later one first. */
function pairs<Value>(
  before: ReadonlyMap<string, Value>,
  after: ReadonlyMap<string, Value>,
): [string, Value | undefined, Value | undefined][] {
  return [...new Set([...after.keys(), ...before.keys()])].map((key) => [key, before.get(key), after.get(key)]);
}
