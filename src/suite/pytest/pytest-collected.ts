/** What pytest collected → tests with the ids that reports, selections and shards use. */
import { problem } from "../../kernel/errors.ts";
import type { Collected, CollectedTest } from "../messages.ts";
import type { PytestCollected, PytestTest } from "./pytest-messages.ts";

/** `files` are those that were asked for: one without a test is a mistake. */
export function readCollected(
  { broken, deselected, tests }: PytestCollected,
  files: readonly string[],
  testTimeoutMs: number,
): Collected {
  const seen = new Map<string, number>();
  const found = tests.map((test) => readTest(test, seen, testTimeoutMs));
  const known = new Set([...tests, ...broken].map(({ file }) => file));
  const empty = files.filter((file) => !known.has(file) && !deselected.includes(file));
  return {
    type: "collected",
    tests: found,
    warnings: [],
    broken: [
      ...broken.map(({ file, message, traceback }) => ({
        file,
        problem: problem("pytest-load", { file, message: message.replace(/\.$/, "") }, traceback),
      })),
      ...empty.map((file) => ({ file, problem: problem("suite-no-tests", { file }) })),
    ],
  };
}

function readTest(test: PytestTest, seen: Map<string, number>, testTimeoutMs: number): CollectedTest {
  const { bug, file, index, level, line, names, tags, timeout } = test;
  const name = names.join(" > ");
  const id = `${file} > ${name}`;
  const times = (seen.get(id) ?? 0) + 1;
  seen.set(id, times);
  return {
    index,
    file,
    id: times > 1 ? `${id} #${times}` : id,
    name,
    level,
    tags,
    mode: "run",
    timeoutMs: timeout === null ? testTimeoutMs : timeout * 1000,
    ...(line === null ? {} : { line }),
    ...(bug === null ? {} : { bug }),
  };
}
