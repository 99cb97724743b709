/** `registry/name:tag` or `registry/name@sha256:…` → its parts, as the OCI distribution specification writes them. */
import { tallyError } from "../../kernel/errors.ts";

export interface ImageReference {
  /** Host and port: `registry.example.org`, `localhost:5000`. */
  readonly registry: string;
  /** `team/sqli-ml-test`. */
  readonly name: string;
  /** What a manifest is asked for by: a tag, or a digest. */
  readonly tag: string;
  readonly digest?: string;
  /** As it may be shown and typed. */
  readonly shown: string;
}

const host = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::\d{1,5})?$/i;
const name = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const tag = /^\w[\w.-]{0,127}$/;
const digest = /^sha256:[0-9a-f]{64}$/;

/** Reads a reference; the tag is `latest` unless said. Throws `image-reference`. */
export function readImageReference(text: string): ImageReference {
  const refuse = (reason: string): never => {
    throw tallyError("image-reference", { reference: text, reason });
  };
  const at = text.indexOf("@");
  const plain = at === -1 ? text : text.slice(0, at);
  const pinned = at === -1 ? undefined : text.slice(at + 1);
  if (pinned !== undefined && !digest.test(pinned))
    refuse("behind the @ a digest is needed: sha256: and 64 hex digits");
  const slash = plain.indexOf("/");
  if (slash === -1) refuse("a registry is needed before the name");
  const registry = plain.slice(0, slash);
  if (!host.test(registry)) refuse(`"${registry}" is no host`);
  const rest = plain.slice(slash + 1);
  const colon = rest.indexOf(":");
  const path = colon === -1 ? rest : rest.slice(0, colon);
  const label = colon === -1 ? "latest" : rest.slice(colon + 1);
  if (!name.test(path) || path.length > 255) refuse("a name has lower-case letters, digits, and . _ - / between them");
  if (!tag.test(label)) refuse("a tag has up to 128 letters, digits and . _ -");
  return {
    registry,
    name: path,
    tag: label,
    ...(pinned === undefined ? {} : { digest: pinned }),
    shown: pinned === undefined ? `${registry}/${path}:${label}` : `${registry}/${path}@${pinned}`,
  };
}
