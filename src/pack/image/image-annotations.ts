/** What an image says of itself, in the words of the OCI image specification; the suite's own beside them. */
import type { SuiteManifest } from "../../delivery/suite-manifest.ts";

export interface ImageOrigin {
  readonly annotations: Readonly<Record<string, string>>;
  /** RFC 3339. */
  readonly created: string;
}

/** By key: the order is part of a digest. */
export function sortedTexts(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

export function annotationsOf(
  { digest, name, source, tally, version }: SuiteManifest,
  created: string,
): Record<string, string> {
  return {
    "dev.tallyml.suite.digest": digest,
    "dev.tallyml.tally.version": tally.version,
    "org.opencontainers.image.created": created,
    "org.opencontainers.image.description": `Tests that run against an endpoint: docker run -e ENDPOINT=http://… ${name}:${version}`,
    "org.opencontainers.image.title": name,
    "org.opencontainers.image.version": version,
    ...(source === undefined ? {} : { "org.opencontainers.image.revision": source.commit }),
    ...(source?.ref === undefined ? {} : { "org.opencontainers.image.ref.name": source.ref }),
    ...(source?.dirty ? { "dev.tallyml.source.dirty": "true" } : {}),
  };
}
