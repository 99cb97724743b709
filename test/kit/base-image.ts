/** A base of somebody else's, made of the locked runtime layer and the Node of this machine, in the forms that bases come in. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync, zstdDecompressSync } from "node:zlib";
import { readImageReference } from "../../src/delivery/registry/image-reference.ts";
import { type BlobToPush, pushImage } from "../../src/delivery/registry/push-image.ts";
import type { RegistryOptions } from "../../src/delivery/registry/registry-connection.ts";
import { type Blob, blobOf, hexOf, indexOf, type RawTarEntry, tarOf } from "./archive.ts";
import { env, lock } from "./runtime.ts";

export interface BaseLayer {
  readonly bytes: Buffer;
  readonly packing: "zstd" | "gzip" | "none";
  readonly digest: string;
  readonly diffId: string;
}

export interface BaseManifest {
  readonly architecture: string;
  readonly variant?: string;
  readonly layers: readonly BaseLayer[];
  /** The `config` of the image's configuration. */
  readonly config?: object;
  /** In whose words; Docker's know no zstd. */
  readonly words?: "oci" | "docker";
}

const mediaTypes = {
  oci: {
    manifest: "application/vnd.oci.image.manifest.v1+json",
    config: "application/vnd.oci.image.config.v1+json",
    zstd: "application/vnd.oci.image.layer.v1.tar+zstd",
    gzip: "application/vnd.oci.image.layer.v1.tar+gzip",
    none: "application/vnd.oci.image.layer.v1.tar",
  },
  docker: {
    manifest: "application/vnd.docker.distribution.manifest.v2+json",
    config: "application/vnd.docker.container.image.v1+json",
    zstd: "",
    gzip: "application/vnd.docker.image.rootfs.diff.tar.gzip",
    none: "application/vnd.docker.image.rootfs.diff.tar",
  },
};

/** The locked layer with Node 26 at /usr/bin/node, or that with Python and pytest. */
export function runtimeBase(platform: string, which: "node" | "python" = "node"): BaseLayer {
  const { layer, python } = lock.platforms[platform] ?? {};
  const { diffId = "", digest = "" } = (which === "node" ? layer : python?.layer) ?? {};
  const bytes = readFileSync(join(env.TALLY_RUNTIME, "cache", `${digest.replace(":", "-")}.tar.zst`));
  return { bytes, packing: "zstd", digest, diffId };
}

/** The same layer for those who know no zstd. */
export function gzipped({ bytes, diffId }: BaseLayer): BaseLayer {
  const packed = gzipSync(zstdDecompressSync(bytes), { level: 1 });
  return { bytes: packed, packing: "gzip", digest: `sha256:${hexOf(packed)}`, diffId };
}

export function filesBase(entries: readonly RawTarEntry[], packing: "gzip" | "none" = "gzip"): BaseLayer {
  const tar = tarOf(entries);
  const bytes = packing === "gzip" ? gzipSync(tar, { level: 1 }) : tar;
  return { bytes, packing, digest: `sha256:${hexOf(bytes)}`, diffId: `sha256:${hexOf(tar)}` };
}

/** Pushes an index of these, or the only one as it is; gives the digest of what the name points at. */
export async function pushBase(
  reference: string,
  manifests: readonly BaseManifest[],
  options: RegistryOptions = { plainHttp: true, env: {} },
): Promise<string> {
  const made = manifests.map(manifestOf);
  const [only] = made;
  const top =
    made.length === 1 && only !== undefined
      ? only.manifest
      : indexOf(made.map(({ architecture, manifest }) => ({ ...manifest, architecture })));
  const blobs = made.flatMap(({ blobs: own }) => own);
  const { digest } = await pushImage(
    readImageReference(reference),
    { blobs: blobs.map(toPush), manifests: made.map(({ manifest }) => manifest), top },
    options,
  );
  return digest;
}

interface MadeManifest {
  readonly architecture: string;
  readonly manifest: Blob;
  readonly blobs: readonly Blob[];
}

function manifestOf({ architecture, config = {}, layers, variant, words = "oci" }: BaseManifest): MadeManifest {
  const types = mediaTypes[words];
  const json = (type: string, value: object): Blob => blobOf(type, Buffer.from(JSON.stringify(value)));
  const described = ({ digest, mediaType, size }: Blob): object => ({ mediaType, size, digest });
  const configuration = json(types.config, {
    architecture,
    ...(variant === undefined ? {} : { variant }),
    os: "linux",
    config,
    rootfs: { type: "layers", diff_ids: layers.map(({ diffId }) => diffId) },
  });
  const blobs = layers.map(({ bytes, packing }) => blobOf(types[packing], bytes));
  const manifest = json(types.manifest, {
    schemaVersion: 2,
    mediaType: types.manifest,
    config: described(configuration),
    layers: blobs.map(described),
  });
  return { architecture, manifest, blobs: [configuration, ...blobs] };
}

function toPush({ bytes, digest, size }: Blob): BlobToPush {
  return { digest, size, read: () => bytes };
}
