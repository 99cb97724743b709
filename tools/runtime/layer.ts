/** The tree of the runtime layer: Node, its libraries where the loader looks for them, a user, empty folders. No shell. */
import { type TarEntry, withFolders } from "../../src/pack/tar.ts";

export interface LayerFile {
  readonly path: string;
  readonly content: Uint8Array;
  readonly mode: number;
}

/** Of nobody: what distroless images use, and Kubernetes takes for "not root". */
const user = 65_532;

const texts = {
  "etc/passwd": `root:x:0:0:root:/:/sbin/nologin\nnonroot:x:${user}:${user}:nonroot:/out:/sbin/nologin\n`,
  "etc/group": `root:x:0:\nnonroot:x:${user}:\n`,
  // Without it glibc asks files first and DNS next; this says so.
  "etc/nsswitch.conf": "hosts: files dns\n",
};

/** Entries sorted bytewise, each folder before what is in it. */
export function layerEntries(
  files: readonly LayerFile[],
  licences: readonly TarEntry[],
  architecture: "amd64" | "arm64",
): TarEntry[] {
  const entries: TarEntry[] = [...licences];
  const add = (entry: TarEntry): void => void entries.push(entry);
  for (const file of files) add({ kind: "file", ...file });
  for (const [path, text] of Object.entries(texts))
    add({ kind: "file", path, content: Buffer.from(text), mode: 0o644 });
  add({ kind: "folder", path: "out", mode: 0o755 });
  add({ kind: "folder", path: "tmp", mode: 0o1777 });
  add({ kind: "link", path: "lib", target: "usr/lib" });
  if (architecture === "amd64") {
    add({ kind: "link", path: "lib64", target: "usr/lib64" });
    add({
      kind: "link",
      path: "usr/lib64/ld-linux-x86-64.so.2",
      target: "../lib/x86_64-linux-gnu/ld-linux-x86-64.so.2",
    });
  } else {
    add({ kind: "link", path: "usr/lib/ld-linux-aarch64.so.1", target: "aarch64-linux-gnu/ld-linux-aarch64.so.1" });
  }
  return withFolders(entries);
}
