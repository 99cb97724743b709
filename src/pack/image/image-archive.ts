/**
 * An image as one tar that `docker load`, `podman load` and `skopeo copy oci-archive:` take alike: an OCI layout, and beside it the
 * manifest.json that older Dockers read, over the same blobs.
 */
import { type Blob, descriptorOf } from "./image-blob.ts";
import { blobsOf, type MadeImage } from "./make-image.ts";
import { type TarEntry, writeEntry } from "../tar.ts";

/** Parts of the tar, one behind the other. `name` is `suite:version`; `time` in seconds since 1970. */
export function* imageArchive(image: MadeImage, name: string, time: number): Generator<Uint8Array> {
  const { images, top } = image;
  const named = [...blobsOf(image), ...images.map(({ manifest }) => manifest), top];
  const blobs = new Map(named.map((blob) => [blob.digest, blob]));
  const annotations = {
    "io.containerd.image.name": `docker.io/library/${name}`,
    "org.opencontainers.image.ref.name": name,
  };
  const index = {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.index.v1+json",
    manifests: [{ ...descriptorOf(top), annotations }],
  };
  const path = ({ digest }: Blob): string => `blobs/${digest.replace(":", "/")}`;
  // Docker's own list names one platform only.
  const listed = images
    .slice(0, 1)
    .map(({ config, layers }) => ({ Config: path(config), RepoTags: [name], Layers: layers.map(path) }));
  const folder = (name_: string): TarEntry => ({ kind: "folder", path: name_, mode: 0o755 });
  const file = (name_: string, content: Uint8Array): TarEntry => ({ kind: "file", path: name_, content, mode: 0o644 });
  const json = (value: object): Uint8Array => Buffer.from(JSON.stringify(value));
  yield* writeEntry(folder("blobs"), { time });
  yield* writeEntry(folder("blobs/sha256"), { time });
  for (const blob of [...blobs.values()].toSorted((a, b) => (a.digest < b.digest ? -1 : 1)))
    yield* writeEntry(file(path(blob), blob.read()), { time });
  yield* writeEntry(file("index.json", json(index)), { time });
  yield* writeEntry(file("manifest.json", json(listed)), { time });
  yield* writeEntry(file("oci-layout", json({ imageLayoutVersion: "1.0.0" })), { time });
  yield new Uint8Array(1024);
}
