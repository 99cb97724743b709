/** Archives and images written byte by byte, so that they can be wrong in every way. */
import { createHash } from "node:crypto";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { canonicalTables } from "../../src/contract/delivered-tables.ts";
import { deliveredText } from "../../src/contract/delivered-text.ts";
import { parseContract } from "../../src/contract/load-contract.ts";
import { makeManifest } from "../../src/delivery/make-manifest.ts";
import { suiteDigest } from "../../src/delivery/suite-digest.ts";

export interface RawTarEntry {
  readonly path: string;
  readonly content?: string | Uint8Array;
  /** `0` is a file, `1` a hard link, `2` a symlink, `3` a device, `5` a folder, `x` records of PAX. */
  readonly type?: string;
  readonly link?: string;
  readonly mode?: number;
  /** What the header says instead of the content's size. */
  readonly size?: number;
}

/** A ustar archive of these entries. */
export function tarOf(entries: readonly RawTarEntry[]): Buffer {
  return Buffer.concat([...entries.flatMap(entryOf), Buffer.alloc(1024)]);
}

function entryOf({ content = "", link = "", mode = 0o644, path, size, type = "0" }: RawTarEntry): Buffer[] {
  const bytes = Buffer.from(content);
  const header = Buffer.alloc(512);
  header.write(path, 0, 100);
  header.write(`${mode.toString(8).padStart(7, "0")}\0`, 100);
  header.write("0000000\0", 108);
  header.write("0000000\0", 116);
  header.write(`${(size ?? bytes.length).toString(8).padStart(11, "0")}\0`, 124);
  header.write("00000000000\0", 136);
  header.write("        ", 148);
  header.write(type, 156);
  header.write(link, 157, 100);
  header.write("ustar\x0000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
}

export function hexOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The files of a suite as it is delivered, `suite.json` among them. `files` has its tally.toml. */
export function deliveredSuite(files: Readonly<Record<string, string>>): ReadonlyMap<string, Uint8Array> {
  const { "tally.toml": toml = "", ...rest } = files;
  const contract = parseContract(toml, "/tally.toml");
  const contents = new Map(Object.entries(rest).map(([path, text]) => [path, Buffer.from(text)]));
  const digest = suiteDigest(canonicalTables(toml, false), contents);
  const all = new Map([...contents, ["tally.toml", Buffer.from(deliveredText(toml, false))]]);
  const manifest = makeManifest({ contract, digest }, all, { tally: "0.1.0" });
  return new Map([...all, ["suite.json", Buffer.from(JSON.stringify(manifest))]]);
}

/** Entries of a suite below `suite/`. */
export function suiteEntries(files: ReadonlyMap<string, Uint8Array>, folder = "suite"): RawTarEntry[] {
  return [...files].map(([path, content]) => ({ path: `${folder}/${path}`, content }));
}

/** A bundle of these entries. */
export function bundleOf(entries: readonly RawTarEntry[]): Buffer {
  return gzipSync(tarOf(entries));
}

export interface Blob {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly bytes: Buffer;
}

export interface BuiltImage {
  readonly blobs: readonly Blob[];
  readonly manifest: Blob;
}

const oci = "application/vnd.oci.image";

export function blobOf(mediaType: string, bytes: Buffer): Blob {
  return { mediaType, digest: `sha256:${hexOf(bytes)}`, size: bytes.length, bytes };
}

/** An image of these layers, the first one at the bottom. */
export function imageOf(
  tars: readonly Buffer[],
  packing: "gzip" | "zstd" | "none" = "gzip",
  said: object = {},
): BuiltImage {
  const layers = tars.map((tar) => {
    if (packing === "none") return blobOf(`${oci}.layer.v1.tar`, tar);
    return blobOf(`${oci}.layer.v1.tar+${packing}`, packing === "gzip" ? gzipSync(tar) : zstdCompressSync(tar));
  });
  const config = blobOf(
    `${oci}.config.v1+json`,
    Buffer.from(
      JSON.stringify({
        architecture: process.arch === "arm64" ? "arm64" : "amd64",
        os: "linux",
        config: said,
        rootfs: { type: "layers", diff_ids: tars.map((tar) => `sha256:${hexOf(tar)}`) },
      }),
    ),
  );
  return { blobs: [config, ...layers], manifest: manifestOf(config, layers) };
}

/** A manifest with these layers. */
export function manifestOf(config: Blob, layers: readonly Omit<Blob, "bytes">[]): Blob {
  const plain = ({ digest, mediaType, size }: Omit<Blob, "bytes">): object => ({ mediaType, digest, size });
  const json = {
    schemaVersion: 2,
    mediaType: `${oci}.manifest.v1+json`,
    config: plain(config),
    layers: layers.map(plain),
  };
  return blobOf(`${oci}.manifest.v1+json`, Buffer.from(JSON.stringify(json)));
}

/** An index of these manifests. */
export function indexOf(manifests: readonly (Omit<Blob, "bytes"> & { readonly architecture?: string })[]): Blob {
  const json = {
    schemaVersion: 2,
    mediaType: `${oci}.index.v1+json`,
    manifests: manifests.map(({ architecture, digest, mediaType, size }) => ({
      mediaType,
      digest,
      size,
      ...(architecture === undefined ? {} : { platform: { os: "linux", architecture } }),
    })),
  };
  return blobOf(`${oci}.index.v1+json`, Buffer.from(JSON.stringify(json)));
}

/** The OCI layout of an image as a tar. */
export function layoutTar({ blobs, manifest }: BuiltImage, more: readonly RawTarEntry[] = []): Buffer {
  return tarOf([
    { path: "oci-layout", content: `{"imageLayoutVersion":"1.0.0"}` },
    { path: "index.json", content: indexOf([manifest]).bytes },
    ...[...blobs, manifest].map(({ bytes, digest }) => ({ path: `blobs/${digest.replace(":", "/")}`, content: bytes })),
    ...more,
  ]);
}
