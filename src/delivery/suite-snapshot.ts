/**
 * A suite as it is delivered: every file that travels, `tally.toml` without what stays at home, and `suite.json`. The one way
 * in which bundles, images and folders of a git ref are made.
 */
import { deliveredText } from "../contract/delivered-text.ts";
import { makeManifest, type Origin } from "./make-manifest.ts";
import type { SuitePackages } from "./packages/suite-packages.ts";
import type { Suite } from "./read-suite.ts";
import { manifestPath, type SuiteManifest } from "./suite-manifest.ts";

export interface Snapshot {
  readonly suite: Suite;
  readonly manifest: SuiteManifest;
  /** By path, sorted. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** `origin` is what the manifest says of where it comes from; the packages are those of npm that its tests need. */
export function takeSnapshot(suite: Suite, origin: Origin, { files: installed, packages }: SuitePackages): Snapshot {
  const toml = deliveredText(suite.contractText, suite.contractFile === "pyproject.toml");
  const carried = new Map([...suite.files, ...installed, ["tally.toml", Buffer.from(toml)]]);
  const manifest = makeManifest(suite, carried, { ...origin, packages });
  const stated = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
  const files = [...carried, [manifestPath, stated] as const].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { suite, manifest, files: new Map(files) };
}
