/** The reference answers that are committed with the example are those of its model. */
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";

const repository = resolve(import.meta.dirname, "../..");
const example = join(repository, "examples/sqli");

test("a run against the connector leaves the committed answers as they are", () => {
  const copy = mkdtempSync(join(tmpdir(), "tally-sqli-answers-"));
  onTestFinished(() => rmSync(copy, { recursive: true, force: true }));
  for (const part of ["tally.toml", "tests", "cases", "research"])
    cpSync(join(example, part), join(copy, part), { recursive: true });
  const run = spawnSync(process.execPath, [join(repository, "bin/tally.js"), "test", "--quiet"], { cwd: copy });
  expect(run.status, String(run.stderr)).toBe(0);
  const read = (folder: string): string => readFileSync(join(folder, ".tally/answers.jsonl"), "utf8");
  expect(read(copy) === read(example), "run `npx --no -- tally test` in examples/sqli, and commit its answers").toBe(
    true,
  );
});
