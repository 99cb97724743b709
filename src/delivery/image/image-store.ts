/** Where the parts of an image are: a registry, or a tar. Each is given as it is found; who uses it verifies it. */
import { tallyError } from "../../kernel/errors.ts";
import { type Descriptor, verifyBlob } from "./descriptor.ts";

export interface ImageStore {
  /** For messages. */
  readonly shown: string;
  /** What the image begins with: an index or a manifest. */
  readonly top: () => Promise<{ readonly mediaType: string; readonly bytes: Uint8Array }>;
  /** A manifest or blob that was named. */
  readonly read: (descriptor: Descriptor) => Promise<Uint8Array>;
}

/** What is wrong with an image, as an error. */
export function malformedImage({ shown }: ImageStore, reason: string): Error {
  return tallyError("image-malformed", { what: shown, reason });
}

/** The bytes of a part, which are what they are called. Throws `image-digest`. */
export async function readVerified(store: ImageStore, descriptor: Descriptor): Promise<Uint8Array> {
  const bytes = await store.read(descriptor);
  verifyBlob(descriptor, bytes, store.shown);
  return bytes;
}
