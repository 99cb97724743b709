import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

test("generated files are what the code says", { timeout: 60_000 }, () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["tools/generate.ts", "--check"], {
    encoding: "utf8",
  });
  expect(`${stdout}${stderr}`).toBe("");
  expect(status).toBe(0);
});
