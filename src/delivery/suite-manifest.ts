/** `suite.json`: what a delivered suite says of itself. Stands beside its files in a bundle and in an image. */

/** Where it is, from the suite's folder. */
export const manifestPath = "suite.json";

/** Whether a path is that of an npm package's file: the suite's digest has the lock in their place. */
export function isOfPackage(path: string): boolean {
  return path.startsWith("node_modules/");
}

/** One file of a delivered suite; `sha256` is lower-case hex, `size` in bytes. */
export interface ManifestFile {
  readonly path: string;
  readonly sha256: string;
  readonly size: number;
}

/** One package of npm; `license` in the words of SPDX, as the package says it. */
export interface CarriedPackage {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

export interface SuiteManifest {
  /** Version of this format. */
  readonly v: 1;
  readonly name: string;
  /** Of the model: `[model] version`, else `git describe`; "0.0.0" where there is neither. */
  readonly version: string;
  /** `sha256:…` over contents and paths (spec §8). */
  readonly digest: string;
  /** The Tally that packed it, and the range of versions that may run it. */
  readonly tally: { readonly version: string; readonly requires?: string };
  /** Where the sources come from; absent outside of git. */
  readonly source?: {
    /** As it was asked for with --ref. */
    readonly ref?: string;
    /** 40 or 64 hex digits. */
    readonly commit: string;
    /** The commit's own time, RFC 3339 in UTC. */
    readonly committed: string;
    /** Files of the suite differ from the commit. */
    readonly dirty: boolean;
  };
  /** Sorted by path; `tally.toml` holds the delivered tables only. */
  readonly files: readonly ManifestFile[];
  /** Packages of npm that its tests need; absent where they need none. Their files are below `node_modules`. */
  readonly packages?: readonly CarriedPackage[];
  /** Test files that stayed behind because they need Python. */
  readonly leftBehind: readonly string[];
}
