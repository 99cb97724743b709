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
    ["ca", "no registry of images is asked for anything"],
    ["plain-http", "no registry of images is asked for anything"],
  ],
  dockerfile: [
    ["platform", "docker build --platform says it"],
    ["compression", "the build says it"],
    ["push", "docker push does it"],
    ["ca", "the build asks the registry, not Tally"],
    ["plain-http", "the build asks the registry, not Tally"],
  ],
};

/** Throws `pack-flags` for what was typed; what stands in the environment may be for other calls. */
export function refuseForeign(args: Arguments, format: Format): void {
  const refuse = (flag: OptionName, other: string, reason: string): never => {
    throw tallyError("pack-flags", { flag: `--${flag}`, other, reason });
  };
  const [flag, reason] = foreign[format].find(([name]) => args.isTyped(name)) ?? [];
  if (flag !== undefined && reason !== undefined) refuse(flag, `--format ${format}`, reason);
  if (args.isTyped("push") && args.isTyped("out")) refuse("out", "--push", "what is pushed is written nowhere else");
  if (args.isTyped("python") && args.isTyped("without-pytest"))
    refuse("without-pytest", "--python", "with a Python, pytest files are run");
  if (format === "dockerfile" && args.isTyped("python") && args.text("base") === undefined)
    refuse(
      "python",
      `--format ${format}`,
      "its usual base has no Python; name one that has Python and pytest with --base",
    );
  if (format !== "image") return;
  const asks = args.text("base") !== undefined || args.text("push") !== undefined;
  const asking = (["ca", "plain-http"] as const).find((name) => args.isTyped(name));
  if (!asks && asking !== undefined)
    refuse(asking, `--format ${format}`, "no registry is asked for anything without --base or --push");
  if (args.text("base") !== undefined && args.isTyped("compression"))
    refuse("compression", "--base", "its layers stay as they are");
}
