/** The licences of the runtime layers: what a copyright file points to is there, and what RUNTIME.txt and the bill say is so. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { rawEntries } from "../../src/delivery/archive/read-tar.ts";
import type { LockedLayer, RuntimeLock } from "../../src/pack/runtime/runtime-lock.ts";
import { commonLicences } from "../../tools/runtime/common-licences.ts";
import { readBill } from "../kit/bill-of-materials.ts";
import { contract } from "../kit/length-model.ts";
import { project } from "../kit/project.ts";
import { env, withoutRuntime } from "../kit/runtime.ts";

/** Content by path, with the target of a link instead of it. */
function contentsOf({ digest }: LockedLayer): ReadonlyMap<string, string> {
  const file = join(env.TALLY_RUNTIME, "cache", `${digest.replace(":", "-")}.tar.zst`);
  const entries = [...rawEntries(zstdDecompressSync(readFileSync(file)), file)];
  return new Map(
    entries.map(({ content, link, name, type }) => [
      `/${name.replace(/\/$/, "")}`,
      type === "2" ? `-> ${link}` : /licen[cs]e|copyright/i.test(name) ? Buffer.from(content).toString("utf8") : "",
    ]),
  );
}

test("names of common licences are read in every form that Debian writes", () => {
  const text =
    "see /usr/share/common-licenses/GPL-2. Or `/usr/share/common-licenses/LGPL', /usr/share/common-licenses/{MPL-1.1,LGPL-2.1}";
  expect(commonLicences(text)).toEqual(["GPL-2", "LGPL", "MPL-1.1", "LGPL-2.1"]);
});

describe.skipIf(withoutRuntime !== undefined)("in the runtime layers", () => {
  const lock: RuntimeLock = JSON.parse(readFileSync(join(env.TALLY_RUNTIME, "lock.json"), "utf8"));

  test.for(Object.entries(lock.platforms))("of %s every licence that is pointed to can be read", ([, platform]) => {
    for (const [layer, packages] of [
      [platform.layer, platform.debian],
      [platform.python.layer, platform.python.debian],
    ] as const) {
      const files = contentsOf(layer);
      for (const { copyright } of packages) {
        const text = files.get(`/usr/share/doc/${copyright}/copyright`) ?? expect.fail(`no copyright of ${copyright}`);
        for (const name of commonLicences(text)) {
          const found = files.get(`/usr/share/common-licenses/${name}`);
          const whole = found?.startsWith("-> ") ? files.get(`/usr/share/common-licenses/${found.slice(3)}`) : found;
          expect(whole?.length ?? 0, `${copyright}: ${name}`).toBeGreaterThan(1000);
        }
      }
    }
  });

  test("RUNTIME.txt names files that are there and sources that Debian has, the bill a licence of every part", async () => {
    const { root, tally } = project({
      "tally.toml": contract,
      "cases/process.jsonl": `{"name":"short","input":{"text":"abc"},"expect":{"length":3}}\n`,
    });
    const packed = await tally(["pack", "--python", "--out", "i.tar", "--sbom", "bill.json"], { env });
    expect(packed.exit, packed.stderr).toBe(0);
    spawnSync("tar", ["-xf", "i.tar"], { cwd: root });
    const [{ Layers: layers }]: [{ Layers: string[] }] = JSON.parse(readFileSync(join(root, "manifest.json"), "utf8"));
    const suite = spawnSync("tar", ["-xzOf", layers.at(-1) ?? "", "app/licenses/RUNTIME.txt"], {
      cwd: root,
      encoding: "utf8",
    });
    const parts = suite.stdout.matchAll(
      /^(linux\/\w+) {2}(\S+) \S+\n {4}licence {2}.+: (\/\S+)\n {4}source {3}(.+)$/gm,
    );
    const files = new Map(
      Object.entries(lock.platforms).map(([platform, { layer, python }]) => [
        platform,
        [...contentsOf(layer).keys(), ...contentsOf(python.layer).keys()],
      ]),
    );
    const seen = [...parts].map(([, platform = "", name = "", licence = "", source = ""]) => {
      const isThere = files.get(platform)?.some((path) => path === licence || path.startsWith(`${licence}/`));
      expect(isThere, `${platform} ${name}: ${licence}`).toBe(true);
      expect(source).not.toMatch(/\+b\d/);
      return `${platform} ${name}`;
    });
    expect(seen).toHaveLength(2 * (1 + 6 + 12 + 6));
    expect(suite.stdout).toContain("apt-get source bzip2=1.0.8-5,");
    expect(suite.stdout).toContain("linux/amd64  libstdc++6 ");
    const { components } = readBill(readFileSync(join(root, "bill.json"), "utf8"));
    expect(components.filter(({ licenses }) => licenses === undefined).map(({ name }) => name)).toEqual([]);
  });
});
