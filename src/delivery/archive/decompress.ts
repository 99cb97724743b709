/** Undoes gzip and zstd up to a size: a few kilobytes must not become gigabytes. */
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { tallyError } from "../../kernel/errors.ts";

const maxBytes = 1024 * 1024 * 1024;
const alwaysAllowedBytes = 64 * 1024 * 1024;
/** Sources and tables of texts compress twenty-fold at best, binaries less. */
const highestRatio = 100;

export type Packing = "none" | "gzip" | "zstd";

/** How bytes are packed, from how they begin. */
export function packingOf(bytes: Uint8Array): Packing {
  const [a, b, c, d] = bytes;
  if (a === 0x1f && b === 0x8b) return "gzip";
  return a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd ? "zstd" : "none";
}

/** The bytes as they were before. Throws `archive-large` and `archive-malformed`. */
export function decompress(bytes: Uint8Array, packing: Packing, what: string): Uint8Array {
  if (packing === "none") return bytes;
  const limit = Math.min(maxBytes, Math.max(alwaysAllowedBytes, bytes.byteLength * highestRatio));
  try {
    return (packing === "gzip" ? gunzipSync : zstdDecompressSync)(bytes, { maxOutputLength: limit });
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    if (code === "ERR_BUFFER_TOO_LARGE")
      throw tallyError("archive-large", { what, limit: `${Math.floor(limit / 1024 / 1024)} MB` }, { cause });
    throw tallyError("archive-malformed", { what, reason: `it is not what ${packing} writes` }, { cause });
  }
}
