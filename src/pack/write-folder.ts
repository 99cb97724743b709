/** A folder that appears whole or not at all: written beside its place, then renamed. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { tallyError } from "../kernel/errors.ts";
import { unwritable } from "./write-whole.ts";

export interface FolderOptions {
  /** Seconds since 1970: the time of every file. */
  readonly time: number;
  /** Replace one with other files, if `isOwn` knows it. */
  readonly force: boolean;
  /** Whether a folder was written by us, so that nothing of anybody else is lost. */
  readonly isOwn: (folder: string) => boolean;
}

/** Files by path. Throws `pack-exists`, `pack-foreign` and `out-not-writable`. */
export function writeFolder(path: string, files: ReadonlyMap<string, Uint8Array>, options: FolderOptions): void {
  if (existsSync(path) && !isEmptyFolder(path)) {
    if (isSame(path, files)) return;
    if (!options.force) throw tallyError("pack-exists", { path });
    if (!options.isOwn(path)) throw tallyError("pack-foreign", { path });
  }
  const part = `${path}.${process.pid}.part`;
  const old = `${path}.${process.pid}.old`;
  try {
    writeAll(part, files, options.time);
    if (existsSync(path)) renameSync(path, old);
    renameSync(part, path);
    rmSync(old, { recursive: true, force: true });
  } catch (cause) {
    if (existsSync(old) && !existsSync(path)) renameSync(old, path);
    rmSync(part, { recursive: true, force: true });
    throw unwritable(path, cause);
  }
}

function writeAll(folder: string, files: ReadonlyMap<string, Uint8Array>, time: number): void {
  mkdirSync(folder);
  for (const [name, content] of files) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    chmodSync(file, name === "tally.mjs" ? 0o755 : 0o644);
    utimesSync(file, time, time);
  }
  const folders = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const path of [folder, ...folders.map((entry) => join(entry.parentPath, entry.name))].toReversed()) {
    chmodSync(path, 0o755);
    utimesSync(path, time, time);
  }
}

function isEmptyFolder(path: string): boolean {
  return statSync(path).isDirectory() && readdirSync(path).length === 0;
}

function isSame(path: string, files: ReadonlyMap<string, Uint8Array>): boolean {
  if (!statSync(path).isDirectory()) return false;
  const found = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory());
  if (found.length !== files.size) return false;
  return [...files].every(([name, content]) => {
    const file = join(path, name);
    return existsSync(file) && statSync(file).isFile() && readFileSync(file).equals(content);
  });
}
