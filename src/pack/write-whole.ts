/** A file that appears whole or not at all: written beside its place, then renamed. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname, resolve } from "node:path";
import { tallyError } from "../kernel/errors.ts";

/** Writes the parts one behind the other and gives how many bytes they are. A file with other bytes is replaced only with `force`. */
export function writeWhole(path: string, parts: readonly Uint8Array[], force: boolean): number {
  const bytes = parts.reduce((sum, part) => sum + part.byteLength, 0);
  if (existsSync(path)) {
    if (isSame(path, parts, bytes)) return bytes;
    if (!force) throw tallyError("pack-exists", { path });
  }
  const beside = `${path}.${process.pid}.part`;
  let file: number | undefined;
  try {
    file = openSync(beside, "wx");
    for (const part of parts) for (let at = 0; at < part.byteLength;) at += writeSync(file, part, at);
    fsyncSync(file);
    closeSync(file);
    renameSync(beside, path);
  } catch (cause) {
    rmSync(beside, { force: true });
    throw unwritable(path, cause);
  }
  return bytes;
}

function isSame(path: string, parts: readonly Uint8Array[], bytes: number): boolean {
  const found = statSync(path);
  return found.isFile() && found.size === bytes && Buffer.concat(parts).equals(readFileSync(path));
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such folder",
  EACCES: "permission denied",
  EPERM: "not permitted",
  EROFS: "the file system is read-only",
  ENOSPC: "no space left; nothing was written",
  EDQUOT: "the quota is used up; nothing was written",
  EFBIG: "the file would be larger than is allowed; nothing was written",
  ENOTDIR: "a part of the path is a file",
  EISDIR: "it is a folder",
};

/** Why nothing can be written there, as the error that says so. */
export function unwritable(path: string, cause: unknown): Error {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
  const folder = dirname(resolve(path));
  const shown = existsSync(folder) ? path : folder;
  return tallyError("out-not-writable", { path: shown, reason: reasons[code] ?? code }, { cause });
}
