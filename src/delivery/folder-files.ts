/** All that is in a folder that was delivered. Links are not followed: they stand there as what no file of a suite can be. */
import { type Dirent, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** In place of the content of what is neither a file nor a folder: no digest says this. */
const noFile = Buffer.from("\0neither a file nor a folder");
/** What runs in the folder have left is not the suite's. */
const leftByRuns = /^\.tally\/(?!answers\.jsonl$)/;

/** By path from the folder. */
export function folderFiles(root: string): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const waiting: string[] = [""];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) waiting.push(path);
      else if (!entry.isFile() || !leftByRuns.test(path)) files.set(path, contentOf(entry, join(root, path)));
    }
  }
  return files;
}

function contentOf(entry: Dirent, path: string): Uint8Array {
  return entry.isFile() ? readFileSync(path) : noFile;
}
