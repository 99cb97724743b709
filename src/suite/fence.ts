/**
 * What the process of a test file may do when the suite was delivered: read the suite and Tally itself, and talk to Tally. No
 * other file, no program, no writing; where Node can refuse it (26), no network either.
 */
import { realpathSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { hasManifest } from "../delivery/has-manifest.ts";
import { isSingleFile, ownFile, packageRoot, runsFromSource } from "../kernel/own-package.ts";

/** Flags for Node; none for a suite that is at home. `root` is the suite's folder. */
export function fenceFlags(root: string): readonly string[] {
  if (!hasManifest(root)) return [];
  const readable = [`${realpathSync(root)}/*`, ...ownFiles()];
  return ["--permission", "--disable-warning=SecurityWarning", ...readable.map((path) => `--allow-fs-read=${path}`)];
}

/** Of Tally, what a test file's process loads. */
function ownFiles(): string[] {
  if (isSingleFile) return [realpathSync(ownFile())];
  const own = realpathSync(fileURLToPath(packageRoot()));
  const folders = runsFromSource ? ["src/*", "node_modules/*"] : ["dist/*"];
  return ["package.json", ...folders].map((path) => join(own, path));
}
