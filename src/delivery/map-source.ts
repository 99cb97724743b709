/** Files that are in memory already, as a source: what was taken out of a bundle or an image. */
import { matchesGlob, posix } from "node:path";
import { skippedFolders } from "./find-files.ts";
import type { SuiteSource } from "./suite-source.ts";

/** Paths count from the contract's folder. */
export function mapSource(files: ReadonlyMap<string, Uint8Array>): SuiteSource {
  return {
    find: (patterns) => {
      const globs = patterns.map((pattern) => posix.normalize(pattern));
      const found = [...files.keys()].filter(
        (path) =>
          !path.split("/").some((part) => skippedFolders.has(part)) && globs.some((glob) => matchesGlob(path, glob)),
      );
      return found.toSorted((a, b) => (a < b ? -1 : 1));
    },
    read: (path) => files.get(posix.normalize(path)),
  };
}
