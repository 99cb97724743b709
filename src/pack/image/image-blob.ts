/** The parts of an image as it is made: bytes under the name of their digest. */
import { digestOf } from "../../delivery/suite-digest.ts";

export interface Blob {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  /** The repository of a registry that has it: `registry.example.org/base/node`. */
  readonly from?: string;
  readonly read: () => Uint8Array;
}

/** A blob that is a part of the root file system; `diffId` is the digest of its tar. */
export interface Layer {
  readonly blob: Blob;
  readonly diffId: string;
}

export const mediaTypes = {
  index: "application/vnd.oci.image.index.v1+json",
  manifest: "application/vnd.oci.image.manifest.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  none: "application/vnd.oci.image.layer.v1.tar",
  gzip: "application/vnd.oci.image.layer.v1.tar+gzip",
  zstd: "application/vnd.oci.image.layer.v1.tar+zstd",
} as const;

export function blobOf(mediaType: string, bytes: Uint8Array): Blob {
  return { mediaType, digest: digestOf(bytes), size: bytes.byteLength, read: () => bytes };
}

/** Keys in the order given: the order is part of the digest. */
export function jsonBlob(mediaType: string, value: object): Blob {
  return blobOf(mediaType, Buffer.from(JSON.stringify(value)));
}

/** What names a blob in a manifest. */
export function descriptorOf({ digest, mediaType, size }: Blob): Pick<Blob, "mediaType" | "digest" | "size"> {
  return { mediaType, digest, size };
}
