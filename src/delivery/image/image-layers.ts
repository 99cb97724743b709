/** The layers of an image, the last one first, each read, verified and unpacked when it is asked for. */
import { tallyError } from "../../kernel/errors.ts";
import { decompress } from "../archive/decompress.ts";
import {
  type Descriptor,
  indexTypes,
  layerTypes,
  manifestTypes,
  readDescriptors,
  readImageJson,
} from "./descriptor.ts";
import { type ImageStore, readVerified } from "./image-store.ts";

/** A layout's index may name an index, which names manifests; deeper is nobody's image. */
const maxDepth = 3;
const architectures: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/** Any platform has the same suite; that of this machine is preferred. */
export async function imageLayers(store: ImageStore): Promise<(() => Promise<Uint8Array>)[]> {
  const manifest = readImageJson(await manifestBytes(store), store.shown);
  const layers = readDescriptors(manifest["layers"], store.shown);
  return layers.map((layer) => () => openLayer(store, layer)).toReversed();
}

async function manifestBytes(store: ImageStore): Promise<Uint8Array> {
  let { bytes, mediaType } = await store.top();
  for (let depth = 0; ; depth += 1) {
    const json = readImageJson(bytes, store.shown);
    const stated = typeof json["mediaType"] === "string" ? json["mediaType"] : mediaType;
    if (manifestTypes.includes(stated)) return bytes;
    if (!indexTypes.includes(stated)) throw malformed(store, `its media type is ${stated || "not given"}`);
    if (depth === maxDepth) throw malformed(store, "its index names indexes without an end");
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
    throw malformed(
      store,
      `its index names no image (${listed.map(({ mediaType }) => mediaType).join(", ") || "it is empty"})`,
    );
  return chosen;
}

async function openLayer(store: ImageStore, layer: Descriptor): Promise<Uint8Array> {
  const packing = layerTypes.get(layer.mediaType);
  if (packing === undefined) throw malformed(store, `a layer has the media type ${layer.mediaType}`);
  return decompress(await readVerified(store, layer), packing, store.shown);
}

function malformed({ shown }: ImageStore, reason: string): Error {
  return tallyError("image-malformed", { what: shown, reason });
}
