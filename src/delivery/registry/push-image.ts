/** Puts an image into a registry: first the blobs that it does not have, then the manifests, at last the tag. */
import { tallyError } from "../../kernel/errors.ts";
import { digestOf } from "../suite-digest.ts";
import type { ImageReference } from "./image-reference.ts";
import { type RegistryAnswer, RegistryConnection, type RegistryOptions, said } from "./registry-connection.ts";

/** A layer or a configuration. */
export interface BlobToPush {
  readonly digest: string;
  readonly size: number;
  /** A repository of the same registry that has it: then it is taken from there, and nothing is sent. */
  readonly from?: string;
  /** Called only if the registry does not have it. */
  readonly read: () => Uint8Array | Promise<Uint8Array>;
}

export interface ManifestToPush {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

export interface ImageToPush {
  readonly blobs: readonly BlobToPush[];
  /** Those that an index names; they have no tag of their own. */
  readonly manifests: readonly ManifestToPush[];
  /** What the tag names: an index, or the only manifest. */
  readonly top: ManifestToPush;
}

export interface Pushed {
  /** Of what the tag names. */
  readonly digest: string;
  /** Bytes that the registry did not have. */
  readonly sent: number;
}

/** Until the last request nothing has the tag: whoever pulls meanwhile gets the image before. */
export async function pushImage(
  reference: ImageReference,
  image: ImageToPush,
  options: RegistryOptions,
): Promise<Pushed> {
  await using connection = new RegistryConnection(reference, "pull,push", options);
  const push = new Push(connection, reference);
  let sent = 0;
  for (const blob of image.blobs) sent += await push.blob(blob);
  for (const manifest of image.manifests) await push.manifest(manifest, digestOf(manifest.bytes));
  return { digest: await push.manifest(image.top, reference.tag), sent };
}

class Push {
  readonly #connection: RegistryConnection;
  readonly #reference: ImageReference;

  constructor(connection: RegistryConnection, reference: ImageReference) {
    this.#connection = connection;
    this.#reference = reference;
  }

  /** Gives the number of bytes that were sent. */
  async blob({ digest, from, read, size }: BlobToPush): Promise<number> {
    const there = await this.#connection.ask({ method: "HEAD", path: this.#connection.path(`blobs/${digest}`) });
    if (there.status === 200) return 0;
    const mount = from === undefined ? "" : `?mount=${encodeURIComponent(digest)}&from=${encodeURIComponent(from)}`;
    const begun = await this.#connection.ask({ method: "POST", path: this.#connection.path(`blobs/uploads/${mount}`) });
    if (begun.status === 201 && mount !== "") return 0;
    const location = begun.headers["location"];
    if (begun.status !== 202 || typeof location !== "string") throw this.#wrong("an upload", begun);
    const bytes = await read();
    const ended = await this.#connection.ask({
      method: "PUT",
      path: `${location}${location.includes("?") ? "&" : "?"}digest=${encodeURIComponent(digest)}`,
      headers: ["content-type", "application/octet-stream"],
      body: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    });
    if (ended.status !== 201) throw this.#wrong(`the upload of ${digest}`, ended);
    return size;
  }

  /** Gives the digest under which the registry has it. */
  async manifest({ bytes, mediaType }: ManifestToPush, name: string): Promise<string> {
    const digest = digestOf(bytes);
    const answer = await this.#connection.ask({
      method: "PUT",
      path: this.#connection.path(`manifests/${name}`),
      headers: ["content-type", mediaType],
      body: Buffer.from(bytes),
    });
    if (answer.status !== 201) throw this.#wrong("the manifest", answer);
    const stated = answer.headers["docker-content-digest"];
    if (typeof stated === "string" && stated !== digest)
      throw tallyError("image-digest", { digest, from: this.#reference.registry, found: stated });
    return digest;
  }

  #wrong(what: string, { body, status }: RegistryAnswer): Error {
    return tallyError("registry-answer", {
      reference: this.#reference.shown,
      reason: `${what} was answered with ${status}${said(body)}`,
    });
  }
}
