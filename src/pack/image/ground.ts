/** What an image stands on: our own runtime layers, or a base of somebody else's. */
import type { Layer } from "./image-blob.ts";
import type { Component } from "../sbom.ts";

/** On one platform. */
export interface Foundation {
  /** `linux/amd64`. */
  readonly platform: string;
  /** As indexes and configurations say it. */
  readonly architecture: string;
  readonly variant?: string;
  readonly layers: readonly Layer[];
  /** What the image's configuration says of these layers, in the words of OCI. */
  readonly history: readonly object[];
  readonly env: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** Path of Node in the image. */
  readonly node: string;
}

export interface Ground {
  readonly foundations: readonly Foundation[];
  /** For the bill of materials. */
  readonly components: readonly Component[];
  /** Where licences and sources are, by path below /app. */
  readonly licences: readonly (readonly [string, Uint8Array])[];
  readonly annotations: Readonly<Record<string, string>>;
  /** Whether the SDK for Python comes along. */
  readonly withPython: boolean;
}
