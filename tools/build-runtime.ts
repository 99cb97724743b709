/**
 * Builds the runtime layer of suite images: Node and the libraries it needs, from packages whose versions and digests
 * stand in runtime/lock.json. `npm run build:runtime` makes what is not there yet; `-- --update` locks what the registries have
 * today. Whoever runs it gets the same bytes, or an error.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { constants, zstdCompressSync } from "node:zlib";
import { digestOf } from "../src/delivery/suite-digest.ts";
import { writeTar } from "../src/pack/tar.ts";
import { DebianArchive, debianFiles, type DebianPackage } from "./runtime/debian.ts";
import { layerEntries } from "./runtime/layer.ts";
import type { LockedPlatform, RuntimeLock } from "../src/pack/runtime-lock.ts";
import { readLock, runtimeFolder } from "./runtime/lock.ts";
import { nodeFiles } from "./runtime/node-package.ts";

/** Of 9 the layer has 42 MB after three seconds, of 19 it has 37 MB after a minute and more, each time it is built. */
const level = 9;
const words = process.argv.slice(2);
const updates = words.includes("--update");
/** Another place for lock and layers: the gate must not die of an update of Debian, nor change the repository. */
const folder = words.find((word) => word.startsWith("--folder="))?.slice(9) ?? runtimeFolder;
const lockPath = `${folder}/lock.json`;

const lock = readLock(lockPath);
mkdirSync(`${folder}/cache`, { recursive: true });
const platforms: Record<string, LockedPlatform> = {};
for (const [platform, locked] of Object.entries(lock.platforms)) {
  const file = `${folder}/cache/${locked.layer.digest.replace(":", "-")}.tar.zst`;
  if (!updates && existsSync(file) && digestOf(readFileSync(file)) === locked.layer.digest) {
    platforms[platform] = locked;
    console.log(`${platform}  ${locked.layer.digest}  is there`);
    continue;
  }
  platforms[platform] = await build(platform, locked);
}
if (updates) writeFileSync(lockPath, `${JSON.stringify({ ...lock, platforms } satisfies RuntimeLock, null, 2)}\n`);

async function build(platform: string, locked: LockedPlatform): Promise<LockedPlatform> {
  const began = performance.now();
  const node = await nodeFiles(locked.node, updates);
  const archive = new DebianArchive(locked.architecture);
  const packages: DebianPackage[] = [];
  for (const one of locked.debian) packages.push(await archive.fetch(one, updates));
  const libraries = packages.flatMap((one) => debianFiles(one, locked.architecture));
  const tar = writeTar(layerEntries([...node.files, ...libraries], locked.architecture), { time: 0 });
  const bytes = compress(tar);
  const layer = { digest: digestOf(bytes), diffId: digestOf(tar), size: bytes.byteLength };
  if (!updates && layer.digest !== locked.layer.digest)
    fail(
      "runtime-differs",
      `${platform}: built ${layer.digest}, locked ${locked.layer.digest}`,
      "npm run build:runtime -- --update",
    );
  const file = `${folder}/cache/${layer.digest.replace(":", "-")}.tar.zst`;
  writeFileSync(`${file}.part`, bytes);
  renameSync(`${file}.part`, file);
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(`${platform}  ${layer.digest}  ${(layer.size / 1e6).toFixed(1)} MB  ${seconds} s`);
  return { ...locked, node: node.locked, debian: packages.map((one) => one.locked), layer };
}

/** One thread, so that the bytes do not depend on the processors; the zstd is that of the pinned Node. */
function compress(tar: Uint8Array): Uint8Array {
  const params = {
    [constants.ZSTD_c_compressionLevel]: level,
    [constants.ZSTD_c_checksumFlag]: 0,
    [constants.ZSTD_c_nbWorkers]: 0,
  };
  return zstdCompressSync(tar, { params, pledgedSrcSize: tar.byteLength });
}

/** Tells what is wrong and ends the program. */
export function fail(code: string, message: string, next: string): never {
  console.error(`error[${code}]: ${message}\n  hint: ${next}`);
  process.exit(5);
}
