/**
 * A runtime layer for tools that know no zstd (Docker before 23.0, `skopeo copy … docker-daemon:`): the same tar, compressed anew in
 * JavaScript, whose bytes are the same on every machine. It takes a quarter of a minute, so it is kept beside the other.
 */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { zstdDecompressSync } from "node:zlib";
import { gzipSync } from "fflate";
import { digestOf } from "../../delivery/suite-digest.ts";
import { writeWholeFile } from "../../kernel/whole-file.ts";

/** What is made of a layer that is compressed with zstd. */
export function gzipOf(zstd: Uint8Array): Uint8Array {
  return gzipSync(zstdDecompressSync(zstd), { level: 9, mtime: 0 });
}

/** Those of this digest that are kept in a file; else they are made, and kept there where that can be written. */
export function keptGzip(file: URL, digest: string, make: () => Uint8Array): Uint8Array {
  if (existsSync(file)) {
    const kept = readFileSync(file);
    if (digestOf(kept) === digest) return kept;
  }
  const made = make();
  try {
    writeWholeFile(fileURLToPath(file), [made], { canBeMadeAgain: true });
  } catch {
    // An installed Tally may belong to somebody else: then it is made each time.
  }
  return made;
}
