/** What of Tally itself travels with a suite: the one file, the licences of what is in it, and for pytest files the Python SDK. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { invariant } from "../../kernel/errors.ts";
import { packageRoot, tallyVersion } from "../../kernel/own-package.ts";

/** By path beside the suite's folder. */
export function carriedFiles(withPython: boolean): ReadonlyMap<string, Uint8Array> {
  return new Map([
    ...(withPython ? sdkFiles() : []),
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

/** The SDK and its metadata, by which pytest finds the plugin. */
function sdkFiles(): [string, Uint8Array][] {
  const folders = ["python/tallyml", `python/tallyml-${tallyVersion()}.dist-info`];
  return folders.flatMap((folder) => {
    const names = readdirSync(new URL(`${folder}/`, packageRoot()), { withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
      .map(({ name }) => `${folder}/${name}`);
    return names.toSorted().map((path): [string, Uint8Array] => [path, own(path)]);
  });
}
