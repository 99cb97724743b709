/** Whether a suite is one that was delivered, and so is to stay as it was packed. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { manifestPath } from "./suite-manifest.ts";

/** `root` is the suite's folder. */
export function hasManifest(root: string): boolean {
  return existsSync(join(root, manifestPath));
}
