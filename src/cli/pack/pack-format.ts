/** What is packed, and which flags say nothing of it: passed over, something else than was meant would be made. */
import { tallyError } from "../../kernel/errors.ts";
import type { Arguments } from "../arguments.ts";
import type { OptionName } from "../options.ts";

export type Format = "image" | "bundle" | "dockerfile";

export function formatOf(args: Arguments): Format {
  return args.choice("format", ["image", "bundle", "dockerfile"]) ?? "image";
}

/** By format, with why. */
const foreign: Readonly<Record<Format, readonly (readonly [OptionName, string])[]>> = {
  image: [],
  bundle: [
    ["base", "a bundle stands on nothing"],
    ["platform", "a bundle is the same everywhere"],
    ["compression", "npm takes gzip"],
    ["push", "registries of images take images"],
  ],
  dockerfile: [
    ["platform", "docker build --platform says it"],
    ["compression", "the build says it"],
    ["push", "docker push does it"],
  ],
};

/** Throws `pack-flags` for what was typed; what stands in the environment may be for other calls. */
export function refuseForeign(args: Arguments, format: Format): void {
  const [flag, reason] = foreign[format].find(([name]) => args.isTyped(name)) ?? [];
  if (flag !== undefined && reason !== undefined)
    throw tallyError("pack-flags", { flag: `--${flag}`, other: `--format ${format}`, reason });
  if (args.isTyped("push") && args.isTyped("out"))
    throw tallyError("pack-flags", {
      flag: "--out",
      other: "--push",
      reason: "what is pushed is written nowhere else",
    });
  if (format === "dockerfile" && args.isTyped("python") && args.text("base") === undefined) {
    const reason = "its usual base has no Python; name one that has Python and pytest with --base";
    throw tallyError("pack-flags", { flag: "--python", other: `--format ${format}`, reason });
  }
}
