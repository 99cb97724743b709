/**
 * A suite as an OCI image, without any daemon. Comes in: a snapshot and what the image stands on. Goes out: blobs and
 * manifests, the same bytes on every machine: one time for everything, layers in one order, compressed in JavaScript.
 */
import { timestampOf } from "../pack-time.ts";
import { gzipSync } from "fflate";
import type { Snapshot } from "../../delivery/suite-snapshot.ts";
import { invariant } from "../../kernel/errors.ts";
import { digestOf } from "../../delivery/suite-digest.ts";
import { annotationsOf, type ImageOrigin, sortedTexts } from "./image-annotations.ts";
import { carriedFiles } from "../contents/carried-files.ts";
import type { Foundation, Ground } from "./ground.ts";
import { type Blob, blobOf, descriptorOf, jsonBlob, type Layer, mediaTypes } from "./image-blob.ts";
import { makeSbom } from "../sbom.ts";
import { type TarEntry, withFolders, writeTar } from "../tar.ts";

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

const user = "65532:65532";

/** `time` in seconds since 1970. */
export function makeImage(snapshot: Snapshot, ground: Ground, time: number): MadeImage {
  const { components, foundations, licences, withPython } = ground;
  const sbom = makeSbom(snapshot, components, time);
  const created = timestampOf(time);
  const annotations = sortedTexts({ ...annotationsOf(snapshot.manifest, created), ...ground.annotations });
  const tally = appLayer([...carriedFiles(withPython)], time);
  const suite = appLayer([["sbom.cdx.json", sbom], ...licences, ...prefixed("suite", snapshot.files)], time);
  const origin = { annotations, created };
  const images = foundations.map((foundation) => platformImage(foundation, [tally, suite], origin));
  const [only] = images;
  const top = images.length === 1 && only !== undefined ? only.manifest : indexOf(images, foundations, annotations);
  return { images, top, sbom };
}

function platformImage(
  foundation: Foundation,
  own: readonly Layer[],
  { annotations, created }: ImageOrigin,
): PlatformImage {
  const layers = [...foundation.layers, ...own];
  const config = jsonBlob(mediaTypes.config, {
    ...processorOf(foundation),
    created,
    config: {
      User: user,
      // Podman and systemd set it too: what says "in a container" to programs.
      Env: [...foundation.env, "container=oci"],
      // Flags and verbs are what follows.
      Entrypoint: [foundation.node, "--disable-warning=ExperimentalWarning", "/app/tally.mjs"],
      WorkingDir: "/out",
      Labels: sortedTexts({ ...foundation.labels, ...annotations }),
    },
    rootfs: { type: "layers", diff_ids: layers.map(({ diffId }) => diffId) },
    history: [
      ...foundation.history,
      ...["Tally", "the suite"].map((what) => ({ created, created_by: `tally pack: ${what}` })),
    ],
  });
  const manifest = jsonBlob(mediaTypes.manifest, {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: descriptorOf(config),
    layers: layers.map(({ blob }) => descriptorOf(blob)),
    annotations,
  });
  return { platform: foundation.platform, manifest, config, layers: layers.map(({ blob }) => blob) };
}

function indexOf(
  images: readonly PlatformImage[],
  foundations: readonly Foundation[],
  annotations: Readonly<Record<string, string>>,
): Blob {
  return jsonBlob(mediaTypes.index, {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: images.map(({ manifest }, i) => {
      const foundation = foundations[i];
      invariant(foundation !== undefined, "an image that stands on nothing");
      return { ...descriptorOf(manifest), platform: processorOf(foundation) };
    }),
    annotations,
  });
}

function processorOf({ architecture, variant }: Foundation): object {
  return { architecture, os: "linux", ...(variant === undefined ? {} : { variant }) };
}

/** Files below /app, owned by root and readable by all. */
function appLayer(files: readonly (readonly [string, Uint8Array])[], time: number): Layer {
  const entries = files.map(([path, content]): TarEntry => {
    return { kind: "file", path: `app/${path}`, content, mode: path === "tally.mjs" ? 0o755 : 0o644 };
  });
  const tar = writeTar(withFolders(entries), { time });
  const bytes = gzipSync(tar, { level: 9, mtime: 0 });
  return { blob: blobOf(mediaTypes.gzip, bytes), diffId: digestOf(tar) };
}

function prefixed(folder: string, files: ReadonlyMap<string, Uint8Array>): [string, Uint8Array][] {
  return [...files].map(([path, content]) => [`${folder}/${path}`, content]);
}

/** Layers and configurations, each once: the layers of Tally and the suite are the same for every platform. */
export function blobsOf({ images }: MadeImage): Blob[] {
  const blobs = images.flatMap(({ config, layers }) => [...layers, config]);
  return [...new Map(blobs.map((blob) => [blob.digest, blob])).values()];
}
