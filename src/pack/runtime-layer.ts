/**
 * The runtime layers that images stand on: Node and the libraries it needs, pinned by digest in runtime/lock.json and built by
 * `npm run build:runtime`. Never anything of this machine.
 */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { tallyError } from "../kernel/errors.ts";
import { packageRoot } from "../kernel/own-package.ts";
import { digestOf } from "../delivery/suite-digest.ts";
import type { LockedPlatform, RuntimeLock } from "./runtime-lock.ts";

export interface RuntimePackage {
  readonly name: string;
  readonly version: string;
  /** Of the file that it came in, or of Node's binary; lower-case hex. */
  readonly sha256: string;
  /** Where it comes from, as a package URL (purl). */
  readonly purl: string;
  /** The Debian package whose sources it is built from. */
  readonly source?: string;
}

export interface RuntimeLayer {
  readonly platform: string;
  readonly architecture: string;
  readonly digest: string;
  readonly diffId: string;
  readonly size: number;
  readonly nodeVersion: string;
  readonly packages: readonly RuntimePackage[];
  /** The compressed bytes, held against the digest. Throws `runtime-absent` and `runtime-damaged`. */
  readonly read: () => Uint8Array;
}

/** The layer of each platform, `linux/amd64` or `linux/arm64`. Throws `pack-platform`. */
export function runtimeLayers(platforms: readonly string[]): RuntimeLayer[] {
  const lock: RuntimeLock = JSON.parse(readFileSync(runtimeFile("lock.json"), "utf8"));
  return platforms.map((platform) => {
    const locked = Object.hasOwn(lock.platforms, platform) ? lock.platforms[platform] : undefined;
    if (locked === undefined) throw tallyError("pack-platform", { platform, known: Object.keys(lock.platforms) });
    return layerOf(platform, locked);
  });
}

/** The folder of lock and layers; TALLY_RUNTIME names another one, such as that of newer packages than this Tally knew of. */
function runtimeFile(path: string): URL {
  const own = process.env["TALLY_RUNTIME"];
  return own ? pathToFileURL(resolve(own, path)) : new URL(`runtime/${path}`, packageRoot());
}

function layerOf(platform: string, { architecture, debian, layer, node }: LockedPlatform): RuntimeLayer {
  const packages: RuntimePackage[] = [
    {
      name: "node",
      version: node.version,
      sha256: node.sha256,
      purl: `pkg:npm/${node.package}@${node.version}`,
    },
    ...debian.map((one) => ({
      name: one.package,
      version: one.version,
      sha256: one.sha256,
      purl: `pkg:deb/debian/${encodeURIComponent(one.package)}@${encodeURIComponent(one.version)}?arch=${architecture}`,
      source: one.source,
    })),
  ];
  const file = runtimeFile(`cache/${layer.digest.replace(":", "-")}.tar.zst`);
  return {
    platform,
    architecture,
    ...layer,
    nodeVersion: node.version,
    packages,
    read: () => {
      if (!existsSync(file)) throw tallyError("runtime-absent", { platform });
      const bytes = readFileSync(file);
      if (digestOf(bytes) !== layer.digest) throw tallyError("runtime-damaged", { platform, digest: layer.digest });
      return bytes;
    },
  };
}
