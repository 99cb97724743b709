/** An image in a registry as a store of parts. Foreign `urls` of layers are never followed: what a registry does not have is not there. */
import { tallyError } from "../../kernel/errors.ts";
import { type Descriptor, indexTypes, manifestTypes, verifyBlob } from "../image/descriptor.ts";
import type { ImageStore } from "../image/image-store.ts";
import type { ImageReference } from "./image-reference.ts";
import { type RegistryAnswer, type RegistryConnection, said } from "./registry-connection.ts";

const maxManifestBytes = 4 * 1024 * 1024;
const maxBlobBytes = 512 * 1024 * 1024;
const accepted = ["accept", [...indexTypes, ...manifestTypes].join(", ")];

/** Nothing is asked before it is needed. */
export function registryStore(connection: RegistryConnection, reference: ImageReference): ImageStore {
  const wrong = (reason: string): Error => tallyError("registry-answer", { reference: reference.shown, reason });
  const expectFound = (answer: RegistryAnswer, what: string): void => {
    if (answer.status === 404) throw tallyError("image-absent", { reference: reference.shown, what });
    if (answer.status !== 200) throw wrong(`${what} was answered with ${answer.status}${said(answer.body)}`);
  };
  return {
    shown: `oci://${reference.shown}`,
    top: async () => {
      const wanted = reference.digest ?? reference.tag;
      const path = connection.path(`manifests/${wanted}`);
      const answer = await connection.ask({ method: "GET", path, headers: accepted, maxBytes: maxManifestBytes });
      expectFound(answer, "its manifest");
      const { body, headers } = answer;
      const stated = reference.digest ?? headers["docker-content-digest"];
      if (typeof stated === "string")
        verifyBlob({ mediaType: "", digest: stated, size: body.length }, body, reference.registry);
      return {
        mediaType:
          String(headers["content-type"] ?? "")
            .split(";")[0]
            ?.trim() ?? "",
        bytes: body,
      };
    },
    read: async ({ digest, mediaType, size }: Descriptor) => {
      const isManifest = manifestTypes.includes(mediaType);
      if (size > (isManifest ? maxManifestBytes : maxBlobBytes))
        throw tallyError("image-malformed", {
          what: reference.shown,
          reason: `${digest} is said to have ${size} bytes`,
        });
      const answer = await connection.ask({
        method: "GET",
        path: connection.path(`${isManifest ? "manifests" : "blobs"}/${digest}`),
        ...(isManifest ? { headers: accepted } : {}),
        maxBytes: size,
      });
      expectFound(answer, digest);
      return answer.body;
    },
  };
}
