import { defineErrors } from "./define.ts";

/** What can be wrong with an image of somebody else's that ours is to stand on. */
export const baseErrors = defineErrors({
  "base-platform": {
    exit: 2,
    say: (a: { base: string; wanted: string; found: readonly string[] }) =>
      `${a.base} is not there for ${a.wanted}; ${a.found.length === 0 ? "it names no platform at all" : `it is for ${a.found.join(", ")}`}.`,
    hint: (a) =>
      a.found.length === 0
        ? "Name an image, or an index of images: --base REGISTRY/NAME:TAG"
        : `Pack for what is there: ${a.found.map((platform) => `--platform ${platform}`).join(" ")}`,
  },
  "base-without-node": {
    exit: 2,
    say: (a: { base: string; platform: string; looked: readonly string[] }) =>
      `${a.base} has no Node for ${a.platform}; a program was looked for at ${a.looked.join(", ")}.`,
    hint: () =>
      "Choose a base with Node 24 or newer, or add its folder to the base's PATH. Without --base, Tally brings a Node.",
  },
  "base-node-old": {
    exit: 2,
    say: (a: { base: string; found: string }) => `${a.base} has Node ${a.found} (NODE_VERSION), and a suite needs 24.`,
    hint: () => "Choose a base with Node 24 or newer, or none: then Tally brings a Node.",
  },
  "base-large": {
    exit: 2,
    say: (a: { base: string; what: string; bytes: number; limit: number }) =>
      `${a.base} has ${a.what} of ${Math.ceil(a.bytes / 1024 ** 2)} MB, and ${a.limit / 1024 ** 2} MB are the most that a base may have there.`,
    hint: () => "Choose a smaller base, or build the image with a Docker of your own: tally pack --format dockerfile",
  },
  "base-occupied": {
    exit: 2,
    say: (a: { base: string; path: string }) =>
      a.path === "/out"
        ? `${a.base} has a file at /out, where an image of a suite writes its reports.`
        : `${a.base} has ${a.path} where Tally and the suite go: what would run would not be what was packed.`,
    hint: (a) =>
      `Choose a base without ${a.path === "/out" ? "it" : "/app"}: the one that your own images stand on, rather than one of them.`,
  },
});
