/** The form of runtime/lock.json: what the runtime layer is made of, by version and digest. */

export interface LockedNode {
  /** npm package that holds the binary. */
  readonly package: string;
  readonly version: string;
  /** Of the package, as npm states it. */
  readonly integrity: string;
  /** Of bin/node, lower-case hex: the one that nodejs.org publishes with the release. */
  readonly sha256: string;
}

export interface LockedDebian {
  readonly package: string;
  readonly version: string;
  /** Of the .deb. */
  readonly sha256: string;
  /** The package whose sources it is built from, for those who want them. */
  readonly source: string;
}

export interface LockedPlatform {
  /** As Debian and OCI call it. */
  readonly architecture: "amd64" | "arm64";
  readonly node: LockedNode;
  readonly debian: readonly LockedDebian[];
  /** Of the compressed layer, and `diffId` of its tar; `size` in bytes. */
  readonly layer: { readonly digest: string; readonly diffId: string; readonly size: number };
}

export interface RuntimeLock {
  readonly v: 1;
  readonly platforms: Readonly<Record<string, LockedPlatform>>;
}
