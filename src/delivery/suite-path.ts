/** Which paths a suite may have: the same on every file system, and never out of its folder. */

import { tallyError } from "../kernel/errors.ts";

const maxPathBytes = 1024;

/** Why a path from a commit or an archive is refused; undefined when it is fine. */
export function pathFault(path: string): string | undefined {
  if (path === "") return "it is empty";
  if (Buffer.byteLength(path) > maxPathBytes) return `it is longer than ${maxPathBytes} bytes`;
  if (path.startsWith("/") || /^[a-z]:/i.test(path)) return "it is absolute";
  // oxlint-disable-next-line no-control-regex -- they are what is refused
  if (/[\x00-\x1f\x7f\\]/.test(path) || path.includes("\ufffd"))
    return "it has a character that names of files have not";
  const parts = path.split("/");
  if (parts.includes("..")) return "it leads out of the suite";
  if (parts.includes(".") || parts.includes("")) return "it is not written plainly";
  // What git itself refuses, in the spellings that some file systems take for it.
  if (parts.some((part) => /^(\.git|git~1)[ .]*$/i.test(part))) return "it would be a repository's own folder";
  return undefined;
}

/** The first two paths that differ in case or in Unicode's composition alone. */
function collision(paths: Iterable<string>): readonly [string, string] | undefined {
  const seen = new Map<string, string>();
  for (const path of paths) {
    const folded = path.normalize("NFC").toLowerCase();
    const other = seen.get(folded);
    if (other !== undefined && other !== path) return [other, path];
    seen.set(folded, path);
  }
  return undefined;
}

/** Throws `suite-path` for the first path that is refused. */
export function refuseUnsafe(paths: Iterable<string>): void {
  const all = [...paths];
  for (const path of all) {
    const reason = pathFault(path);
    if (reason !== undefined) throw tallyError("suite-path", { path, reason });
  }
  const found = collision(all);
  if (found) throw tallyError("suite-path", { path: found[1], reason: `it differs from ${found[0]} in case alone` });
}
