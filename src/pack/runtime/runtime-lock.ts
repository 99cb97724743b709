/** The form of runtime/lock.json: what the runtime layer is made of, by version and digest. */

export interface LockedNode {
  /** npm package that holds the binary. */
  readonly package: string;
  readonly version: string;
  /** Of the package, as npm states it. */
  readonly integrity: string;
  /** Of bin/node, lower-case hex: the one that nodejs.org publishes with the release. */
  readonly sha256: string;
  /** Written by hand. */
  readonly license: string;
}

export interface LockedDebian {
  readonly package: string;
  readonly version: string;
  /** Of the .deb. */
  readonly sha256: string;
  /** The package whose sources it is built from, for those who want them, and its version: not that of a mere rebuild. */
  readonly source: string;
  readonly sourceVersion: string;
  /** The package in whose folder of documents its copyright file is. */
  readonly copyright: string;
  /** Of what is taken from it; written by hand, an expression of SPDX or, where there is none, words. */
  readonly license: string;
}

/** A wheel of pure Python, the same for every platform. */
export interface LockedWheel {
  readonly name: string;
  readonly version: string;
  /** SPDX. */
  readonly license: string;
  /** Of the .whl. */
  readonly sha256: string;
}

/** `digest` and `size` in bytes of the layer compressed with zstd, and with gzip; `diffId` of its tar. */
export interface LockedLayer {
  readonly digest: string;
  readonly diffId: string;
  readonly size: number;
  readonly gzip: { readonly digest: string; readonly size: number };
}

/** How layers of the runtime are compressed. */
export type Compression = "zstd" | "gzip";

/** Python and what its standard library links with, for suites with pytest files; the wheels are in the layer too. */
export interface LockedPython {
  readonly debian: readonly LockedDebian[];
  readonly layer: LockedLayer;
}

export interface LockedPlatform {
  /** As Debian and OCI call it. */
  readonly architecture: "amd64" | "arm64";
  readonly node: LockedNode;
  readonly debian: readonly LockedDebian[];
  readonly layer: LockedLayer;
  readonly python: LockedPython;
}

export interface RuntimeLock {
  readonly v: 1;
  readonly platforms: Readonly<Record<string, LockedPlatform>>;
  readonly wheels: readonly LockedWheel[];
}
