/** Where a base has its Node: what its PATH finds first, what it starts itself, or where Node's own images have it. */
import { posix } from "node:path";
import type { ImageFiles } from "../../delivery/image/image-files.ts";

const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

export interface FoundNode {
  /** Absolute, in the image. */
  readonly path: string | undefined;
  /** Where it was looked for, in order. */
  readonly looked: readonly string[];
}

/** `entrypoint` is the base's own. */
export function findNode(files: ImageFiles, path: string = defaultPath, entrypoint: string | undefined): FoundNode {
  const folders = path.split(":").filter((folder) => folder.startsWith("/"));
  const started = entrypoint !== undefined && /^\/(.+\/)?node$/.test(entrypoint) ? [entrypoint] : [];
  const named = folders.map((folder) => posix.join(folder, "node"));
  const looked = [...new Set([...named, ...started, "/usr/local/bin/node", "/usr/bin/node"])];
  const isProgram = (at: string): boolean => {
    const found = files.find(at);
    return found?.kind === "file" && (found.mode & 0o111) !== 0;
  };
  return { path: looked.find(isProgram), looked };
}
