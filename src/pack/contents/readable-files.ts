/** Whether all that globs of a suite could name is there to be read: a suite that is packed without some of it would be another one. */
import { readdirSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { skippedFolders } from "../../delivery/find-files.ts";
import { tallyError } from "../../kernel/errors.ts";

const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EIO: "the disk does not give it",
  ENOENT: "it is a symlink that leads nowhere",
  ELOOP: "it is a symlink that leads to itself",
  ERR_FS_FILE_TOO_LARGE: "it has more than 2 GiB",
};

/** Throws `suite-unreadable` for what the file system says of a path. */
export function orUnreadable<Result>(path: string, read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw tallyError("suite-unreadable", { path, reason: reasons[code] ?? code }, { cause });
  }
}

/** `found` is what the globs name. Throws `suite-unreadable`; who lists files passes over what cannot be listed. */
export function refuseUnreadable(root: string, patterns: readonly string[], found: readonly string[]): void {
  for (const path of found) {
    const stat = orUnreadable(path, () => statSync(join(root, path)));
    if (!stat.isFile() && !stat.isDirectory())
      throw tallyError("suite-unreadable", { path, reason: "it is neither a file nor a folder" });
  }
  for (const pattern of patterns) {
    const steps = posix.normalize(pattern).split("/").slice(0, -1);
    const firstGlob = steps.findIndex((step) => /[*?[{(!]/.test(step));
    const fixed = firstGlob === -1 ? steps : steps.slice(0, firstGlob);
    list(root, fixed.join("/"), firstGlob === -1 ? 0 : Infinity);
  }
}

/** Lists a folder and those below it, as deep as said. */
function list(root: string, folder: string, depth: number): void {
  const place = join(root, folder);
  if (!statSync(place, { throwIfNoEntry: false })?.isDirectory()) return;
  const entries = orUnreadable(`${folder || "."}/`, () => readdirSync(place, { withFileTypes: true }));
  if (depth === 0) return;
  for (const entry of entries)
    if (entry.isDirectory() && !skippedFolders.has(entry.name)) list(root, posix.join(folder, entry.name), depth - 1);
}
