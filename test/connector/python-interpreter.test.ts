import { mkdirSync, mkdtempSync, realpathSync, writeFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findInterpreter } from "../../src/connector/python-interpreter.ts";
import { isTallyError } from "../../src/kernel/errors.ts";

let root = "";

/** An executable at a path below the root. */
function executable(...path: readonly string[]): string {
  const file = join(root, ...path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "#!/bin/sh\n", { mode: 0o755 });
  return file;
}

function found(env: NodeJS.ProcessEnv, configured?: string): string {
  try {
    const { command, args, source } = findInterpreter({ configured, root: join(root, "model", "research"), env });
    return `${[command, ...args].join(" ").replaceAll(root, "")} by ${source}`;
  } catch (error) {
    if (isTallyError(error)) return `error[${error.code}]: ${error.message.replaceAll(root, "")}`;
    throw error;
  }
}

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "tally-interpreter-")));
  mkdirSync(join(root, "model", "research"), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test("what is said first counts: tally.toml, TALLY_PYTHON, what is active, what is near, uv, the path", () => {
  const PATH = ["usr", "tools"].map((folder) => join(root, folder)).join(delimiter);
  expect(found({ PATH })).toMatch(/^error\[connector-interpreter\]: No Python interpreter was found/);
  executable("usr", "py");
  expect(found({ PATH })).toBe("/usr/py -3 by PATH");
  executable("usr", "python3");
  expect(found({ PATH })).toBe("/usr/python3 by PATH");
  executable("tools", "uv");
  writeFileSync(join(root, "model", "uv.lock"), "");
  expect(found({ PATH })).toBe("/tools/uv run --project /model python by uv");
  executable(".venv", "bin", "python");
  expect(found({ PATH })).toBe("/.venv/bin/python by .venv");
  executable("conda", "bin", "python");
  expect(found({ PATH, CONDA_PREFIX: join(root, "conda") })).toBe("/conda/bin/python by CONDA_PREFIX");
  executable("env", "bin", "python");
  const env = { PATH, CONDA_PREFIX: join(root, "conda"), VIRTUAL_ENV: join(root, "env") };
  expect(found(env)).toBe("/env/bin/python by VIRTUAL_ENV");
  expect(found({ ...env, TALLY_PYTHON: join(root, "usr", "python3") })).toBe("/usr/python3 by TALLY_PYTHON");
  expect(found({ ...env, TALLY_PYTHON: join(root, "conda") })).toBe("/conda/bin/python by TALLY_PYTHON");
  executable("model", "research", "own", "bin", "python");
  expect(found({ ...env, TALLY_PYTHON: "python3" }, "own/bin/python")).toBe(
    "/model/research/own/bin/python by tally.toml",
  );
  expect(found({ PATH }, "python3")).toBe("/usr/python3 by tally.toml");
});

test("an interpreter that was named and is not there is an error, not a reason to look elsewhere", () => {
  executable("usr", "python3");
  const PATH = join(root, "usr");
  expect(found({ PATH }, ".venv/bin/python")).toMatchInlineSnapshot(
    `"error[connector-interpreter]: No Python interpreter was found (tried /model/research/.venv/bin/python, from tally.toml)."`,
  );
  expect(found({ PATH, TALLY_PYTHON: "python4" })).toMatchInlineSnapshot(
    `"error[connector-interpreter]: No Python interpreter was found (tried python4, from TALLY_PYTHON)."`,
  );
  expect(found({ PATH, VIRTUAL_ENV: join(root, "gone") })).toBe("/usr/python3 by PATH");
});
