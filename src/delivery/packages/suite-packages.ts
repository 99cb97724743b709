/** The packages of npm that a suite needs where it is delivered: what the manifest says of them, and their files. */
import { suitePackages } from "../suite-contents.ts";
import type { Suite } from "../read-suite.ts";
import type { CarriedPackage } from "../suite-manifest.ts";
import type { SuiteSource } from "../suite-source.ts";
import { fetchPackages, type FetchOptions } from "./fetch-packages.ts";
import { lockedPackages, lockPath, parseLock } from "./package-lock.ts";

export interface SuitePackages {
  /** What its scripts may import. */
  readonly names: readonly string[];
  /** All that travels, with what those need. */
  readonly packages: readonly CarriedPackage[];
  /** By path from the suite's folder. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Nothing for a suite that imports none. Throws `package-unfit` and `package-fetch`. */
export function packagesOf(suite: Suite, source: SuiteSource, options: FetchOptions): SuitePackages {
  const names = suitePackages(source, suite.files);
  const lock = names.length === 0 ? undefined : parseLock(source.read(lockPath));
  if (lock === undefined) return { names, packages: [], files: new Map() };
  const locked = lockedPackages(lock, names);
  const carried = locked.map(({ license, published, version }) => ({
    name: published,
    version,
    ...(license === undefined ? {} : { license }),
  }));
  return { names, packages: carried, files: fetchPackages(locked, options) };
}
