/** The packages of npm that a suite needs where it is delivered: what the manifest says of them, and their files. */
import { tallyError } from "../../kernel/errors.ts";
import type { Suite } from "../read-suite.ts";
import { packageOf, scriptImports } from "../script-imports.ts";
import { isScript, suitePackages } from "../suite-contents.ts";
import type { CarriedPackage } from "../suite-manifest.ts";
import type { SuiteSource } from "../suite-source.ts";
import { fetchPackages } from "./fetch-packages.ts";
import { lockedPackages } from "./locked-packages.ts";
import { lockFault, lockPath, parseLock } from "./package-lock.ts";
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
  const content = source.read(lockPath);
  const fault = content === undefined || !importsPackages(suite.files) ? undefined : lockFault(content);
  if (fault !== undefined) throw tallyError("package-lock", { reason: fault });
  const names = suitePackages(source, suite.files);
  const lock = names.length === 0 ? undefined : parseLock(content);
  if (lock === undefined) return { names, packages: [], files: new Map() };
  const locked = lockedPackages(lock, names);
  const carried = locked.map(({ license, published, version }) => ({
    name: published,
    version,
    ...(license === undefined ? {} : { license }),
  }));
  return { names, packages: carried, files: await fetchPackages(locked, options) };
}

function importsPackages(files: ReadonlyMap<string, Uint8Array>): boolean {
  return [...files]
    .filter(([path]) => isScript(path))
    .flatMap(([, content]) => scriptImports(Buffer.from(content).toString("utf8")).imports)
    .some(({ specifier }) => packageOf(specifier) !== undefined);
}
