/** What becomes of a model's version in a bundle: npm itself takes it, whatever it is. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { npmVersion } from "../../src/pack/artefact-name.ts";
import { contract } from "../kit/length-model.ts";
import { project } from "../kit/project.ts";

const versions = {
  "1.4.0": "1.4.0",
  "v1.4.0-rc.1+build.007": "1.4.0-rc.1+build.007",
  "1.4.0-12-gabc1234": "1.4.0-12-gabc1234",
  "1.0.0-0a": "1.0.0-0a",
  "2026.01.02": "0.0.0-2026-01-02",
  "01": "0.0.0-v01",
  "0": "0.0.0-0",
  "1.0.0-01": "0.0.0-1-0-0-01",
  "1.0.0-a..b": "0.0.0-1-0-0-a-b",
  "1.0.0-": "0.0.0-1-0-0",
  "1.0": "0.0.0-1-0",
  "99999999999999999999.0.0": "0.0.0-99999999999999999999-0-0",
  été: "0.0.0-t",
  "…": "0.0.0-0",
};

test.for(Object.entries(versions))("%s becomes %s", ([version, expected]) => {
  expect(npmVersion(version)).toBe(expected);
});

test("one of 300 characters is shortened", () => {
  expect(npmVersion(`1.0.0-${"a".repeat(300)}`)).toHaveLength(106);
});

test("npm installs bundles of all of them", { timeout: 120_000 }, async () => {
  const [first = "", ...others] = Object.values(versions).concat(npmVersion(`1.0.0-${"a".repeat(300)}`));
  const { root, tally, write } = project({
    "tally.toml": contract.replace('version = "1.0.0"', 'version = "2026.01.02"'),
    "cases/process.jsonl": `{"name":"short","input":{"text":"abc"},"expect":{"length":3}}\n`,
  });
  const packed = await tally(["pack", "--format", "bundle", "--out", "suite.tgz", "--json"]);
  expect(packed.exit, packed.stderr).toBe(0);
  expect(JSON.parse(packed.stdout).manifest.version).toBe("2026.01.02");
  // The others as packages of one file, which npm reads as it does the bundle.
  const names = [first, ...others].map((version, i) => {
    write({ [`p${i}/package.json`]: JSON.stringify({ name: `p${i}`, version }) });
    return `./p${i}`;
  });
  write({ "package.json": "{}" });
  const words = ["install", "--offline", "--no-audit", "--no-fund", "--cache", join(root, "npm"), "./suite.tgz"];
  execFileSync("npm", [...words, ...names], { cwd: root, stdio: ["ignore", "ignore", "pipe"] });
  const installed = readFileSync(join(root, "node_modules/lengths-ml-test/package.json"), "utf8");
  expect(JSON.parse(installed).version).toBe("0.0.0-2026-01-02");
});
