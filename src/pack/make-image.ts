/**
 * A suite as an OCI image, without any daemon. Comes in: a snapshot and the runtime layer of each platform. Goes out: blobs and
 * manifests, the same bytes on every machine: one time for everything, layers in one order, compressed in JavaScript.
 */
import { gzipSync } from "fflate";
import type { Snapshot } from "../delivery/suite-snapshot.ts";
import { digestOf } from "../delivery/suite-digest.ts";
import { annotationsOf, type ImageOrigin } from "./image-annotations.ts";
import { carriedFiles } from "./carried-files.ts";
import { runtimeLicences } from "./runtime-licences.ts";
import type { LockedBlob, RuntimeLayer } from "./runtime-layer.ts";
import { makeSbom } from "./sbom.ts";
import { type TarEntry, withFolders, writeTar } from "./tar.ts";

export interface Blob {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly read: () => Uint8Array;
}

export interface PlatformImage {
  readonly platform: string;
  readonly manifest: Blob;
  readonly config: Blob;
  readonly layers: readonly Blob[];
}

export interface MadeImage {
  readonly images: readonly PlatformImage[];
  /** What a name points at: the only manifest, or the index of all. */
  readonly top: Blob;
  /** The bill of materials, as it is in the image too. */
  readonly sbom: Uint8Array;
}

interface Layer {
  readonly blob: Blob;
  readonly diffId: string;
  readonly created: string;
}

const types = {
  index: "application/vnd.oci.image.index.v1+json",
  manifest: "application/vnd.oci.image.manifest.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  gzip: "application/vnd.oci.image.layer.v1.tar+gzip",
  zstd: "application/vnd.oci.image.layer.v1.tar+zstd",
};

/** What starts: Tally's one file. Flags and verbs are what follows. */
const entrypoint = ["/usr/bin/node", "--disable-warning=ExperimentalWarning", "/app/tally.mjs"];
const user = "65532:65532";
/** The root is read-only: nothing is compiled into it. */
const pythonEnvironment = ["TALLY_PYTHON=/usr/bin/python3", "PYTHONDONTWRITEBYTECODE=1"];

/** `time` in seconds since 1970. */
export function makeImage(snapshot: Snapshot, runtimes: readonly RuntimeLayer[], time: number): MadeImage {
  const sbom = makeSbom(snapshot, runtimes, time);
  const created = new Date(time * 1000).toISOString().replace(".000Z", "Z");
  const annotations = annotationsOf(snapshot.manifest, created);
  const tally = appLayer("Tally", [...carriedFiles(runtimes.some(({ python }) => python !== undefined))], time);
  const suite = appLayer(
    "the suite",
    [["sbom.cdx.json", sbom], ...runtimeLicences(runtimes), ...prefixed("suite", snapshot.files)],
    time,
  );
  const origin = { annotations, created };
  const images = runtimes.map((runtime) => platformImage(runtime, [tally, suite], origin));
  const [only] = images;
  const top = images.length === 1 && only !== undefined ? only.manifest : indexOf(images, runtimes, annotations);
  return { images, top, sbom };
}

function platformImage(
  runtime: RuntimeLayer,
  own: readonly Layer[],
  { annotations, created }: ImageOrigin,
): PlatformImage {
  const layers: Layer[] = [
    lockedLayer(`Node ${runtime.nodeVersion} and its libraries`, runtime),
    ...(runtime.python === undefined ? [] : [lockedLayer("Python and pytest", runtime.python)]),
    ...own,
  ];
  const config = jsonBlob(types.config, {
    architecture: runtime.architecture,
    os: "linux",
    created,
    config: {
      User: user,
      // Podman and systemd set it too: what says "in a container" to programs.
      Env: ["PATH=/usr/bin", "container=oci", ...(runtime.python === undefined ? [] : pythonEnvironment)],
      Entrypoint: entrypoint,
      WorkingDir: "/out",
      Labels: annotations,
    },
    rootfs: { type: "layers", diff_ids: layers.map(({ diffId }) => diffId) },
    history: layers.map((layer) => ({ created, created_by: `tally pack: ${layer.created}` })),
  });
  const manifest = jsonBlob(types.manifest, {
    schemaVersion: 2,
    mediaType: types.manifest,
    config: descriptorOf(config),
    layers: layers.map(({ blob }) => descriptorOf(blob)),
    annotations,
  });
  return { platform: runtime.platform, manifest, config, layers: layers.map(({ blob }) => blob) };
}

function lockedLayer(what: string, { compression, diffId, digest, read, size }: LockedBlob): Layer {
  return { blob: { mediaType: types[compression], digest, size, read }, diffId, created: what };
}

function indexOf(
  images: readonly PlatformImage[],
  runtimes: readonly RuntimeLayer[],
  annotations: Readonly<Record<string, string>>,
): Blob {
  return jsonBlob(types.index, {
    schemaVersion: 2,
    mediaType: types.index,
    manifests: images.map(({ manifest }, i) => ({
      ...descriptorOf(manifest),
      platform: { architecture: runtimes[i]?.architecture, os: "linux" },
    })),
    annotations,
  });
}

/** Files below /app, owned by root and readable by all. */
function appLayer(what: string, files: readonly (readonly [string, Uint8Array])[], time: number): Layer {
  const entries = files.map(([path, content]): TarEntry => {
    return { kind: "file", path: `app/${path}`, content, mode: path === "tally.mjs" ? 0o755 : 0o644 };
  });
  const tar = writeTar(withFolders(entries), { time });
  const bytes = gzipSync(tar, { level: 9, mtime: 0 });
  return { blob: blobOf(types.gzip, bytes), diffId: digestOf(tar), created: what };
}

function prefixed(folder: string, files: ReadonlyMap<string, Uint8Array>): [string, Uint8Array][] {
  return [...files].map(([path, content]) => [`${folder}/${path}`, content]);
}

/** Keys in the order given: the order is part of the digest. */
function jsonBlob(mediaType: string, value: object): Blob {
  return blobOf(mediaType, Buffer.from(JSON.stringify(value)));
}

function blobOf(mediaType: string, bytes: Uint8Array): Blob {
  return { mediaType, digest: digestOf(bytes), size: bytes.byteLength, read: () => bytes };
}

/** Layers and configurations, each once: the layers of Tally and the suite are the same for every platform. */
export function blobsOf({ images }: MadeImage): Blob[] {
  const blobs = images.flatMap(({ config, layers }) => [...layers, config]);
  return [...new Map(blobs.map((blob) => [blob.digest, blob])).values()];
}

/** What names a blob in a manifest. */
export function descriptorOf({ digest, mediaType, size }: Blob): Pick<Blob, "mediaType" | "digest" | "size"> {
  return { mediaType, digest, size };
}
