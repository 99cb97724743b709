/** What an image stands on, as the command line says it: our own runtime layers, or `--base` from its registry. */
import type { Ground } from "../../pack/image/ground.ts";
import { runtimeGround } from "../../pack/runtime/runtime-ground.ts";
import { type RuntimeLayer, runtimeLayers } from "../../pack/runtime/runtime-layer.ts";
import { type ImageReference, readImageReference } from "../../delivery/registry/image-reference.ts";
import type { RegistryOptions } from "../../delivery/registry/registry-connection.ts";
import { tallyError } from "../../kernel/errors.ts";
import type { Arguments } from "../arguments.ts";

const usualPlatforms = ["linux/amd64", "linux/arm64"];

/** What an image is to be, as far as flags say it: known before anything is read or fetched. */
export interface ImageWanted {
  readonly platforms: readonly string[];
  readonly withPython: boolean;
  /** A base of somebody else's, or our own layers. */
  readonly on: { readonly base: ImageReference } | { readonly runtimes: readonly RuntimeLayer[] };
  /** Where it is pushed to. */
  readonly target: ImageReference | undefined;
}

/** Throws `image-reference`, `pack-platform` and `flag-value`. */
export function imageWanted(args: Arguments): ImageWanted {
  const asked = [...new Set(args.list("platform"))];
  const platforms = asked.length > 0 ? asked : usualPlatforms;
  const withPython = args.isTyped("python");
  const compression = args.choice("compression", ["zstd", "gzip"]) ?? "zstd";
  const base = args.text("base");
  const target = args.text("push");
  return {
    platforms,
    withPython,
    on:
      base === undefined
        ? { runtimes: runtimeLayers(platforms, { compression, withPython }) }
        : { base: readImageReference(base) },
    target: target === undefined ? undefined : readTarget(target),
  };
}

/** A digest is what comes of a push: one that was named before would be that of something else. */
function readTarget(text: string): ImageReference {
  const reference = readImageReference(text);
  if (reference.digest === undefined) return reference;
  throw tallyError("image-reference", {
    reference: text,
    reason: "what is pushed gets a tag, and its digest comes of what is in it",
  });
}

/** `time` in seconds since 1970. */
export async function imageGround(args: Arguments, wanted: ImageWanted, time: number): Promise<Ground> {
  const { on, platforms, withPython } = wanted;
  if ("runtimes" in on) return runtimeGround(on.runtimes, time);
  const [{ registryStore }, { RegistryConnection }, { baseGround }] = await Promise.all([
    import("../../delivery/registry/pull-image.ts"),
    import("../../delivery/registry/registry-connection.ts"),
    import("../../pack/base/base-ground.ts"),
  ]);
  await using connection = new RegistryConnection(on.base, "pull", registryOptions(args));
  const store = registryStore(connection, on.base);
  return await baseGround({ reference: on.base, store, platforms, withPython });
}

/** For the registry of the base, and for the one that is pushed to. */
export function registryOptions(args: Arguments): RegistryOptions {
  return {
    ca: args.text("ca"),
    env: process.env,
    plainHttp: args.flag("plain-http"),
    timeoutMs: args.duration("max-time"),
  };
}
