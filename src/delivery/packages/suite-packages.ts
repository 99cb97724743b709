/** The packages of npm that a suite needs where it is delivered: what the manifest says of them, and their files. */
import { tallyError } from "../../kernel/errors.ts";
import type { Suite } from "../read-suite.ts";
import { importedPackages } from "../suite-contents.ts";
import type { CarriedPackage } from "../suite-manifest.ts";
import type { SuiteSource } from "../suite-source.ts";
import { fetchPackages } from "./fetch-packages.ts";
import { lockedPackages } from "./locked-packages.ts";
import { isLocked, lockFault, lockPath, parseLock } from "./package-lock.ts";
import type { NpmOptions } from "./run-npm.ts";

export interface SuitePackages {
  /** What its scripts may import. */
  readonly names: readonly string[];
  /** All that travels, with what those need. */
  readonly packages: readonly CarriedPackage[];
  /** By path from the suite's folder. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Nothing for a suite that imports none. Throws `package-lock`, `package-unfit` and `package-fetch`. */
export async function packagesOf(suite: Suite, source: SuiteSource, options: NpmOptions): Promise<SuitePackages> {
  const imported = importedPackages(suite.files);
  const content = imported.length === 0 ? undefined : source.read(lockPath);
  const fault = content && lockFault(content);
  if (fault !== undefined) throw tallyError("package-lock", { reason: fault });
  const lock = parseLock(content);
  const names = lock === undefined ? [] : imported.filter((name) => isLocked(lock, name));
  if (lock === undefined || names.length === 0) return { names: [], packages: [], files: new Map() };
  const locked = lockedPackages(lock, names);
  const carried = locked.map(({ license, published, version }) => ({
    name: published,
    version,
    ...(license === undefined ? {} : { license }),
  }));
  return { names, packages: carried, files: await fetchPackages(locked, options) };
}
