/** Hostile archives and images (rows E7 to E9): nothing of them is written or run. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import {
  blobOf,
  type BuiltImage,
  bundleOf,
  deliveredSuite,
  hexOf,
  imageOf,
  indexOf,
  layoutTar,
  manifestOf,
  type RawTarEntry,
  suiteEntries,
  tarOf,
} from "../kit/archive.ts";
import { contract } from "../kit/length-model.ts";
import { type Lie, startLyingRegistry } from "../kit/lying-registry.ts";
import { project } from "../kit/project.ts";

const suite = deliveredSuite({
  "tally.toml": contract,
  "cases/process.jsonl": `{"name":"short","input":{"text":"abc"},"expect":{"length":3}}\n`,
});
const good = suiteEntries(suite);
const image = imageOf([tarOf([{ path: "usr/bin/node", content: "a runtime" }]), tarOf(good)]);

/** What `tally list --suite=ADDRESS` says: exit code and first line of stderr; nothing may be left behind of what is refused. */
async function said(
  address: string,
  files: Readonly<Record<string, Uint8Array>> = {},
  ...flags: string[]
): Promise<string> {
  const here = project(files);
  const env = { XDG_CACHE_HOME: join(here.root, "cache"), TMPDIR: here.root, TALLY_MAX_TIME: "5s" };
  const { exit, stderr } = await here.tally(["list", `--suite=${address}`, ...flags], { env });
  const cache = join(here.root, "cache/tally/suites");
  if (exit !== 0 && existsSync(cache)) expect(readdirSync(cache)).toEqual([]);
  return `${exit} ${(stderr.split("\n")[0] ?? "").replaceAll(/127\.0\.0\.1:\d+/g, "<host>")}`;
}

const pax = (key: string, value: string): string => {
  for (let length = key.length + value.length + 3; ; length += 1) {
    const record = `${length} ${key}=${value}\n`;
    if (record.length === length) return record;
  }
};

test.for<[string, RawTarEntry[], string]>([
  ["an absolute path", [{ path: "/etc/cron.d/x" }], `has an entry that is refused: "/etc/cron.d/x" (it is absolute).`],
  [
    "a path that leads out",
    [{ path: "suite/../../x" }],
    `has an entry that is refused: "suite/../../x" (it leads out of the suite).`,
  ],
  [
    "a path that leads out beside the suite",
    [{ path: "../x" }],
    `has an entry that is refused: "../x" (it leads out of the suite).`,
  ],
  ["a Windows path", [{ path: "C:\\x" }], `has an entry that is refused: "C:\\\\x" (it is absolute).`],
  [
    "a symlink",
    [{ path: "suite/x", type: "2", link: "/etc/passwd" }],
    `has an entry that is refused: "suite/x" (it is neither a file nor a folder).`,
  ],
  [
    "a chain over a symlink",
    [{ path: "suite/x", type: "2", link: "/tmp" }, { path: "suite/x/y" }],
    `has an entry that is refused: "suite/x" (it is neither a file nor a folder).`,
  ],
  [
    "a hard link",
    [{ path: "suite/x", type: "1", link: "suite/tally.toml" }],
    `has an entry that is refused: "suite/x" (it is neither a file nor a folder).`,
  ],
  [
    "a device",
    [{ path: "suite/x", type: "3" }],
    `has an entry that is refused: "suite/x" (it is neither a file nor a folder).`,
  ],
  [
    "a file that is there twice",
    [{ path: "suite/tally.toml", content: "" }],
    `has an entry that is refused: "suite/tally.toml" (it is there twice).`,
  ],
  [
    "a sparse file of PAX",
    [{ path: "p", type: "x", content: pax("GNU.sparse.major", "1") }],
    "is no archive that can be read: it changes the meaning of an entry (GNU.sparse.major).",
  ],
  [
    "a size overridden by PAX",
    [
      { path: "p", type: "x", content: pax("size", "9") },
      { path: "suite/x", content: "ab" },
    ],
    "is no archive that can be read: it changes the meaning of an entry (size).",
  ],
  [
    "a size for all entries",
    [
      { path: "p", type: "g", content: pax("size", "2") },
      { path: "suite/x", content: "ab" },
    ],
    "is no archive that can be read: one name or size is given for all entries.",
  ],
  [
    "a name for all entries",
    [{ path: "p", type: "g", content: pax("path", "x") }],
    "is no archive that can be read: one name or size is given for all entries.",
  ],
  [
    "a name overridden by PAX that leads out",
    [{ path: "p", type: "x", content: pax("path", "suite/../../x") }, { path: "suite/x" }],
    `has an entry that is refused: "suite/../../x" (it leads out of the suite).`,
  ],
  [
    "a GNU name that leads out",
    [{ path: "p", type: "L", content: "../../x\0" }, { path: "suite/x" }],
    `has an entry that is refused: "../../x" (it leads out of the suite).`,
  ],
  [
    "a size beyond the end",
    [{ path: "suite/x", size: 4096 }],
    "is no archive that can be read: it ends in the middle of a file.",
  ],
  [
    "a repository's own folder",
    [{ path: "suite/.git/config" }],
    `has an entry that is refused: "suite/.git/config" (it would be a repository's own folder).`,
  ],
])("E7 an archive with %s is refused", async ([, entries, words]) => {
  expect(await said("evil.tgz", { "evil.tgz": bundleOf([...good, ...entries]) })).toMatch(
    /^7 error\[archive-(entry|malformed)\]: evil\.tgz /,
  );
  expect(await said("evil.tgz", { "evil.tgz": bundleOf([...good, ...entries]) })).toContain(words);
});

test("E7 setuid bits, owners and times of an archive mean nothing", async () => {
  expect(await said("a.tgz", { "a.tgz": bundleOf(good.map((entry) => ({ ...entry, mode: 0o6777 }))) })).toBe("0 ");
});

test("E7 a broken checksum and a torn archive are said", async () => {
  const tar = tarOf(good);
  const flipped = Buffer.from(tar);
  flipped[0] = 0x58;
  expect(await said("a.tar", { "a.tar": flipped })).toBe(
    "7 error[archive-malformed]: a.tar is no archive that can be read: a checksum is wrong.",
  );
  expect(await said("a.tar", { "a.tar": tar.subarray(0, 700) })).toMatch(/^7 error\[archive-malformed\]: a\.tar /);
  expect(await said("a.tgz", { "a.tgz": gzipSync(tar).subarray(0, 200) })).toBe(
    "7 error[archive-malformed]: a.tgz is no archive that can be read: it is not what gzip writes.",
  );
});

test("E7 a file that was added, changed or lost since it was packed is said", async () => {
  const without = good.filter(({ path }) => path !== "suite/cases/process.jsonl");
  const flipped = good.map((entry) =>
    entry.path.endsWith(".jsonl") ? { ...entry, content: String(entry.content).replace("3", "4") } : entry,
  );
  expect(await said("a.tgz", { "a.tgz": bundleOf(flipped) })).toBe(
    "7 error[suite-digest]: a.tgz is not the suite that was packed: cases/process.jsonl (it is not what was packed).",
  );
  expect(await said("a.tgz", { "a.tgz": bundleOf(without) })).toBe(
    "7 error[suite-digest]: a.tgz is not the suite that was packed: cases/process.jsonl (it is missing).",
  );
  expect(await said("a.tgz", { "a.tgz": bundleOf([...good, { path: "suite/cases/more.jsonl" }]) })).toBe(
    "7 error[suite-digest]: a.tgz is not the suite that was packed: cases/more.jsonl (it is not listed).",
  );
});

test.for<[string, (zeros: Buffer) => Buffer]>([
  ["gzip", (zeros) => gzipSync(zeros)],
  ["zstd", (zeros) => zstdCompressSync(zeros)],
])("E8 a bomb of %s ends at a limit", async ([, pack]) => {
  const bomb = pack(tarOf([...good, { path: "suite/x", content: Buffer.alloc(80 * 1024 * 1024) }]));
  expect(bomb.length).toBeLessThan(1024 * 1024);
  expect(await said("bomb.tgz", { "bomb.tgz": bomb })).toMatch(
    /^7 error\[archive-large\]: bomb\.tgz unpacks to more than 64 MB\.$/,
  );
});

test("E8 an archive of hundreds of thousands of entries ends at a limit", async () => {
  const one = tarOf([{ path: "suite/x", type: "5" }]).subarray(0, 512);
  const many = gzipSync(Buffer.concat(Array.from({ length: 210_000 }, () => one)), { level: 0 });
  expect(await said("many.tgz", { "many.tgz": many })).toBe(
    "7 error[archive-large]: many.tgz unpacks to more than 200000 entries.",
  );
});

const wrongLayer = { ...blobOf("application/vnd.oci.image.layer.v1.tar+gzip", gzipSync(tarOf(good))), size: 12 };
const config = blobOf("application/vnd.oci.image.config.v1+json", Buffer.from("{}"));

/** An image whose manifest says something else of its only layer. */
function imageSaying(said: Partial<{ digest: string; size: number; mediaType: string }>): BuiltImage {
  const layer = { ...blobOf("application/vnd.oci.image.layer.v1.tar+gzip", gzipSync(tarOf(good))), ...said };
  return { blobs: [config, layer], manifest: manifestOf(config, [layer]) };
}

test.for<[string, BuiltImage, RegExp]>([
  [
    "a layer of another digest",
    imageSaying({ digest: `sha256:${hexOf(Buffer.from("x"))}` }),
    /^7 error\[image-digest\]/,
  ],
  [
    "a layer of another size",
    { blobs: [config, wrongLayer], manifest: manifestOf(config, [wrongLayer]) },
    /^7 error\[image-digest\]/,
  ],
  [
    "a layer of an unknown media type",
    imageSaying({ mediaType: "application/vnd.acme.layer" }),
    /^7 error\[image-malformed\].*vnd\.acme\.layer/,
  ],
  [
    "a foreign layer",
    imageSaying({ mediaType: "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip" }),
    /^7 error\[image-malformed\].*foreign/,
  ],
  [
    "a manifest that is an index of nothing",
    { blobs: [], manifest: indexOf([]) },
    /^7 error\[image-malformed\].*its index names no image/,
  ],
  [
    "a manifest of an unknown kind",
    { blobs: [], manifest: blobOf("application/json", Buffer.from(`{"mediaType":"application/vnd.acme"}`)) },
    /^7 error\[image-malformed\]/,
  ],
  [
    "a manifest that is no JSON",
    { blobs: [], manifest: blobOf("application/vnd.oci.image.manifest.v1+json", Buffer.from("<html>")) },
    /^7 error\[image-malformed\]/,
  ],
])("E9 an image in a tar with %s is refused", async ([, built, words]) => {
  expect(await said("image.tar", { "image.tar": layoutTar(built) })).toMatch(words);
});

const self = indexOf([
  { mediaType: "application/vnd.oci.image.index.v1+json", digest: `sha256:${"0".repeat(64)}`, size: 300 },
]);

test.for<[string, BuiltImage, Lie, RegExp]>([
  [
    "another manifest than that of its digest",
    image,
    (_, response) => void response.setHeader("docker-content-digest", `sha256:${"0".repeat(64)}`),
    /^7 error\[image-digest\]/,
  ],
  [
    "another blob than the one asked for",
    image,
    ({ url }, response) =>
      url?.includes("/blobs/") === true && !!response.writeHead(200).end(Buffer.alloc(image.blobs[2]?.size ?? 0)),
    /^7 error\[image-digest\]/,
  ],
  [
    "less of a blob than it said",
    image,
    ({ url }, response) => url?.includes("/blobs/") === true && !!response.writeHead(200).end("short"),
    /^7 error\[image-digest\]/,
  ],
  [
    "more of a blob than it said",
    image,
    ({ url }, response) => url?.includes("/blobs/") === true && !!response.writeHead(200).end(Buffer.alloc(100_000)),
    /^2 error\[registry-answer\].*larger/,
  ],
  [
    "an index that names itself",
    { blobs: [], manifest: self },
    ({ url }, response) =>
      url?.includes("sha256:000") === true &&
      !!response.writeHead(200, { "content-type": self.mediaType }).end(self.bytes),
    /^7 error\[image-digest\]/,
  ],
  [
    "HTML in place of a manifest",
    image,
    (_, response) => !!response.writeHead(200, { "content-type": "text/html" }).end("<html>Sign in</html>"),
    /^7 error\[image-malformed\]/,
  ],
  [
    "a status of its own",
    image,
    (_, response) => !!response.writeHead(503).end("busy"),
    /^2 error\[registry-answer\].*503/,
  ],
  [
    "a redirect without an end",
    image,
    ({ url }, response) => url?.includes("/blobs/") === true && !!response.writeHead(307, { location: url }).end(),
    /^2 error\[registry-answer\].*redirects/,
  ],
  [
    "a redirect to a blob somewhere else",
    image,
    ({ url }, response) => {
      if (url?.startsWith("/v2/") !== true || !url.includes("/blobs/")) return false;
      response.writeHead(307, { location: `/elsewhere/${url.split("/").at(-1)}` }).end();
      return true;
    },
    /^0 $/,
  ],
  [
    "half a blob",
    image,
    ({ url }, response) => {
      if (url?.includes("/blobs/") !== true) return false;
      response.writeHead(200, { "content-length": "4096" });
      response.write("half", () => response.destroy());
      return true;
    },
    /^2 error\[registry-incomplete\]/,
  ],
  [
    "nothing for ever",
    image,
    ({ url }) => url?.includes("/blobs/") === true,
    /^2 error\[registry-incomplete\].*not done after 5 s/,
  ],
])("E9 a registry that gives %s is found out", async ([, built, lie, words]) => {
  await using registry = await startLyingRegistry(built, lie);
  expect(await said(`oci://${registry.host}/x:1`, {}, "--plain-http")).toMatch(words);
});

test("E9 urls of a layer are not followed", async () => {
  const asked: string[] = [];
  await using elsewhere = await startLyingRegistry(image, ({ url }) => void asked.push(url ?? ""));
  const [, , layer = config] = image.blobs;
  const json = JSON.parse(manifestOf(config, [layer]).bytes.toString());
  json.layers[0].urls = [`http://${elsewhere.host}/x`];
  const manifest = blobOf("application/vnd.oci.image.manifest.v1+json", Buffer.from(JSON.stringify(json)));
  await using registry = await startLyingRegistry({ blobs: [config], manifest });
  expect(await said(`oci://${registry.host}/x:1`, {}, "--plain-http")).toMatch(/^2 error\[image-absent\]/);
  expect(asked).toEqual([]);
});

test("E9 a later layer that changes the suite is refused", async () => {
  const whiteout = tarOf([{ path: "suite/cases/.wh.process.jsonl" }]);
  const removed = tarOf([{ path: ".wh.suite" }]);
  const harmless = tarOf([{ path: "etc/motd", content: "hello" }]);
  for (const layer of [whiteout, removed])
    expect(await said("image.tar", { "image.tar": layoutTar(imageOf([tarOf(good), layer])) })).toMatch(
      /^7 error\[archive-entry\].*a later layer changes the suite/,
    );
  expect(await said("image.tar", { "image.tar": layoutTar(imageOf([tarOf(good), harmless])) })).toBe("0 ");
});

test.for(["gzip", "zstd", "none"] as const)(
  "an image of layers with %s is read, from the layout and from Docker's own format",
  async (packing) => {
    const built = imageOf([tarOf([{ path: "x", content: "" }]), tarOf(suiteEntries(suite, "app/suite"))], packing);
    const [settings, ...layers] = built.blobs;
    const docker = tarOf([
      { path: `${settings?.digest.slice(7)}.json`, content: settings?.bytes ?? "" },
      ...layers.map(({ bytes }, i) => ({ path: `${i}/layer.tar`, content: bytes })),
      {
        path: "manifest.json",
        content: JSON.stringify([
          { Config: `${settings?.digest.slice(7)}.json`, Layers: ["0/layer.tar", "1/layer.tar"] },
        ]),
      },
    ]);
    expect(await said("a.tar", { "a.tar": layoutTar(built) })).toBe("0 ");
    expect(await said("a.tar", { "a.tar": docker })).toBe("0 ");
    expect(await said("a.tar.gz", { "a.tar.gz": gzipSync(docker) })).toBe("0 ");
  },
);
