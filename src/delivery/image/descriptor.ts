/** What an image is made of: descriptors that name blobs by digest, size and media type. Nothing is used before it is what it is called. */
import { tallyError } from "../../kernel/errors.ts";
import { isTable, parseTable, type Table } from "../json-table.ts";
import { digestOf } from "../suite-digest.ts";

export interface Descriptor {
  readonly mediaType: string;
  /** `sha256:` and 64 hex digits. */
  readonly digest: string;
  readonly size: number;
  readonly platform?: { readonly os: string; readonly architecture: string; readonly variant?: string };
}

export const indexTypes: readonly string[] = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];
export const manifestTypes: readonly string[] = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];

/** Layers that can be read, with how they are packed. Those that registries may not hold (foreign, nondistributable) are none of them. */
export const layerTypes: ReadonlyMap<string, "none" | "gzip" | "zstd"> = new Map([
  ["application/vnd.oci.image.layer.v1.tar", "none"],
  ["application/vnd.oci.image.layer.v1.tar+gzip", "gzip"],
  ["application/vnd.oci.image.layer.v1.tar+zstd", "zstd"],
  ["application/vnd.docker.image.rootfs.diff.tar", "none"],
  ["application/vnd.docker.image.rootfs.diff.tar.gzip", "gzip"],
]);

/** Throws `image-digest` unless the bytes are what the descriptor says. */
export function verifyBlob({ digest, size }: Descriptor, bytes: Uint8Array, from: string): void {
  if (bytes.byteLength !== size)
    throw tallyError("image-digest", { digest, from, found: `${bytes.byteLength} bytes instead of ${size}` });
  const found = digestOf(bytes);
  if (found !== digest) throw tallyError("image-digest", { digest, from, found });
}

/** JSON of an image: small, an object, and of schema 2. Throws `image-malformed`. */
export function readImageJson(bytes: Uint8Array, what: string): Table {
  const value = parseTable(Buffer.from(bytes).toString("utf8"));
  if (value === undefined) throw tallyError("image-malformed", { what, reason: "it is no JSON object" });
  return value;
}

/** The descriptors in a list. Throws `image-malformed`. */
export function readDescriptors(value: unknown, what: string): Descriptor[] {
  if (!Array.isArray(value)) throw tallyError("image-malformed", { what, reason: "it lists nothing" });
  return value.map((one) => readDescriptor(one, what));
}

/** One descriptor. Throws `image-malformed`. */
export function readDescriptor(value: unknown, what: string): Descriptor {
  const table = isTable(value) ? value : {};
  const { digest, mediaType, size } = table;
  const isRight =
    typeof digest === "string" &&
    /^sha256:[0-9a-f]{64}$/.test(digest) &&
    typeof size === "number" &&
    Number.isSafeInteger(size) &&
    size >= 0;
  if (!isRight || typeof mediaType !== "string")
    throw tallyError("image-malformed", { what, reason: "an entry has no digest of SHA-256, size and media type" });
  const platform = readPlatform(table["platform"]);
  return { mediaType, digest, size, ...(platform === undefined ? {} : { platform }) };
}

/** Of an index's entry, or of a configuration; undefined when it names none. */
export function readPlatform(value: unknown): Descriptor["platform"] {
  const { architecture, os, variant }: Table = isTable(value) ? value : {};
  if (typeof os !== "string" || typeof architecture !== "string") return undefined;
  return { os, architecture, ...(typeof variant === "string" && variant !== "" ? { variant } : {}) };
}
