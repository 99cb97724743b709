/** What a suite says of itself when it is delivered: `suite.json`. */
import { sha256 } from "./suite-digest.ts";
import type { CarriedPackage, ManifestFile, SuiteManifest } from "./suite-manifest.ts";
import type { Suite } from "./read-suite.ts";

export interface Origin {
  /** Of the running Tally. */
  readonly tally: string;
  readonly source?: SuiteManifest["source"];
  /** `git describe`, for a model without a version of its own. */
  readonly described?: string | undefined;
  readonly leftBehind?: readonly string[];
  readonly packages?: readonly CarriedPackage[];
}

/** `files` are all that is delivered, `tally.toml` among them. */
export function makeManifest(
  { contract, digest }: Pick<Suite, "contract" | "digest">,
  files: ReadonlyMap<string, Uint8Array>,
  { described, leftBehind = [], packages = [], source, tally }: Origin,
): SuiteManifest {
  return {
    v: 1,
    name: contract.suite.name,
    version: contract.model.version ?? described ?? "0.0.0",
    digest,
    tally: { version: tally, ...(contract.requires === undefined ? {} : { requires: contract.requires }) },
    ...(source === undefined ? {} : { source }),
    files: [...files].map(describeFile).toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    ...(packages.length === 0 ? {} : { packages }),
    leftBehind,
  };
}

function describeFile([path, content]: readonly [string, Uint8Array]): ManifestFile {
  return { path, sha256: sha256(content), size: content.byteLength };
}
