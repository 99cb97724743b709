/**
 * Where the files of a suite are read from: a folder, a git commit, a bundle, an image. Whatever it is, it lists paths by
 * pattern and gives bytes; nobody behind this interface knows which one it is.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { findFiles } from "./find-files.ts";

export interface SuiteSource {
  /** Paths with `/` below the contract's folder that one of these globs names, sorted, each once. */
  readonly find: (patterns: readonly string[]) => readonly string[];
  /** The bytes of a file; undefined when there is no such file. */
  readonly read: (path: string) => Uint8Array | undefined;
}

/** The files of a folder, as they are now. */
export function folderSource(root: string): SuiteSource {
  return {
    find: (patterns) => findFiles(root, patterns),
    read: (path) => {
      const file = join(root, path);
      return existsSync(file) && statSync(file).isFile() ? readFileSync(file) : undefined;
    },
  };
}
