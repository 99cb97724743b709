/**
 * An image of somebody else's as what ours stands on. Comes in: where its parts are, and the platforms that are wanted. Goes out: its layers
 * as they are, byte for byte, and where its Node is. Nothing of this machine is ever taken instead.
 */
import type { Descriptor } from "../../delivery/image/descriptor.ts";
import { ImageFiles, type LayerEntry, layerEntries } from "../../delivery/image/image-files.ts";
import { imagePlatforms, type PlatformManifest } from "../../delivery/image/image-platforms.ts";
import { readLayer } from "../../delivery/image/image-layers.ts";
import { type ImageStore, malformedImage } from "../../delivery/image/image-store.ts";
import type { ImageReference } from "../../delivery/registry/image-reference.ts";
import { digestOf } from "../../delivery/suite-digest.ts";
import { tallyError } from "../../kernel/errors.ts";
import { baseComponent } from "./base-component.ts";
import { type BaseConfig, readBaseConfig, variableIn } from "./base-config.ts";
import { findNode } from "./find-node.ts";
import type { Foundation, Ground } from "../image/ground.ts";
import { type Layer, mediaTypes } from "../image/image-blob.ts";

export interface BaseWanted {
  readonly reference: ImageReference;
  readonly store: ImageStore;
  /** `linux/amd64`, `linux/arm/v7`. */
  readonly platforms: readonly string[];
  readonly withPython: boolean;
}

const oldestNode = 24;
/** What would say how Tally runs, and which suite: that is for whoever runs the image. Which Python it has, the base knows best. */
const steers = /^(?:container|TALLY_(?!PYTHON=)\w*)=/i;
/** As they are packed; all layers are in memory until the image is written. */
const maxLayerBytes = 512 * 1024 ** 2;
const maxBytes = 2048 * 1024 ** 2;

/** Throws `base-platform`, `base-without-node`, `base-node-old`, `base-occupied`, and what is wrong with the image. */
export async function baseGround({ platforms, reference, store, withPython }: BaseWanted): Promise<Ground> {
  const base = await imagePlatforms(store);
  // All are there, or nothing large is fetched.
  const named = platforms.map((platform) => choose(base.platforms, platform, reference));
  // Two names, such as linux/arm and linux/arm/v7, may be one image.
  const chosen = [...new Map(named.map((one) => [one.digest, one])).values()];
  const from = `${reference.registry}/${reference.name}`;
  const foundations: Foundation[] = [];
  for (const one of chosen) foundations.push(await foundationOf(one, { store, from, base: reference.shown }));
  const pinned = `${from}@${base.digest}`;
  return {
    foundations,
    components: [baseComponent(reference, base.digest, chosen)],
    licences: [["licenses/BASE.txt", Buffer.from(licences(pinned))]],
    annotations: {
      "dev.tallyml.base": pinned,
      "org.opencontainers.image.base.digest": base.digest,
      "org.opencontainers.image.base.name": reference.shown,
    },
    withPython,
  };
}

function choose(there: readonly PlatformManifest[], wanted: string, { shown }: ImageReference): PlatformManifest {
  const [os, architecture, variant] = wanted.split("/");
  const isIt = (one: PlatformManifest): boolean =>
    one.os === "linux" &&
    one.os === os &&
    one.architecture === architecture &&
    (variant === undefined || one.variant === variant);
  const found = there.find(isIt);
  if (found !== undefined) return found;
  throw tallyError("base-platform", { base: shown, wanted, found: there.map(({ platform }) => platform) });
}

interface Opened {
  readonly store: ImageStore;
  /** Registry and name. */
  readonly from: string;
  /** For messages. */
  readonly base: string;
}

async function foundationOf(one: PlatformManifest, { base, from, store }: Opened): Promise<Foundation> {
  const { config, layers: descriptors } = await one.read();
  const said = readBaseConfig(config);
  refuseOld(said, base);
  const files = new ImageFiles();
  refuseLarge(descriptors, base);
  const layers = await readLayers(store, descriptors, said);
  const kept = layers.map(({ entries, layer }) => {
    files.add(entries);
    return { ...layer, blob: { ...layer.blob, from } };
  });
  const occupied = files.firstIn("/app");
  if (occupied !== undefined) throw tallyError("base-occupied", { base, path: occupied });
  if ((files.find("/out")?.kind ?? "folder") !== "folder") throw tallyError("base-occupied", { base, path: "/out" });
  const { looked, path } = findNode(files, variableIn(said, "PATH"), said.program);
  if (path === undefined) throw tallyError("base-without-node", { base, platform: one.platform, looked });
  const { architecture, platform, variant } = one;
  return {
    platform,
    architecture,
    ...(variant === undefined ? {} : { variant }),
    layers: kept,
    history: said.history,
    env: said.env.filter((line) => !steers.test(line)),
    labels: said.labels,
    node: path,
  };
}

interface BaseLayer {
  readonly layer: Layer;
  readonly entries: readonly LayerEntry[];
}

/** Fetches all of them, each held against its digest and, unpacked, against that of the configuration. */
async function readLayers(
  store: ImageStore,
  descriptors: readonly Descriptor[],
  { diffIds }: BaseConfig,
): Promise<readonly BaseLayer[]> {
  if (diffIds.length !== descriptors.length)
    throw malformedImage(store, `it has ${descriptors.length} layers, and its configuration names ${diffIds.length}`);
  const fetch = async (descriptor: Descriptor, i: number): Promise<BaseLayer> => {
    const { digest, size } = descriptor;
    const { bytes, packing, tar } = await readLayer(store, descriptor);
    const diffId = digestOf(tar);
    if (diffId !== diffIds[i])
      throw tallyError("image-digest", { digest: diffIds[i] ?? "", from: store.shown, found: diffId });
    // The same bytes under OCI's name of their type: what is made is a manifest of OCI, whatever the base has.
    const blob = { mediaType: mediaTypes[packing], digest, size, read: () => bytes };
    return { layer: { blob, diffId }, entries: layerEntries(tar, store.shown) };
  };
  return Promise.all(descriptors.map(fetch));
}

/** Before anything of it is fetched. */
function refuseLarge(layers: readonly Descriptor[], base: string): void {
  const largest = Math.max(0, ...layers.map(({ size }) => size));
  const total = layers.reduce((sum, { size }) => sum + size, 0);
  if (largest > maxLayerBytes)
    throw tallyError("base-large", { base, what: "a layer", bytes: largest, limit: maxLayerBytes });
  if (total > maxBytes) throw tallyError("base-large", { base, what: "layers", bytes: total, limit: maxBytes });
}

/** Where the base says which Node it has, as Node's own images do. */
function refuseOld(said: BaseConfig, base: string): void {
  const found = variableIn(said, "NODE_VERSION");
  const major = /^v?(\d+)\./.exec(found ?? "")?.[1];
  if (found !== undefined && major !== undefined && Number(major) < oldestNode)
    throw tallyError("base-node-old", { base, found });
}

function licences(pinned: string): string {
  return `This image stands on ${pinned}.
Nothing of it was changed, and nothing was added but /app. Whose it is, and under which licences, it says itself.
Licences of Tally and what is bundled into it: /app/licenses/tally.
`;
}
