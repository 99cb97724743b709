/** What of Tally itself travels with a suite: the one file, and the licences of what is in it. */
import { existsSync, readFileSync } from "node:fs";
import { invariant } from "../kernel/errors.ts";
import { packageRoot } from "../kernel/own-package.ts";

/** By path beside the suite's folder. */
export function carriedFiles(): ReadonlyMap<string, Uint8Array> {
  return new Map([
    ["tally.mjs", own("dist/carried/tally.mjs")],
    ["licenses/tally/LICENSE", own("LICENSE")],
    ["licenses/tally/NOTICE", own("NOTICE")],
    ["licenses/tally/THIRD-PARTY.md", own("THIRD-PARTY.md")],
  ]);
}

function own(path: string): Uint8Array {
  const file = new URL(path, packageRoot());
  invariant(existsSync(file), `${path} is not in the package`);
  return readFileSync(file);
}
