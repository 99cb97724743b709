import { describe, expect, test } from "vitest";
import { readTar } from "../../src/delivery/archive/read-tar.ts";
import { decompress } from "../../src/delivery/archive/decompress.ts";
import { ImageFiles, layerEntries } from "../../src/delivery/image/image-files.ts";
import { findNode } from "../../src/pack/base/find-node.ts";
import { type RawTarEntry, tarOf } from "../kit/archive.ts";
import { zstdCompressSync } from "node:zlib";

function filesOf(...layers: (readonly RawTarEntry[])[]): ImageFiles {
  const files = new ImageFiles();
  for (const layer of layers) files.add(layerEntries(tarOf(layer), "base"));
  return files;
}

const program = (path: string): RawTarEntry => ({ path, content: "\x7fELF", mode: 0o755 });
const link = (path: string, to: string): RawTarEntry => ({ path, type: "2", link: to });

describe("the Node of a base", () => {
  test.for<[string, string | undefined, ImageFiles, string?, string?]>([
    [
      "what PATH finds first",
      "/opt/node/bin/node",
      filesOf([program("usr/bin/node"), program("opt/node/bin/node")]),
      "/opt/node/bin:/usr/bin",
    ],
    ["Debian's usual folders without a PATH", "/usr/bin/node", filesOf([program("./usr/bin/node")])],
    ["over a link of a folder", "/bin/node", filesOf([link("bin", "usr/bin"), program("usr/bin/node")]), "/bin"],
    [
      "over absolute links, one behind the other",
      "/usr/bin/node",
      filesOf([
        link("usr/bin/node", "/etc/alternatives/node"),
        link("etc/alternatives/node", "../../opt/n/node"),
        program("opt/n/node"),
      ]),
    ],
    [
      "a hard link",
      "/usr/bin/node",
      filesOf([program("opt/node"), { path: "usr/bin/node", type: "1", link: "opt/node" }]),
    ],
    [
      "what the base starts itself, as images without a PATH to it do",
      "/nodejs/bin/node",
      filesOf([program("nodejs/bin/node")]),
      "/usr/bin",
      "/nodejs/bin/node",
    ],
    [
      "one that a later layer removed",
      "/usr/bin/node",
      filesOf([program("usr/local/bin/node"), program("usr/bin/node")], [{ path: "usr/local/bin/.wh.node" }]),
    ],
    [
      "one in a folder that a later layer emptied",
      undefined,
      filesOf([program("usr/bin/node")], [{ path: "usr/.wh..wh..opq" }]),
    ],
    [
      "one that a later layer brings back",
      "/usr/bin/node",
      filesOf([program("usr/bin/node")], [{ path: ".wh.usr" }], [program("usr/bin/node")]),
    ],
    [
      "one in a layer that empties its folder of what was there before",
      "/usr/bin/node",
      filesOf([program("usr/bin/nodejs")], [program("usr/bin/node"), { path: "usr/bin/.wh..wh..opq" }]),
    ],
    ["a folder", undefined, filesOf([{ path: "usr/bin/node", type: "5", mode: 0o755 }])],
    ["a file that nobody may run", undefined, filesOf([{ path: "usr/bin/node", content: "" }])],
    ["a link in a circle", undefined, filesOf([link("usr/bin/node", "nodejs"), link("usr/bin/nodejs", "node")])],
    ["a link out of the image", undefined, filesOf([link("usr/bin/node", "../../../../no/node")])],
    ["a relative folder in PATH", undefined, filesOf([program("bin/nodes/node")]), "bin/nodes:."],
  ])("%s", ([, path, files, inPath, entrypoint]) => {
    expect(findNode(files, inPath, entrypoint).path).toBe(path);
  });
});

test("long names of links are read as GNU and PAX write them", () => {
  const far = `opt/${"n".repeat(120)}/node`;
  const gnu: RawTarEntry = { path: "././@LongLink", type: "K", content: `/${far}\0` };
  const record = ` linkpath=/${far}\n`;
  const pax: RawTarEntry = { path: "pax", type: "x", content: `${record.length + 3}${record}` };
  const name: RawTarEntry = { path: "././@LongLink", type: "L", content: `${far}\0` };
  for (const stated of [gnu, pax]) {
    const files = filesOf([stated, link("usr/bin/node", "cut"), name, program("cut")]);
    expect(files.find("/usr/bin/node")?.kind).toBe("file");
  }
});

test("a name in no UTF-8 is no reason to refuse a base, and one to refuse a suite", () => {
  const record: RawTarEntry = { path: "pax", type: "x", content: Buffer.from("19 path=suite/caf\xe9\n", "latin1") };
  const named = [record, program("cut"), program("usr/bin/node")];
  expect(findNode(filesOf(named), undefined, undefined).path).toBe("/usr/bin/node");
  expect(() => [...readTar(tarOf(named), "suite.tgz")]).toThrow(/has a character that names of files have not/);
});

test("what is in a folder, or instead of it, is found", () => {
  expect(filesOf([{ path: "app/", type: "5" }]).firstIn("/app")).toBeUndefined();
  expect(filesOf([{ path: "apps/x" }]).firstIn("/app")).toBeUndefined();
  expect(filesOf([{ path: "app/x" }]).firstIn("/app")).toBe("/app/x");
  expect(filesOf([link("app", "srv")]).firstIn("/app")).toBe("/app");
});

test("a layer in several frames of zstd is read to its end", () => {
  const [first, second] = ["the first frame, ", "the second"].map((text) => zstdCompressSync(Buffer.from(text)));
  const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4]);
  const frames = Buffer.concat([first ?? skippable, skippable, second ?? skippable, skippable]);
  expect(Buffer.from(decompress(frames, "zstd", "base")).toString()).toBe("the first frame, the second");
});
