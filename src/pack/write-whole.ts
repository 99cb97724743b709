/** What is packed as a file: whole or not at all, and never in the place of something else without being told to. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { tallyError } from "../kernel/errors.ts";
import { notWritable, openWholeFile, type WholeFile } from "../kernel/whole-file.ts";

/** Writes the parts one behind the other and gives how many bytes they are. A file with other bytes is replaced only with `force`. */
export function writeWhole(path: string, parts: readonly Uint8Array[], force: boolean): number {
  beginWhole(path, parts, force).finish();
  return parts.reduce((sum, part) => sum + part.byteLength, 0);
}

/** What is written, and not yet in its place. */
export type BegunFile = Pick<WholeFile, "finish" | "discard">;

/** Writes the same beside its place, where it is gone when Tally ends. Throws `pack-exists` and `out-not-writable`. */
export function beginWhole(path: string, parts: readonly Uint8Array[], force: boolean): BegunFile {
  const bytes = parts.reduce((sum, part) => sum + part.byteLength, 0);
  if (existsSync(path)) {
    if (isSame(path, parts, bytes)) return { finish: () => {}, discard: () => {} };
    if (!force) throw tallyError("pack-exists", { path });
    if (statSync(path).isDirectory()) throw unwritable(path, "EISDIR");
  }
  const coded = <Result>(step: () => Result): Result => {
    try {
      return step();
    } catch (cause) {
      throw unwritable(path, cause);
    }
  };
  const file = coded(() => openWholeFile(path));
  try {
    for (const part of parts) coded(() => file.write(part));
  } catch (cause) {
    file.discard();
    throw cause;
  }
  return { finish: () => coded(() => file.finish()), discard: () => file.discard() };
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
