/** What an image is on each platform that it has: the manifests that its index names, or its only one. */
import { digestOf } from "../suite-digest.ts";
import type { Table } from "../json-table.ts";
import {
  type Descriptor,
  indexTypes,
  manifestTypes,
  readDescriptor,
  readDescriptors,
  readPlatform,
  readImageJson,
} from "./descriptor.ts";
import { type ImageStore, malformedImage, readVerified } from "./image-store.ts";

export interface PlatformManifest {
  /** `linux/amd64`, `linux/arm/v7`. */
  readonly platform: string;
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
  readonly digest: string;
  /** Reads its manifest and configuration, each verified. */
  readonly read: () => Promise<PlatformContents>;
}

export interface PlatformContents {
  readonly config: Table;
  /** The first one at the bottom. */
  readonly layers: readonly Descriptor[];
}

export interface ImagePlatforms {
  /** Of what the name points at. */
  readonly digest: string;
  readonly platforms: readonly PlatformManifest[];
}

/** Throws what is wrong with the image, or that it is not there. */
export async function imagePlatforms(store: ImageStore): Promise<ImagePlatforms> {
  const { bytes, mediaType } = await store.top();
  const digest = digestOf(bytes);
  const json = readImageJson(bytes, store.shown);
  const stated = typeof json["mediaType"] === "string" ? json["mediaType"] : mediaType;
  if (indexTypes.includes(stated)) {
    // Attestations stand in indexes as images of an unknown platform.
    const listed = readDescriptors(json["manifests"], store.shown).filter(
      (one) => manifestTypes.includes(one.mediaType) && one.platform !== undefined && one.platform.os !== "unknown",
    );
    return { digest, platforms: listed.map((one) => listedManifest(store, one)) };
  }
  if (!manifestTypes.includes(stated)) throw malformedImage(store, `its media type is ${stated || "not given"}`);
  const contents = await readContents(store, json);
  const platform = readPlatform(contents.config);
  if (platform === undefined) throw malformedImage(store, "its configuration names no platform");
  return { digest, platforms: [{ ...named(platform), digest, read: async () => contents }] };
}

function listedManifest(store: ImageStore, descriptor: Descriptor): PlatformManifest {
  const { digest, platform = { os: "", architecture: "" } } = descriptor;
  const read = async (): Promise<PlatformContents> => {
    const bytes = await readVerified(store, descriptor);
    const contents = await readContents(store, readImageJson(bytes, store.shown));
    const said = readPlatform(contents.config);
    if (said?.os !== platform.os || said.architecture !== platform.architecture)
      throw malformedImage(
        store,
        `its index says ${named(platform).platform} of ${digest}, its configuration does not`,
      );
    return contents;
  };
  return { ...named(platform), digest, read };
}

type Platform = NonNullable<Descriptor["platform"]>;

function named(platform: Platform): Platform & { readonly platform: string } {
  const { architecture, os, variant } = platform;
  return { ...platform, platform: [os, architecture, ...(variant === undefined ? [] : [variant])].join("/") };
}

async function readContents(store: ImageStore, manifest: Table): Promise<PlatformContents> {
  const descriptor = readDescriptor(manifest["config"], store.shown);
  const config = readImageJson(await readVerified(store, descriptor), store.shown);
  return { config, layers: readDescriptors(manifest["layers"], store.shown) };
}
