/** Undoes gzip and zstd up to a size: a few kilobytes must not become gigabytes. */
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { invariant, tallyError } from "../../kernel/errors.ts";
import { isTable } from "../json-table.ts";

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
    return packing === "gzip" ? gunzipSync(bytes, { maxOutputLength: limit }) : unpackFrames(bytes, limit);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    if (code === "ERR_BUFFER_TOO_LARGE")
      throw tallyError("archive-large", { what, limit: `${Math.floor(limit / 1024 / 1024)} MB` }, { cause });
    throw tallyError("archive-malformed", { what, reason: `it is not what ${packing} writes` }, { cause });
  }
}

/** Zstd may be in several frames, as podman writes layers; Node reads the first one and says nothing of the rest. */
function unpackFrames(bytes: Uint8Array, limit: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let total = 0;
  for (let at = 0; at < bytes.byteLength || at === 0;) {
    const left = { maxOutputLength: Math.max(1, limit - total), info: true };
    const { buffer, engine } = readInfo(zstdDecompressSync(bytes.subarray(at), left));
    parts.push(buffer);
    total += buffer.byteLength;
    at += engine.bytesWritten;
  }
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
}

interface Unpacked {
  readonly buffer: Uint8Array;
  /** `bytesWritten` is how much of the input was read. */
  readonly engine: { readonly bytesWritten: number };
}

/** With `info` Node gives more than its types say. */
function readInfo(made: unknown): Unpacked {
  invariant(isUnpacked(made), "zstdDecompressSync gives no info");
  return made;
}

function isUnpacked(made: unknown): made is Unpacked {
  if (!isTable(made) || !(made["buffer"] instanceof Uint8Array) || !isTable(made["engine"])) return false;
  const { bytesWritten } = made["engine"];
  return typeof bytesWritten === "number" && bytesWritten > 0;
}
