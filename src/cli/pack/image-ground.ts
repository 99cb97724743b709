/** What an image stands on, as the command line says it: our own runtime layers, or `--base` from its registry. */
import type { Ground } from "../../pack/image/ground.ts";
import { runtimeGround } from "../../pack/runtime/runtime-ground.ts";
import { runtimeLayers } from "../../pack/runtime/runtime-layer.ts";
import type { RegistryOptions } from "../../delivery/registry/registry-connection.ts";
import { tallyError } from "../../kernel/errors.ts";
import type { Arguments } from "../arguments.ts";

const usualPlatforms = ["linux/amd64", "linux/arm64"];

/** `time` in seconds since 1970. */
export async function imageGround(args: Arguments, time: number): Promise<Ground> {
  const asked = [...new Set(args.list("platform"))];
  const platforms = asked.length > 0 ? asked : usualPlatforms;
  const base = args.text("base");
  const withPython = args.isTyped("python");
  const compression = args.choice("compression", ["zstd", "gzip"]) ?? "zstd";
  if (base === undefined) return runtimeGround(runtimeLayers(platforms, { compression, withPython }), time);
  if (args.isTyped("compression"))
    throw tallyError("pack-flags", { flag: "--compression", other: "--base", reason: "its layers stay as they are" });
  const [{ readImageReference }, { registryStore }, { RegistryConnection }, { baseGround }] = await Promise.all([
    import("../../delivery/registry/image-reference.ts"),
    import("../../delivery/registry/pull-image.ts"),
    import("../../delivery/registry/registry-connection.ts"),
    import("../../pack/base/base-ground.ts"),
  ]);
  const reference = readImageReference(base);
  await using connection = new RegistryConnection(reference, "pull", registryOptions(args));
  return await baseGround({ reference, store: registryStore(connection, reference), platforms, withPython });
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
