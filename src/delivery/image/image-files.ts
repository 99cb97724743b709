/**
 * Which files an image has, as its layers make them one on the other: what a later one removes is gone, links lead where they lead inside
 * of the image. Comes in: the entries of tars, the lowest one first. Nothing of it is written anywhere.
 */
import { posix } from "node:path";
import { type RawEntry, rawEntries } from "../archive/read-tar.ts";

export interface ImageFile {
  readonly kind: "file" | "folder" | "link" | "other";
  readonly mode: number;
  /** Of a link: where it leads, as it is written. */
  readonly target: string;
}

/** What a layer says of a path. */
export type LayerEntry = Omit<RawEntry, "content">;

/** The entries of a tar, without what is in the files. */
export function layerEntries(tar: Uint8Array, what: string): LayerEntry[] {
  return [...rawEntries(tar, what)].map(({ link, mode, name, type }) => ({ link, mode, name, type }));
}

const maxLinks = 40;
const whiteout = ".wh.";
const opaque = ".wh..wh..opq";

export class ImageFiles {
  readonly #files = new Map<string, ImageFile>();

  /** Puts a layer on top of what is there; what it removes is what others have, wherever in it that is said. */
  add(layer: readonly LayerEntry[]): void {
    const named = layer.map((entry) => ({ entry, path: plainPath(entry.name) }));
    for (const { path } of named) {
      const name = posix.basename(path);
      const folder = posix.dirname(path);
      if (name === opaque) this.#removeBelow(folder);
      else if (name.startsWith(whiteout)) this.#remove(posix.join(folder, name.slice(whiteout.length)));
    }
    for (const { entry, path } of named) if (!posix.basename(path).startsWith(whiteout)) this.#put(path, entry);
  }

  /** The file that a path leads to, over links; undefined when it leads nowhere. */
  find(path: string): ImageFile | undefined {
    let rest = parts(path);
    let at = "/";
    for (let links = 0; rest.length > 0;) {
      const [part = "", ...more] = rest;
      const next = posix.join(at, part);
      const found = this.#files.get(next);
      if (found?.kind !== "link") {
        at = next;
        rest = more;
        continue;
      }
      links += 1;
      if (links > maxLinks) return undefined;
      rest = [...parts(posix.resolve(at, found.target)), ...more];
      at = "/";
    }
    return this.#files.get(at);
  }

  /** The first path that is in a folder, or that is there instead of it. */
  firstIn(folder: string): string | undefined {
    for (const [path, { kind }] of this.#files)
      if (path.startsWith(`${folder}/`) || (path === folder && kind !== "folder")) return path;
    return undefined;
  }

  #put(path: string, { link, mode, type }: LayerEntry): void {
    if (type === "1") {
      // A hard link is the file itself, by another name.
      const same = this.#files.get(plainPath(link));
      if (same !== undefined) this.#files.set(path, same);
      return;
    }
    const kind = type === "0" || type === "\0" ? "file" : type === "5" ? "folder" : type === "2" ? "link" : "other";
    if (kind !== "folder" && this.#files.get(path)?.kind === "folder") this.#remove(path);
    this.#files.set(path, { kind, mode, target: link });
  }

  #remove(path: string): void {
    this.#files.delete(path);
    this.#removeBelow(path);
  }

  #removeBelow(folder: string): void {
    const prefix = folder === "/" ? "/" : `${folder}/`;
    for (const path of this.#files.keys()) if (path.startsWith(prefix)) this.#files.delete(path);
  }
}

function plainPath(name: string): string {
  return posix.normalize(`/${name}`).replace(/(?<=.)\/$/, "");
}

function parts(path: string): string[] {
  return path.split("/").filter((part) => part !== "" && part !== ".");
}
