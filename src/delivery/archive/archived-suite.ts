/** The suite in tars: in that of a bundle, or in the layers of an image, the last one first. */
import { tallyError } from "../../kernel/errors.ts";
import { manifestPath } from "../suite-manifest.ts";
import { readTar, type TarEntry } from "./read-tar.ts";

/** Where a suite lies in a bundle and in an image. */
const folder = "suite";
const maxTotalBytes = 512 * 1024 * 1024;

/** Files by path from the suite's folder; undefined when no tar has a `suite/suite.json`. Only regular files and folders may be there. */
export async function archivedSuite(
  tars: Iterable<() => Promise<Uint8Array> | Uint8Array>,
  what: string,
): Promise<ReadonlyMap<string, Uint8Array> | undefined> {
  const above: string[] = [];
  for (const open of tars) {
    const entries = [...readTar(await open(), what)];
    const root = rootOf(entries);
    if (root === undefined) {
      above.push(...entries.map(({ path }) => path));
      continue;
    }
    // A later layer that puts a file into the suite, or takes one out, made another suite of it.
    const changed = above.find((path) => isBelow(path.replaceAll(/(^|\/)\.wh\.(?!\.wh\.)/g, "$1"), root));
    if (changed !== undefined) throw refused(what, changed, "a later layer changes the suite");
    return filesBelow(entries, root, what);
  }
  return undefined;
}

/** The folder that holds suite.json: the one nearest to the top. */
function rootOf(entries: readonly TarEntry[]): string | undefined {
  const found = entries.flatMap(({ kind, path }) =>
    kind === "file" && (path === `${folder}/${manifestPath}` || path.endsWith(`/${folder}/${manifestPath}`))
      ? [path]
      : [],
  );
  const nearest = found.toSorted((a, b) => a.split("/").length - b.split("/").length)[0];
  return nearest?.slice(0, -(manifestPath.length + 1));
}

function isBelow(path: string, root: string): boolean {
  return path === root || path.startsWith(`${root}/`);
}

function filesBelow(entries: readonly TarEntry[], root: string, what: string): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  let total = 0;
  for (const { content, kind, path } of entries) {
    if (!isBelow(path, root)) continue;
    if (kind === "other") throw refused(what, path, "it is neither a file nor a folder");
    if (kind === "folder") continue;
    const own = path.slice(root.length + 1);
    if (files.has(own)) throw refused(what, path, "it is there twice");
    total += content.byteLength;
    if (total > maxTotalBytes) throw tallyError("archive-large", { what, limit: `${maxTotalBytes / 1024 / 1024} MB` });
    files.set(own, content);
  }
  return files;
}

function refused(what: string, path: string, reason: string): Error {
  return tallyError("archive-entry", { what, path, reason });
}
