/** What can be wrong with bundles, images and registries: nothing of them is written, and nothing is run. */
import { gzipSync } from "node:zlib";
import { bundleOf, deliveredSuite, imageOf, layoutTar, suiteEntries, tarOf } from "../../kit/archive.ts";
import { contract } from "../../kit/length-model.ts";
import { type Lie, startLyingRegistry } from "../../kit/lying-registry.ts";
import type { Provocation } from "./provocation.ts";

const suite = deliveredSuite({
  "tally.toml": contract,
  "cases/process.jsonl": `{"name":"short","input":{"text":"abc"},"expect":{"length":3}}\n`,
});
const entries = suiteEntries(suite);
const image = imageOf([tarOf(entries)]);

/** `tally list --suite suite.tgz`. */
function bundle(fact: string, code: Provocation["codes"][number], bytes: Uint8Array): Provocation {
  return { fact, codes: [code], exit: 7, files: { "suite.tgz": bytes }, args: ["list", "--suite", "suite.tgz"] };
}

/** `tally list` of an image in a registry that lies. */
function pulled(fact: string, code: Provocation["codes"][number], exit: Provocation["exit"], lie: Lie): Provocation {
  return {
    fact,
    codes: [code],
    exit,
    args: ["list", "--plain-http"],
    arrange: async ({ root }, stack) => {
      const { host } = stack.use(await startLyingRegistry(image, lie));
      return { args: [`--suite=oci://${host}/x:1`], env: { HOME: root, XDG_CACHE_HOME: `${root}/cache` } };
    },
  };
}

const isBlob = (url: string | undefined): boolean => url?.includes("/blobs/") === true;

export const imageProvocations: readonly Provocation[] = [
  bundle(
    "a bundle whose suite.json is of a later Tally",
    "suite-manifest",
    bundleOf(
      entries.map((entry) =>
        entry.path.endsWith("suite.json")
          ? { ...entry, content: String(entry.content).replace('"v":1', '"v":2') }
          : entry,
      ),
    ),
  ),
  bundle(
    "a bundle with a flipped byte",
    "suite-digest",
    bundleOf(
      entries.map((entry) =>
        entry.path.endsWith(".jsonl") ? { ...entry, content: String(entry.content).replace("abc", "abd") } : entry,
      ),
    ),
  ),
  bundle("a bundle that is torn", "archive-malformed", bundleOf(entries).subarray(0, 300)),
  bundle("a bundle with a path that leads out", "archive-entry", bundleOf([...entries, { path: "suite/../../x" }])),
  bundle(
    "a bundle that is a bomb",
    "archive-large",
    gzipSync(tarOf([{ path: "suite/x", content: Buffer.alloc(100 * 1024 * 1024) }])),
  ),
  {
    fact: "an image in a tar with a wrong digest",
    codes: ["image-digest"],
    exit: 7,
    files: {
      "image.tar": layoutTar({
        ...image,
        blobs: image.blobs.map((blob) => ({ ...blob, bytes: Buffer.alloc(blob.size) })),
      }),
    },
    args: ["list", "--suite", "image.tar"],
  },
  {
    fact: "an image without a registry",
    codes: ["image-reference"],
    exit: 2,
    args: ["list", "--suite", "oci://sqli-ml-test:1.4.0"],
  },
  pulled(
    "an image that the registry does not have",
    "image-absent",
    2,
    (_, response) =>
      !!response.writeHead(404).end(`{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}`),
  ),
  pulled(
    "a registry that refuses who is not logged in",
    "registry-refused",
    2,
    (_, response) => !!response.writeHead(401, { "www-authenticate": `Basic realm="x"` }).end(),
  ),
  pulled(
    "a registry that answers with an error",
    "registry-answer",
    2,
    (_, response) => !!response.writeHead(500).end(`{"errors":[{"code":"UNKNOWN","message":"the disk is full"}]}`),
  ),
  pulled(
    "a registry that answers with a page",
    "image-malformed",
    7,
    (_, response) => !!response.writeHead(200, { "content-type": "text/html" }).end("<html>"),
  ),
  pulled("a registry that stops in the middle", "registry-incomplete", 2, ({ url }, response) => {
    if (!isBlob(url)) return false;
    response.writeHead(200, { "content-length": "4096" });
    response.write("half", () => response.destroy());
    return true;
  }),
  {
    fact: "a registry that is down",
    codes: ["registry-unreachable"],
    exit: 2,
    args: ["list", "--suite", "oci://127.0.0.1:1/x:1", "--plain-http"],
  },
  {
    fact: "a registry without TLS that is asked with it",
    codes: ["registry-unreachable"],
    exit: 2,
    args: ["list"],
    arrange: async (_, stack) => {
      const { host } = stack.use(await startLyingRegistry(image));
      return { args: [`--suite=oci://${host}/x:1`] };
    },
  },
  {
    ...pulled(
      "credentials that are no JSON",
      "registry-credentials",
      2,
      (_, response) => !!response.writeHead(401, { "www-authenticate": `Basic realm="x"` }).end(),
    ),
    files: { ".docker/config.json": "{" },
  },
];
