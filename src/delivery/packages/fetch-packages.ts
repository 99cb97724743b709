/**
 * Locked packages → their files. npm fetches tarballs, and that is all it does: each is held against its digest here, and taken apart
 * in memory. Nothing of them is run, and no address of the lock is asked: only the registry that npm is set up with.
 */
import { tallyError } from "../../kernel/errors.ts";
import type { LockedPackage } from "./locked-packages.ts";
import { cachedTarball, sha512Of } from "./npm-cache.ts";
import { type NpmOptions, npmTarballs } from "./run-npm.ts";
import { tarballFiles } from "./tarball-files.ts";

/** Windows takes 8,191 characters in one command. */
const atOnce = 100;

/** By path from the suite's folder, `node_modules/…`. Throws `package-fetch` and `package-unfit`. */
export async function fetchPackages(
  packages: readonly LockedPackage[],
  options: NpmOptions,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const tarballs = await tarballsOf(packages, options);
  const files = new Map<string, Uint8Array>();
  // Sorted by place: what lies in another package comes after it, and instead of what that one brings there.
  for (const one of packages) {
    const tarball = tarballs.get(one.integrity) ?? new Uint8Array();
    for (const path of files.keys()) if (path.startsWith(`${one.place}/`)) files.delete(path);
    for (const [path, content] of tarballFiles(tarball, one)) files.set(`${one.place}/${path}`, content);
  }
  return new Map([...files].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** By digest. */
async function tarballsOf(
  packages: readonly LockedPackage[],
  options: NpmOptions,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  const missing = new Map<string, string>();
  for (const { integrity, published, version } of packages) {
    const tarball = cachedTarball(integrity, process.env);
    if (tarball === undefined) missing.set(integrity, `${published}@${version}`);
    else found.set(integrity, tarball);
  }
  while (missing.size > 0) {
    const asked = [...missing.values()].slice(0, atOnce);
    const answer = await npmTarballs(asked, options);
    if (!answer.ok)
      throw tallyError(
        "package-fetch",
        { names: asked, reason: answer.reason, fault: answer.fault },
        { cause: answer.cause },
      );
    const before = missing.size;
    for (const tarball of answer.tarballs) {
      const digest = sha512Of(tarball);
      if (missing.delete(digest)) found.set(digest, tarball);
    }
    // Two packages may have one name as files (@a/b-c, @a-b/c): as long as some come, the others are asked for again.
    if (missing.size === before)
      throw tallyError("package-fetch", {
        names: asked,
        reason: "what the registry gives has not the digest that package-lock.json states",
        fault: "digest",
      });
  }
  return found;
}
