/** A base of somebody else's, made of the locked runtime layer and the Node of this machine, in the forms that bases come in. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { readImageReference } from "../../src/delivery/registry/image-reference.ts";
import { type BlobToPush, pushImage } from "../../src/delivery/registry/push-image.ts";
import { type Blob, blobOf, hexOf, indexOf, type RawTarEntry, tarOf } from "./archive.ts";
import { env, lock } from "./runtime.ts";

export interface BaseLayer {
  readonly blob: Blob;
  readonly diffId: string;
}

export interface BaseManifest {
  readonly architecture: string;
  readonly layers: readonly BaseLayer[];
  /** The `config` of the image's configuration. */
  readonly config?: object;
}

const docker = "application/vnd.docker";

/** The locked layer with Node 26 at /usr/bin/node, zstd. */
export function runtimeBase(platform: string): BaseLayer {
  const layer = lock.platforms[platform]?.layer ?? { digest: "", diffId: "" };
  const bytes = readFileSync(join(env.TALLY_RUNTIME, "cache", `${layer.digest.replace(":", "-")}.tar.zst`));
  return { blob: blobOf("application/vnd.oci.image.layer.v1.tar+zstd", bytes), diffId: layer.diffId };
}

/** Files as a layer, packed as Docker packs it, or not at all. */
export function filesBase(entries: readonly RawTarEntry[], packing: "gzip" | "none" = "gzip"): BaseLayer {
  const tar = tarOf(entries);
  const type = `${docker}.image.rootfs.diff.tar${packing === "gzip" ? ".gzip" : ""}`;
  const blob = blobOf(type, packing === "gzip" ? gzipSync(tar, { level: 1 }) : tar);
  return { blob, diffId: `sha256:${hexOf(tar)}` };
}

/** Pushes an index of these, or the only one as it is; gives the digest of what the name points at. */
export async function pushBase(reference: string, manifests: readonly BaseManifest[]): Promise<string> {
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
    { plainHttp: true, env: {} },
  );
  return digest;
}

interface MadeManifest {
  readonly architecture: string;
  readonly manifest: Blob;
  readonly blobs: readonly Blob[];
}

/** In the words of Docker, not of OCI. */
function manifestOf({ architecture, config = {}, layers }: BaseManifest): MadeManifest {
  const json = (type: string, value: object): Blob => blobOf(type, Buffer.from(JSON.stringify(value)));
  const described = ({ digest, mediaType, size }: Blob): object => ({ mediaType, size, digest });
  const configuration = json(`${docker}.container.image.v1+json`, {
    architecture,
    os: "linux",
    config,
    rootfs: { type: "layers", diff_ids: layers.map(({ diffId }) => diffId) },
  });
  const type = `${docker}.distribution.manifest.v2+json`;
  const manifest = json(type, {
    schemaVersion: 2,
    mediaType: type,
    config: described(configuration),
    layers: layers.map(({ blob }) => described(blob)),
  });
  return { architecture, manifest, blobs: [configuration, ...layers.map(({ blob }) => blob)] };
}

function toPush({ bytes, digest, size }: Blob): BlobToPush {
  return { digest, size, read: () => bytes };
}
