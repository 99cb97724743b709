/** All files of a folder that was delivered; a link in it is none of the suite's files. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** By path from the folder, without what runs in it have left. */
export function folderFiles(root: string): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = relative(root, join(entry.parentPath, entry.name)).replaceAll(sep, "/");
    if (!entry.isFile() || /^\.tally\/(?!answers\.jsonl$)/.test(path)) continue;
    files.set(path, readFileSync(join(root, path)));
  }
  return files;
}
