/** What is packed as a file: whole or not at all, and never in the place of something else without being told to. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { tallyError } from "../kernel/errors.ts";
import { notWritable, writeWholeFile } from "../kernel/whole-file.ts";

/** Writes the parts one behind the other and gives how many bytes they are. A file with other bytes is replaced only with `force`. */
export function writeWhole(path: string, parts: readonly Uint8Array[], force: boolean): number {
  const bytes = parts.reduce((sum, part) => sum + part.byteLength, 0);
  if (existsSync(path)) {
    if (isSame(path, parts, bytes)) return bytes;
    if (!force) throw tallyError("pack-exists", { path });
  }
  try {
    writeWholeFile(path, parts);
  } catch (cause) {
    throw unwritable(path, cause);
  }
  return bytes;
}

function isSame(path: string, parts: readonly Uint8Array[], bytes: number): boolean {
  const found = statSync(path);
  return found.isFile() && found.size === bytes && Buffer.concat(parts).equals(readFileSync(path));
}

/** Why nothing can be written there, as the error that says so. */
export function unwritable(path: string, cause: unknown): Error {
  const folder = dirname(resolve(path));
  return notWritable(existsSync(folder) ? path : folder, cause);
}
