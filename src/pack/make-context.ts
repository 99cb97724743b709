/**
 * A suite as the folder that `docker build` takes, for whoever must build images with tools of their own. Comes in: a snapshot. Goes out:
 * files by path, the same on every machine; what becomes of them is the build's.
 */
import { timestampOf } from "./pack-time.ts";
import type { Snapshot } from "../delivery/suite-snapshot.ts";
import { carriedFiles } from "./contents/carried-files.ts";
import { dockerfile } from "./dockerfile.ts";
import { annotationsOf, sortedTexts } from "./image/image-annotations.ts";
import { type Component, makeSbom } from "./sbom.ts";

export interface ContextOptions {
  /** Seconds since 1970. */
  readonly time: number;
  /** As `docker build` knows it. */
  readonly base: string;
  readonly withPython: boolean;
}

export interface MadeContext {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly sbom: Uint8Array;
}

/** Sorted by path. */
export function makeContext(snapshot: Snapshot, { base, time, withPython }: ContextOptions): MadeContext {
  const sbom = makeSbom(snapshot, [baseComponent(base)], time);
  const created = timestampOf(time);
  const labels = sortedTexts({ ...annotationsOf(snapshot.manifest, created), ...baseAnnotations(base) });
  const carried = carriedFiles(withPython);
  const tops = new Set(["sbom.cdx.json", "suite", ...[...carried.keys()].map((path) => path.split("/")[0] ?? path)]);
  const ignored = ["*", ...[...tops].toSorted().map((path) => `!${path}`), ""].join("\n");
  const files: [string, Uint8Array][] = [
    ["Dockerfile", Buffer.from(dockerfile({ base, labels, withPython }))],
    [".dockerignore", Buffer.from(ignored)],
    ["sbom.cdx.json", sbom],
    ...carried,
    ...[...snapshot.files].map(([path, content]): [string, Uint8Array] => [`suite/${path}`, content]),
  ];
  return { files: new Map(files.toSorted(([a], [b]) => (a < b ? -1 : 1))), sbom };
}

function digestIn(base: string): string | undefined {
  return /@(sha256:[0-9a-f]{64})$/.exec(base)?.[1];
}

function baseAnnotations(base: string): Record<string, string> {
  const digest = digestIn(base);
  return {
    "org.opencontainers.image.base.name": base,
    ...(digest === undefined ? {} : { "dev.tallyml.base": base, "org.opencontainers.image.base.digest": digest }),
  };
}

/** By digest where there is one; of a tag nobody knows here what it is. */
function baseComponent(base: string): Component {
  const digest = digestIn(base);
  const plain = base.replace(/@.*/, "");
  const tag = /:([\w.-]+)$/.exec(plain)?.[1];
  const name = tag === undefined ? plain : plain.slice(0, -(tag.length + 1));
  const version = digest ?? tag ?? "latest";
  const purl = `pkg:docker/${name.split("/").slice(-2).join("/")}@${encodeURIComponent(version)}`;
  const hashes = digest === undefined ? {} : { hashes: [{ alg: "SHA-256", content: digest.slice("sha256:".length) }] };
  return { type: "container", "bom-ref": purl, name, version, purl, ...hashes };
}
