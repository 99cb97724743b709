/** What can be wrong with the image that ours is to stand on: nothing is packed, and nothing of this machine is taken instead. */
import { contract } from "../../kit/length-model.ts";
import { type BuiltImage, imageOf, manifestOf, type RawTarEntry, tarOf } from "../../kit/archive.ts";
import { type Lie, startLyingRegistry } from "../../kit/lying-registry.ts";
import type { Provocation } from "./provocation.ts";

const files = {
  "tally.toml": contract,
  "cases/process.jsonl": `{"name":"short","input":{"text":"abc"},"expect":{"length":3}}\n`,
};
const own = process.arch === "arm64" ? "linux/arm64" : "linux/amd64";
const node: RawTarEntry = { path: "usr/bin/node", content: "a program", mode: 0o755 };

function base(entries: readonly RawTarEntry[], config?: object): BuiltImage {
  return imageOf([tarOf(entries)], "gzip", config);
}

/** One whose manifest speaks of a layer of 600 MB. */
function large(): BuiltImage {
  const { blobs } = base([node]);
  const [config, layer] = blobs;
  if (config === undefined || layer === undefined) throw new Error("an image has both");
  return { blobs, manifest: manifestOf(config, [{ ...layer, size: 600 * 1024 ** 2 }]) };
}

interface Row {
  readonly codes: Provocation["codes"];
  readonly exit: Provocation["exit"];
  readonly image: BuiltImage;
  readonly platform?: string;
  readonly lie?: Lie;
}

/** `tally pack --base` of an image in a registry. */
function on(fact: string, { codes, exit, image, lie, platform = own }: Row): Provocation {
  return {
    fact,
    codes,
    exit,
    files,
    args: ["pack", "--plain-http", "--out", "image.tar", "--platform", platform],
    arrange: async ({ root }, stack) => {
      const { host } = stack.use(await startLyingRegistry(image, lie));
      return { args: ["--base", `${host}/x:1`], env: { HOME: root } };
    },
    normal: (text) => text.replaceAll(own, "<platform>"),
  };
}

export const baseProvocations: readonly Provocation[] = [
  on("a base without a Node", { codes: ["base-without-node"], exit: 2, image: base([{ path: "usr/bin/bash" }]) }),
  on("a base with an old Node", {
    codes: ["base-node-old"],
    exit: 2,
    image: base([node], { Env: ["NODE_VERSION=20.19.5"] }),
  }),
  on("a base for another platform", {
    codes: ["base-platform"],
    exit: 2,
    image: base([node]),
    platform: "linux/riscv64",
  }),
  on("a base that has an application in /app", {
    codes: ["base-occupied"],
    exit: 2,
    image: base([node, { path: "app/server.js" }]),
  }),
  on("a base that has a file where reports go", {
    codes: ["base-occupied"],
    exit: 2,
    image: base([node, { path: "out", content: "" }]),
  }),
  on("a base with a layer that is too large", { codes: ["base-large"], exit: 2, image: large() }),
  on("a base that the registry does not have", {
    codes: ["image-absent"],
    exit: 2,
    image: base([node]),
    lie: (_, response) =>
      !!response.writeHead(404).end(`{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}`),
  }),
  on("a base with a layer that is another one", {
    codes: ["image-digest"],
    exit: 7,
    image: base([node]),
    lie: ({ url }, response) => {
      const layer = base([node]).blobs[1];
      if (layer === undefined || url?.endsWith(layer.digest) !== true) return false;
      return !!response.writeHead(200).end(Buffer.alloc(layer.size));
    },
  }),
  {
    fact: "a base in a registry that is down",
    codes: ["registry-unreachable"],
    exit: 2,
    files,
    args: ["pack", "--plain-http", "--base", "127.0.0.1:1/base/node:24"],
  },
  {
    fact: "a base by the name that a daemon would know",
    codes: ["image-reference"],
    exit: 2,
    files,
    args: ["pack", "--base", "node:24-slim"],
  },
  {
    fact: "a bundle on a base",
    codes: ["pack-flags"],
    exit: 2,
    files,
    args: ["pack", "--format", "bundle", "--base", "registry.example.org/base/node:24"],
  },
  {
    fact: "a base whose layers shall be compressed otherwise",
    codes: ["pack-flags"],
    exit: 2,
    files,
    args: ["pack", "--compression", "gzip", "--base", "registry.example.org/base/node:24"],
  },
];
