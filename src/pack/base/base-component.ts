/** A base in a bill of materials: by its digests, since what is in it is its own to say. */
import type { PlatformManifest } from "../../delivery/image/image-platforms.ts";
import type { ImageReference } from "../../delivery/registry/image-reference.ts";
import type { Component } from "../sbom.ts";

/** `digest` is what the name points at, `manifests` are the platforms of it that are used. */
export function baseComponent(
  { name, registry }: ImageReference,
  digest: string,
  manifests: readonly PlatformManifest[],
): Component {
  const component = (own: string, architecture: string | undefined): Component => {
    const of = architecture === undefined ? "" : `arch=${architecture}&`;
    const purl = `pkg:oci/${name.split("/").at(-1)}@${encodeURIComponent(own)}?${of}repository_url=${encodeURIComponent(`${registry}/${name}`)}`;
    const hashes = [{ alg: "SHA-256", content: own.replace("sha256:", "") }];
    return { type: "container", "bom-ref": purl, name: `${registry}/${name}`, version: own, purl, hashes };
  };
  const parts = manifests.filter((one) => one.digest !== digest);
  const whole = component(digest, undefined);
  if (parts.length === 0) return whole;
  return { ...whole, components: parts.map((one) => component(one.digest, one.architecture)) };
}
