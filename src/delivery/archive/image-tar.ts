/** An image as a tar on disk (`docker save`, `skopeo copy`, `tally pack`) as a store of parts: the OCI layout, or Docker's own. */
import { tallyError } from "../../kernel/errors.ts";
import { type Descriptor, indexTypes, readImageJson } from "../image/descriptor.ts";
import type { ImageStore } from "../image/image-store.ts";
import { isTable, parseJson, type Table } from "../json-table.ts";
import { digestOf, sha256 } from "../suite-digest.ts";
import { decompress, packingOf } from "./decompress.ts";
import { readTar } from "./read-tar.ts";

/** The files of a tar that may be an image's. */
export function tarFiles(bytes: Uint8Array, what: string): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const { content, kind, path } of readTar(bytes, what)) if (kind === "file") files.set(path, content);
  return files;
}

/** Undefined when the tar has no OCI layout. */
export function layoutStore(files: ReadonlyMap<string, Uint8Array>, what: string): ImageStore | undefined {
  const index = files.get("index.json");
  if (index === undefined || !files.has("oci-layout")) return undefined;
  return {
    shown: what,
    top: async () => ({ mediaType: indexTypes[0] ?? "", bytes: index }),
    read: async ({ digest }: Descriptor) => {
      const found = files.get(`blobs/${digest.replace(":", "/")}`);
      if (found === undefined) throw tallyError("image-malformed", { what, reason: `it does not have ${digest}` });
      return found;
    },
  };
}

/** The layers of Docker's own format, the last one first, verified against the configuration; undefined when it is none. */
export function dockerLayers(files: ReadonlyMap<string, Uint8Array>, what: string): (() => Uint8Array)[] | undefined {
  const listed = files.get("manifest.json");
  if (listed === undefined) return undefined;
  const wrong = (reason: string): Error => tallyError("image-malformed", { what, reason });
  const image = readImages(listed)[0];
  const { Config: config, Layers: layers }: Table = image ?? {};
  const bytes = typeof config === "string" ? files.get(config) : undefined;
  if (bytes === undefined || typeof config !== "string" || !Array.isArray(layers))
    throw wrong("its manifest.json names no image");
  const hex = /([0-9a-f]{64})(\.json)?$/.exec(config)?.[1];
  if (hex !== undefined && hex !== sha256(bytes))
    throw tallyError("image-digest", { digest: `sha256:${hex}`, from: what, found: digestOf(bytes) });
  const rootfs: unknown = readImageJson(bytes, what)["rootfs"];
  const ids: unknown =
    typeof rootfs === "object" && rootfs !== null && "diff_ids" in rootfs ? rootfs.diff_ids : undefined;
  if (!Array.isArray(ids) || ids.length !== layers.length) throw wrong("its configuration names other layers");
  return layers
    .map((path: unknown, i) => () => {
      const packed = typeof path === "string" ? files.get(path) : undefined;
      if (packed === undefined) throw wrong(`it does not have ${String(path)}`);
      const layer = decompress(packed, packingOf(packed), what);
      const found = digestOf(layer);
      if (found !== ids[i]) throw tallyError("image-digest", { digest: String(ids[i]), from: what, found });
      return layer;
    })
    .toReversed();
}

function readImages(bytes: Uint8Array): readonly Table[] {
  const value = parseJson(Buffer.from(bytes).toString("utf8"));
  return Array.isArray(value) ? value.filter(isTable) : [];
}
