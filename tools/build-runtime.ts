/**
 * Builds the layers that suite images stand on: Node and the libraries it needs, and Python with pytest for suites with pytest files,
 * from packages whose versions and digests stand in runtime/lock.json. `npm run build:runtime` makes what is not there yet; `-- --update` locks what the registries have
 * today. Whoever runs it gets the same bytes, or an error.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { constants, zstdCompressSync } from "node:zlib";
import { digestOf } from "../src/delivery/suite-digest.ts";
import { gzipOf } from "../src/pack/runtime/gzip-layer.ts";
import type { LockedDebian, LockedLayer, LockedPlatform, RuntimeLock } from "../src/pack/runtime/runtime-lock.ts";
import { type TarEntry, withFolders, writeTar } from "../src/pack/tar.ts";
import { licenceEntries } from "./runtime/common-licences.ts";
import { DebianArchive, debianFiles, type DebianPackage, nodeLibraries } from "./runtime/debian.ts";
import { layerEntries } from "./runtime/layer.ts";
import { readLock, runtimeFolder } from "./runtime/lock.ts";
import { nodeFiles } from "./runtime/node-package.ts";
import { pythonEntries, pythonLibraries } from "./runtime/python.ts";
import { fetchWheels, type Wheel } from "./runtime/wheels.ts";

/** Of 9 the layer has 42 MB after three seconds, of 19 it has 37 MB after a minute and more, each time it is built. */
const level = 9;
const words = process.argv.slice(2);
const updates = words.includes("--update");
/** Another place for lock and layers: the gate must not die of an update of Debian, nor change the repository. */
const folder = words.find((word) => word.startsWith("--folder="))?.slice(9) ?? runtimeFolder;
const lockPath = `${folder}/lock.json`;

const lock = readLock(lockPath);
mkdirSync(`${folder}/cache`, { recursive: true });
const archives = { amd64: new DebianArchive("amd64"), arm64: new DebianArchive("arm64") };
const platforms = new Map(Object.entries(lock.platforms));
let wheels: readonly Wheel[] | undefined;

try {
  await buildAll();
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 5;
} finally {
  for (const archive of Object.values(archives)) archive[Symbol.dispose]();
}

async function buildAll(): Promise<void> {
  for (const [platform, locked] of platforms)
    if (!isThere(platform, locked.layer)) platforms.set(platform, await buildNode(platform, locked));
  // Last, for it wants a pip, which images without Python do not.
  for (const [platform, locked] of platforms)
    if (!isThere(`${platform} python`, locked.python.layer))
      platforms.set(platform, { ...locked, python: buildPython(platform, locked) });
  if (!updates) return;
  const locked = wheels?.map((one) => one.locked) ?? lock.wheels;
  const made: RuntimeLock = { ...lock, platforms: Object.fromEntries(platforms), wheels: locked };
  writeFileSync(lockPath, `${JSON.stringify(made, null, 2)}\n`);
}

/** What programs that were called have to say is on stderr already. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!("code" in error) || error.code !== "ENOENT" || !("path" in error)) return error.message;
  return `error[runtime-tool]: there is no ${String(error.path)} here, which layers are built with\n  hint: build them on Debian or Ubuntu, or in a container of it`;
}

function isThere(what: string, { digest }: LockedLayer): boolean {
  const file = layerFile(digest);
  if (updates || !existsSync(file) || digestOf(readFileSync(file)) !== digest) return false;
  console.log(`${what}  ${digest}  is there`);
  return true;
}

async function buildNode(platform: string, locked: LockedPlatform): Promise<LockedPlatform> {
  const began = performance.now();
  const node = await nodeFiles(locked.node, updates);
  const packages = fetchAll(locked.debian, locked.architecture);
  const libraries = packages.flatMap((one) => debianFiles(one, locked.architecture, nodeLibraries));
  const debian = packages.map((one) => one.locked);
  const licences = licenceEntries(libraries, baseFiles(packages), debian);
  const entries = layerEntries([...node.files, ...libraries], licences, locked.architecture);
  const layer = writeLayer(platform, entries, { locked: locked.layer, began });
  return { ...locked, node: node.locked, debian, layer };
}

function buildPython(platform: string, { architecture, debian, python }: LockedPlatform): LockedPlatform["python"] {
  const began = performance.now();
  wheels ??= fetchWheels(lock.wheels, updates);
  const packages = fetchAll(python.debian, architecture);
  const base = baseFiles(fetchAll(debian.filter(holdsLicences), architecture));
  const locked = packages.map((one) => one.locked);
  const libraries = packages.flatMap((one) => debianFiles(one, architecture, pythonLibraries));
  const entries = withFolders([
    ...pythonEntries(packages, libraries, wheels),
    ...licenceEntries(libraries, base, locked),
  ]);
  const layer = writeLayer(`${platform} python`, entries, { locked: python.layer, began });
  return { debian: locked, layer };
}

/** Where the package with the texts of common licences was taken apart. */
function baseFiles(packages: readonly DebianPackage[]): string {
  const found = packages.find(({ locked }) => holdsLicences(locked));
  if (found === undefined) throw new Error("error[runtime-licence]: base-files is not in runtime/lock.json");
  return found.folder;
}

function holdsLicences(locked: LockedDebian): boolean {
  return locked.package === "base-files";
}

function fetchAll(locked: readonly LockedDebian[], architecture: LockedPlatform["architecture"]): DebianPackage[] {
  return locked.map((one) => archives[architecture].fetch(one, updates));
}

function layerFile(digest: string): string {
  return `${folder}/cache/${digest.replace(":", "-")}.tar.zst`;
}

/** Writes a layer, unless it is another one than is locked. `began` is when its making began. */
function writeLayer(
  what: string,
  entries: readonly TarEntry[],
  { began, locked }: { readonly locked: LockedLayer; readonly began: number },
): LockedLayer {
  const tar = writeTar(entries, { time: 0 });
  const bytes = compress(tar);
  const layer = {
    digest: digestOf(bytes),
    diffId: digestOf(tar),
    size: bytes.byteLength,
    gzip: gzipOfTar(bytes, locked),
  };
  if (!updates && layer.digest !== locked.digest)
    throw new Error(
      `error[runtime-differs]: ${what}: built ${layer.digest}, locked ${locked.digest}\n  hint: npm run build:runtime -- --update`,
    );
  const file = layerFile(layer.digest);
  writeFileSync(`${file}.part`, bytes);
  renameSync(`${file}.part`, file);
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(`${what}  ${layer.digest}  ${(layer.size / 1e6).toFixed(1)} MB  ${seconds} s`);
  return layer;
}

/** It takes a quarter of a minute, and is made anew only where the layer is another one. */
function gzipOfTar(zstd: Uint8Array, locked: LockedLayer): LockedLayer["gzip"] {
  if (digestOf(zstd) === locked.digest) return locked.gzip;
  const bytes = gzipOf(zstd);
  return { digest: digestOf(bytes), size: bytes.byteLength };
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
