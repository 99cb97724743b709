/** The files of a suite: what the globs of tally.toml name, as paths with `/` relative to the contract's folder. */
import { globSync } from "node:fs";
import { matchesGlob, posix, sep } from "node:path";

/** Never part of a suite. */
export const skippedFolders = new Set(["node_modules", ".git", ".tally", ".venv"]);

/** Sorted by path, each once. */
export function findFiles(root: string, patterns: readonly string[]): string[] {
  const found = new Set<string>();
  for (const pattern of patterns) {
    for (const path of globSync(pattern, {
      cwd: root,
      exclude: (name) => skippedFolders.has(name.split(sep).at(-1) ?? name),
    })) {
      const plain = path.replaceAll(sep, "/");
      // Node's walk finds a file for `FILE/**` too; there is one meaning of a glob, whatever a suite is read from.
      if (matchesGlob(plain, posix.normalize(pattern))) found.add(plain);
    }
  }
  return [...found].toSorted((a, b) => (a < b ? -1 : 1));
}
