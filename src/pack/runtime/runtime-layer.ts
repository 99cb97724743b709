/**
 * The runtime layers that images stand on: Node and the libraries it needs, Python with pytest where it is asked for, pinned by digest in runtime/lock.json and built by
 * `npm run build:runtime`. Never anything of this machine.
 */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { tallyError } from "../../kernel/errors.ts";
import { packageRoot } from "../../kernel/own-package.ts";
import { digestOf } from "../../delivery/suite-digest.ts";
import { gzipOf, keptGzip } from "./gzip-layer.ts";
import type {
  Compression,
  LockedDebian,
  LockedLayer,
  LockedPlatform,
  LockedWheel,
  RuntimeLock,
} from "./runtime-lock.ts";

export interface RuntimePackage {
  readonly name: string;
  readonly version: string;
  /** Of the file that it came in, or of Node's binary; lower-case hex. */
  readonly sha256: string;
  /** Where it comes from, as a package URL (purl). */
  readonly purl: string;
  /** An expression of SPDX, or words. */
  readonly license: string;
  /** Where its licence and its sources are, for people. */
  readonly licencePlace: string;
  readonly sourcePlace: string;
}

/** A layer that is locked by digest; `size` in bytes. */
export interface LockedBlob {
  readonly compression: Compression;
  readonly digest: string;
  readonly diffId: string;
  readonly size: number;
  /** The compressed bytes, held against the digest. Throws `runtime-absent` and `runtime-damaged`. */
  readonly read: () => Uint8Array;
}

export interface RuntimeLayer extends LockedBlob {
  readonly platform: string;
  readonly architecture: string;
  readonly nodeVersion: string;
  /** Of all layers. */
  readonly packages: readonly RuntimePackage[];
  /** Python and pytest, for an image that runs pytest files. */
  readonly python?: LockedBlob;
}

export interface RuntimeOptions {
  readonly compression: Compression;
  readonly withPython: boolean;
}

/** The layer of each platform, `linux/amd64` or `linux/arm64`, and that of Python where it is asked for. Throws `pack-platform`. */
export function runtimeLayers(platforms: readonly string[], options: RuntimeOptions): RuntimeLayer[] {
  const { compression, withPython } = options;
  const lock: RuntimeLock = JSON.parse(readFileSync(runtimeFile("lock.json"), "utf8"));
  return platforms.map((platform) => {
    const locked = Object.hasOwn(lock.platforms, platform) ? lock.platforms[platform] : undefined;
    if (locked === undefined) throw tallyError("pack-platform", { platform, known: Object.keys(lock.platforms) });
    const layer = layerOf(platform, locked, compression);
    if (!withPython) return layer;
    const debian = locked.python.debian.map((one) => debianPackage(one, locked.architecture));
    return {
      ...layer,
      packages: [...layer.packages, ...debian, ...lock.wheels.map(wheelPackage)],
      python: lockedBlob({ platform, what: "Python" }, locked.python.layer, compression),
    };
  });
}

/** The folder of lock and layers; TALLY_RUNTIME names another one, such as that of newer packages than this Tally knew of. */
function runtimeFile(path: string): URL {
  const own = process.env["TALLY_RUNTIME"];
  return own ? pathToFileURL(resolve(own, path)) : new URL(`runtime/${path}`, packageRoot());
}

function layerOf(
  platform: string,
  { architecture, debian, layer, node }: LockedPlatform,
  compression: Compression,
): RuntimeLayer {
  const own: RuntimePackage = {
    name: "node",
    version: node.version,
    sha256: node.sha256,
    purl: `pkg:npm/${node.package}@${node.version}`,
    license: node.license,
    licencePlace: "/usr/share/doc/node/LICENSE",
    sourcePlace: `https://nodejs.org/dist/v${node.version}/node-v${node.version}.tar.xz`,
  };
  return {
    ...lockedBlob({ platform, what: "Node" }, layer, compression),
    platform,
    architecture,
    nodeVersion: node.version,
    packages: [own, ...debian.map((one) => debianPackage(one, architecture))],
  };
}

function debianPackage(locked: LockedDebian, architecture: string): RuntimePackage {
  const { copyright, license, package: name, sha256, source, sourceVersion, version } = locked;
  return {
    name,
    version,
    sha256,
    license,
    purl: `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(version)}?arch=${architecture}`,
    licencePlace: `/usr/share/doc/${copyright}/copyright`,
    sourcePlace: `apt-get source ${source}=${sourceVersion}, https://snapshot.debian.org/package/${source}/${encodeURIComponent(sourceVersion)}/`,
  };
}

function wheelPackage({ license, name, sha256, version }: LockedWheel): RuntimePackage {
  return {
    name,
    version,
    sha256,
    license,
    purl: `pkg:pypi/${name}@${version}`,
    licencePlace: `/usr/lib/python3/dist-packages/${name}-${version}.dist-info`,
    sourcePlace: `https://pypi.org/project/${name}/${version}/`,
  };
}

function lockedBlob(of: { platform: string; what: string }, layer: LockedLayer, compression: Compression): LockedBlob {
  const { diffId, digest, gzip, size } = layer;
  const held = (bytes: Uint8Array, expected: string): Uint8Array => {
    if (digestOf(bytes) !== expected) throw tallyError("runtime-damaged", { platform: of.platform, digest: expected });
    return bytes;
  };
  const zstd = (): Uint8Array => {
    const file = runtimeFile(`cache/${digest.replace(":", "-")}.tar.zst`);
    if (!existsSync(file)) throw tallyError("runtime-absent", of);
    return held(readFileSync(file), digest);
  };
  if (compression === "zstd") return { compression, diffId, digest, size, read: zstd };
  const kept = runtimeFile(`cache/${gzip.digest.replace(":", "-")}.tar.gz`);
  return {
    compression,
    diffId,
    ...gzip,
    read: () => keptGzip(kept, gzip.digest, () => held(gzipOf(zstd()), gzip.digest)),
  };
}
