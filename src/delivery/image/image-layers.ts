/** The layers of an image, the last one first, each read, verified and unpacked when it is asked for. */
import { decompress, type Packing } from "../archive/decompress.ts";
import {
  type Descriptor,
  indexTypes,
  layerTypes,
  manifestTypes,
  readDescriptors,
  readImageJson,
} from "./descriptor.ts";
import { type ImageStore, malformedImage, readVerified } from "./image-store.ts";

/** A layout's index may name an index, which names manifests; deeper is nobody's image. */
const maxDepth = 3;
const architectures: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/** Any platform has the same suite; that of this machine is preferred. */
export async function imageLayers(store: ImageStore): Promise<(() => Promise<Uint8Array>)[]> {
  const manifest = readImageJson(await manifestBytes(store), store.shown);
  const layers = readDescriptors(manifest["layers"], store.shown);
  return layers.map((layer) => async () => (await readLayer(store, layer)).tar).toReversed();
}

async function manifestBytes(store: ImageStore): Promise<Uint8Array> {
  let { bytes, mediaType } = await store.top();
  for (let depth = 0; ; depth += 1) {
    const json = readImageJson(bytes, store.shown);
    const stated = typeof json["mediaType"] === "string" ? json["mediaType"] : mediaType;
    if (manifestTypes.includes(stated)) return bytes;
    if (!indexTypes.includes(stated)) throw malformedImage(store, `its media type is ${stated || "not given"}`);
    if (depth === maxDepth) throw malformedImage(store, "its index names indexes without an end");
    const chosen = choose(readDescriptors(json["manifests"], store.shown), store);
    bytes = await readVerified(store, chosen);
    mediaType = chosen.mediaType;
  }
}

function choose(listed: readonly Descriptor[], store: ImageStore): Descriptor {
  const known = listed.filter(({ mediaType }) => indexTypes.includes(mediaType) || manifestTypes.includes(mediaType));
  const own = known.find(
    ({ platform }) => platform?.architecture === architectures[process.arch] && platform?.os === "linux",
  );
  // Attestations stand in indexes as images of an unknown platform.
  const chosen = own ?? known.find(({ platform }) => platform?.os !== "unknown");
  if (chosen === undefined)
    throw malformedImage(
      store,
      `its index names no image (${listed.map(({ mediaType }) => mediaType).join(", ") || "it is empty"})`,
    );
  return chosen;
}

/** A layer as it is stored, and its tar. */
export interface ReadLayer {
  readonly bytes: Uint8Array;
  readonly packing: Packing;
  readonly tar: Uint8Array;
}

/** Reads a layer, held against its digest. Throws `image-digest`, `image-malformed`, and what is wrong with how it is packed. */
export async function readLayer(store: ImageStore, layer: Descriptor): Promise<ReadLayer> {
  const packing = layerTypes.get(layer.mediaType);
  if (packing === undefined) throw malformedImage(store, `a layer has the media type ${layer.mediaType}`);
  const bytes = await readVerified(store, layer);
  return { bytes, packing, tar: decompress(bytes, packing, store.shown) };
}
