/** The bill of materials as a file of its own: the bytes that are in the image, and what a bundle is made of. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeSbom } from "../../src/pack/sbom.ts";
import { type Bill, readBill } from "../kit/bill-of-materials.ts";
import { contract } from "../kit/length-model.ts";
import { project } from "../kit/project.ts";
import { env, withoutRuntime } from "../kit/runtime.ts";

const files = {
  "tally.toml": contract,
  "cases/process.jsonl": `{"name":"short","input":{"text":"abc"},"expect":{"length":3}}\n`,
};

const billIn = (file: string): Bill => readBill(readFileSync(file, "utf8"));

test.skipIf(withoutRuntime !== undefined)("the bill of an image is the one inside", async () => {
  const { root, tally } = project(files);
  const packed = await tally(["pack", "--platform", "linux/amd64", "--out", "i.tar", "--sbom", "bill.json"], { env });
  expect(packed.exit, packed.stderr).toBe(0);
  expect(packed.stdout).toContain("  bill       bill.json\n");
  spawnSync("tar", ["-xf", "i.tar"], { cwd: root });
  const [{ Layers: layers }]: [{ Layers: string[] }] = JSON.parse(readFileSync(join(root, "manifest.json"), "utf8"));
  const inside = spawnSync("tar", ["-xzOf", layers.at(-1) ?? "", "app/sbom.cdx.json"], { cwd: root });
  expect(inside.stdout.equals(readFileSync(join(root, "bill.json")))).toBe(true);
  const { components, metadata } = billIn(join(root, "bill.json"));
  expect(metadata.component.type).toBe("container");
  expect(components.map(({ name }) => name)).toEqual(expect.arrayContaining(["tallyml", "node", "libc6"]));
});

test("the bill of a bundle has Tally and what is bundled into it, and no runtime", async () => {
  const [first, second] = [project(files), project(files)];
  for (const { tally } of [first, second]) {
    const { exit, stderr, stdout } = await tally("pack --format bundle --sbom bill.json --json".split(" "));
    expect(exit, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ format: "bundle", sbom: "bill.json" });
  }
  const bill = billIn(join(first.root, "bill.json"));
  const { digest }: { digest: string } = JSON.parse((await first.tally(["pack", "--print", "--json"])).stdout);
  expect(bill).toMatchObject({
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    metadata: { component: { type: "application", name: "lengths-ml-test" } },
  });
  expect(bill.metadata.component.hashes).toEqual([{ alg: "SHA-256", content: digest.replace("sha256:", "") }]);
  const names = bill.components.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(["tallyml", "@vitest/expect"]));
  expect(names).not.toContain("node");
  expect(readFileSync(join(second.root, "bill.json"))).toEqual(readFileSync(join(first.root, "bill.json")));
});

test("a bill over another file, and one where nothing can be written, leave neither bill nor bundle", async () => {
  const { root, tally, write } = project({ ...files, "bill.json": "mine" });
  const before = readdirSync(root);
  const pack = (...more: string[]) => tally(["pack", "--format", "bundle", "--out", "s.tgz", ...more]);
  expect((await pack("--sbom", "bill.json")).stderr).toMatch(/^error\[pack-exists\]: bill\.json /);
  expect((await pack("--sbom", "no/such/bill.json")).stderr).toMatch(/^error\[out-not-writable\]: /);
  expect((await pack("--sbom", "s.tgz")).stderr).toMatch(/^error\[flag-value\]: --sbom takes a file outside/);
  expect(readdirSync(root)).toEqual(before);
  write({ "s.tgz": "another" });
  expect((await pack("--sbom", "new.json")).stderr).toMatch(/^error\[pack-exists\]: s\.tgz exists/);
  expect(readdirSync(root)).toEqual([...before, "s.tgz"].toSorted());
  expect((await pack("--sbom", "bill.json", "--force")).exit).toBe(0);
  expect(billIn(join(root, "bill.json")).bomFormat).toBe("CycloneDX");
});

test("by force too the old bill stays where the artefact fails, and nothing is beside it", async () => {
  const { root, tally } = project({ ...files, "bill.json": "old", "folder/keep": "" });
  const before = readdirSync(root);
  const pack = (...more: string[]) => tally(["pack", "--force", "--sbom", "bill.json", ...more]);
  const bundle = ["--format", "bundle", "--out"];
  expect((await pack(...bundle, "no/such/s.tgz")).stderr).toMatch(/^error\[out-not-writable\]: /);
  expect((await pack(...bundle, "folder")).stderr).toMatch(/^error\[out-not-writable\]: .*it is a folder/);
  expect((await pack("--format", "dockerfile", "--out", "folder")).stderr).toMatch(/^error\[pack-foreign\]: /);
  expect(readFileSync(join(root, "bill.json"), "utf8")).toBe("old");
  expect((await tally(["pack", ...bundle, "s.tgz", "--force", "--sbom", "folder"])).stderr).toMatch(
    /^error\[out-not-writable\]: .*folder \(it is a folder\)/,
  );
  expect(readdirSync(root)).toEqual(before);
});

test.skipIf(withoutRuntime !== undefined)("nor is it lost where a registry does not answer", async () => {
  const { root, tally } = project({ ...files, "bill.json": "old" });
  const words = "pack --platform linux/amd64 --push 127.0.0.1:1/x:1 --plain-http --force --sbom bill.json";
  expect((await tally(words.split(" "), { env })).stderr).toMatch(/^error\[registry-unreachable\]: /);
  expect(readFileSync(join(root, "bill.json"), "utf8")).toBe("old");
});

test("a bill and an artefact that are one file by a link are refused", async () => {
  const { root, tally } = project({ ...files, "s.tgz": "old", "a/x": "" });
  symlinkSync("s.tgz", join(root, "bill.json"));
  symlinkSync("a", join(root, "b"));
  const pack = (...more: string[]) => tally(["pack", "--force", "--format", "bundle", ...more]);
  const refused =
    /^error\[flag-value\]: --sbom takes a file outside .*\n {2}hint: For example: --sbom sbom\.cdx\.json\n/;
  expect((await pack("--out", "s.tgz", "--sbom", "bill.json")).stderr).toMatch(refused);
  expect((await pack("--out", "bill.json", "--sbom", "s.tgz")).stderr).toMatch(refused);
  expect((await pack("--out", "a/new.tgz", "--sbom", "b/new.tgz")).stderr).toMatch(refused);
  expect(readFileSync(join(root, "s.tgz"), "utf8")).toBe("old");
});

test("a package that says no licence of SPDX's has a valid bill too", () => {
  const stated = ["MIT", "UNLICENSED", "BSD", "MIT OR Apache-2.0", "SEE LICENSE IN LICENSE.md", ""];
  const packages = stated.map((license, i) => ({ name: `package-${i}`, version: "1.0.0", license }));
  const manifest = {
    v: 1,
    name: "lengths",
    version: "1.0.0",
    digest: `sha256:${"ab".repeat(32)}`,
    tally: { version: "0.1.0" },
    files: [],
    packages,
    leftBehind: [],
  } as const;
  const { components } = readBill(Buffer.from(makeSbom({ manifest }, undefined, 0)).toString());
  expect(components.filter(({ name }) => name.startsWith("package-")).map(({ licenses }) => licenses?.[0])).toEqual([
    { license: { id: "MIT" } },
    { license: { name: "UNLICENSED" } },
    { license: { name: "BSD" } },
    { expression: "MIT OR Apache-2.0" },
    { license: { name: "SEE LICENSE IN LICENSE.md" } },
    undefined,
  ]);
});
