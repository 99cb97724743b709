import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const example = resolve(import.meta.dirname, "../../examples/sqli");
const interpreter = process.env["TALLY_PYTHON"] ?? "python3";

function hasPandas(): boolean {
  try {
    execFileSync(interpreter, ["-c", "import pandas, sklearn"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const title = "the connector with pandas and scikit-learn passes the suite of the one in TypeScript";
const needs = `${interpreter} has no pandas and scikit-learn: set TALLY_PYTHON`;

test.skipIf(!hasPandas())(hasPandas() ? title : `${title} (${needs})`, { timeout: 120_000 }, () => {
  const out = mkdtempSync(join(tmpdir(), "tally-sqli-python-"));
  try {
    const args = ["../../bin/tally.js", "test", "--endpoint", "py:research/connector.py", "--out", out];
    const env = { ...process.env, TALLY_PYTHON: interpreter };
    const run = spawnSync(process.execPath, args, { cwd: example, env, encoding: "utf8" });
    const events = readFileSync(join(out, "events.ndjson"), "utf8").trimEnd().split("\n");
    const ended: Record<string, unknown> = JSON.parse(events.at(-1) ?? "{}");
    expect(
      { status: run.status, type: ended["type"], fail: ended["fail"], error: ended["error"], skip: ended["skip"] },
      run.stdout,
    ).toEqual({
      status: 0,
      type: "run-ended",
      fail: 0,
      error: 0,
      skip: 0,
    });
    expect(ended["planned"]).toBeGreaterThanOrEqual(370);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
});
