/** Writes a suite's files into a private folder named by their contents: whole or not at all, and once for the same suite. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { cacheFolder } from "../kernel/compile-cache.ts";
import { tallyError } from "../kernel/errors.ts";
import { folderFiles } from "./folder-files.ts";
import { refuseUnsafe } from "./suite-path.ts";
import { sha256 } from "./suite-digest.ts";

/** Gives the folder. Where no cache can be written it is a temporary one, removed when Tally ends. Throws `out-not-writable`. */
export function placeSuite(files: ReadonlyMap<string, Uint8Array>): string {
  refuseUnsafe(files.keys());
  const lines = [...files].map(([path, content]) => `${sha256(content)}  ${path}\n`).toSorted();
  const name = sha256(Buffer.from(lines.join("")));
  const cache = suiteCache(process.env);
  const folder = cache === undefined ? temporary() : join(cache, name);
  if (cache === undefined) {
    write(folder, files);
    return folder;
  }
  if (isWhole(folder, files)) return folder;
  // Made beside and put in place at the end: another Tally may be doing the same.
  const made = mkdtempSync(join(cache, ".new-"));
  write(made, files);
  rmSync(folder, { recursive: true, force: true });
  try {
    renameSync(made, folder);
  } catch {
    // The other one was quicker.
    rmSync(made, { recursive: true, force: true });
  }
  return folder;
}

/** An own folder that nobody else can write to; undefined where there is none. */
function suiteCache(env: NodeJS.ProcessEnv): string | undefined {
  const folder = join(cacheFolder(env), "suites");
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { mode, uid } = statSync(folder);
    if (process.getuid !== undefined && uid !== process.getuid()) return undefined;
    if ((mode & 0o022) !== 0) chmodSync(folder, 0o700);
    return folder;
  } catch {
    return undefined;
  }
}

function temporary(): string {
  const place = tmpdir();
  let folder: string;
  try {
    folder = mkdtempSync(join(place, "tally-suite-"));
  } catch (cause) {
    throw tallyError("out-not-writable", { path: place, reason: "a suite is taken apart there" }, { cause });
  }
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function write(folder: string, files: ReadonlyMap<string, Uint8Array>): void {
  for (const [path, content] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

/** A file that was changed, added or lost is a reason to write all anew. */
function isWhole(folder: string, files: ReadonlyMap<string, Uint8Array>): boolean {
  if (!existsSync(folder)) return false;
  const there = folderFiles(folder);
  return there.size === files.size && [...files].every(([path, content]) => isSame(there.get(path), content));
}

function isSame(one: Uint8Array | undefined, other: Uint8Array): boolean {
  return one !== undefined && Buffer.compare(one, other) === 0;
}
