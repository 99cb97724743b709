/** A snapshot → an image: a tar, or what a registry gets. */
import type { ImageReference } from "../../delivery/registry/image-reference.ts";
import type { Snapshot } from "../../delivery/suite-snapshot.ts";
import { imageName } from "../../pack/artefact-name.ts";
import { imageArchive } from "../../pack/image/image-archive.ts";
import { blobsOf, makeImage, type MadeImage } from "../../pack/image/make-image.ts";
import { writeWhole } from "../../pack/write-whole.ts";
import type { Arguments } from "../arguments.ts";
import { besideSbom } from "./beside-sbom.ts";
import { imageGround, type ImageWanted, registryOptions } from "./image-ground.ts";
import type { Packed } from "./show-packed.ts";

export interface ImagePacking {
  readonly wanted: ImageWanted;
  /** Seconds since 1970. */
  readonly time: number;
}

/** Writes or pushes it; nothing is there before all of it is. */
export async function packImage(args: Arguments, snapshot: Snapshot, { time, wanted }: ImagePacking): Promise<Packed> {
  const { manifest } = snapshot;
  const ground = await imageGround(args, wanted, time);
  const image = makeImage(snapshot, ground, time);
  const name = imageName(manifest);
  const { target } = wanted;
  const base = ground.annotations["dev.tallyml.base"];
  const common = {
    format: "image",
    manifest,
    name,
    platforms: image.images.map(({ platform }) => platform),
    ...(base === undefined ? {} : { base }),
  } as const;
  const { sbom } = image;
  if (target !== undefined) {
    const send = async (): Promise<Packed> => {
      const { bytes, digest } = await push(args, image, target);
      return { ...common, isPushed: true, path: target.shown, bytes, sha256: digest.replace("sha256:", "") };
    };
    return besideSbom(args, { sbom, path: undefined, snapshot, write: send });
  }
  const path = args.text("out") ?? `${name.replace(":", "-")}.tar`;
  const write = (): Packed => {
    const bytes = writeWhole(path, [...imageArchive(image, name, time)], args.flag("force"));
    return { ...common, path, bytes, sha256: image.top.digest.replace("sha256:", "") };
  };
  return besideSbom(args, { sbom, path, snapshot, write });
}

async function push(
  args: Arguments,
  image: MadeImage,
  reference: ImageReference,
): Promise<{ bytes: number; digest: string }> {
  const { pushImage } = await import("../../delivery/registry/push-image.ts");
  const { images, top } = image;
  const asManifest = ({ mediaType, read }: MadeImage["top"]): { mediaType: string; bytes: Uint8Array } => ({
    mediaType,
    bytes: read(),
  });
  const pushed = await pushImage(
    reference,
    {
      blobs: blobsOf(image).map(({ from, ...blob }) => {
        const isHere = from?.startsWith(`${reference.registry}/`) === true;
        return isHere ? { ...blob, from: from.slice(reference.registry.length + 1) } : blob;
      }),
      manifests: images
        .map(({ manifest }) => manifest)
        .filter(({ digest }) => digest !== top.digest)
        .map(asManifest),
      top: asManifest(top),
    },
    registryOptions(args),
  );
  return { bytes: pushed.sent, digest: pushed.digest };
}
