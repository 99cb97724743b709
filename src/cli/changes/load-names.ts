/**
 * Real names of tests for a comparison of two versions. Comes in: both outlines. Goes out: the same, with what those of their test
 * files that differ register. They are loaded as `tally list` does it, fenced in where the suite was delivered; no test runs and no
 * endpoint is asked. Python files are only read.
 */
import { availableParallelism } from "node:os";
import type { SuiteOutline, TestFile } from "../../delivery/changes/suite-outline.ts";
import { isTallyError } from "../../kernel/errors.ts";
import { type ListedTest, listSuite } from "../../suite/list-suite.ts";
import { defaultTestTimeoutMs } from "../run/run-plan.ts";

export interface LoadedNames {
  readonly before: SuiteOutline;
  readonly after: SuiteOutline;
}

/** A file that cannot be loaded stays as it was read. */
export async function loadNames({ after, before }: LoadedNames): Promise<LoadedNames> {
  const differing = [...new Set([...before.files.keys(), ...after.files.keys()])].filter(
    (path) => !path.endsWith(".py") && before.files.get(path)?.digest !== after.files.get(path)?.digest,
  );
  return { before: await withNames(before, differing), after: await withNames(after, differing) };
}

async function withNames(outline: SuiteOutline, wanted: readonly string[]): Promise<SuiteOutline> {
  const paths = wanted.filter((path) => outline.files.has(path));
  if (paths.length === 0) return outline;
  const byFile = Map.groupBy(await listed(outline, paths), ({ file }) => file);
  const files = [...outline.files].map(([path, file]): [string, TestFile] => {
    const tests = byFile.get(path);
    return [path, tests === undefined ? file : { ...file, listed: tests.map(({ id, line }) => ({ id, line })) }];
  });
  return { ...outline, files: new Map(files) };
}

async function listed({ contract }: SuiteOutline, paths: readonly string[]): Promise<readonly ListedTest[]> {
  const selection = { paths, tags: [] };
  try {
    const listing = { contract, selection, jobs: availableParallelism(), testTimeoutMs: defaultTestTimeoutMs };
    return (await listSuite(listing)).tests;
  } catch (error) {
    if (!isTallyError(error)) throw error;
    return [];
  }
}

/** Files that differ and may have tests whose names only loading tells, and were not loaded on both sides. */
export function onlyRead({ after, before }: LoadedNames): string[] {
  return [...new Set([...after.files.keys(), ...before.files.keys()])].filter((path) => {
    const [old, now] = [before.files.get(path), after.files.get(path)];
    const versions = [old, now].filter((one) => one !== undefined);
    return old?.digest !== now?.digest && versions.some((one) => one.makesNames && versions.some((any) => !any.listed));
  });
}
