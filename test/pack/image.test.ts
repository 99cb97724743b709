/** An image as a file and in a registry: the same bytes wherever it is packed, and what other tools make of it. */
import { createHash } from "node:crypto";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { missingOf } from "../examples/toolchain.ts";
import { contract } from "../kit/length-model.ts";
import { project } from "../kit/project.ts";
import { startRegistry, withoutRegistry } from "../kit/registry.ts";
import { env, withoutRuntime } from "../kit/runtime.ts";

const files = {
  "tally.toml": contract,
  "cases/process.jsonl": `{"name":"short","input":{"text":"abc"},"expect":{"length":3}}\n`,
};
const missing = withoutRuntime ?? missingOf(["skopeo"]);

test.skipIf(missing !== undefined)(
  "the same sources give the same image: another folder, time zone, locale, umask",
  async () => {
    const before = process.umask(0o077);
    try {
      const [first, second] = [project(files), project(Object.fromEntries(Object.entries(files).toReversed()))];
      expect((await first.tally(["pack", "--out", "i.tar"], { env })).exit).toBe(0);
      process.umask(0o022);
      const other = { ...env, TZ: "Asia/Tokyo", LC_ALL: "tr_TR.UTF-8" };
      expect((await second.tally(["pack", "--out", "i.tar"], { env: other })).exit).toBe(0);
      const digest = ({ root }: { root: string }): string =>
        createHash("sha256")
          .update(readFileSync(join(root, "i.tar")))
          .digest("hex");
      expect(digest(second)).toBe(digest(first));
    } finally {
      process.umask(before);
    }
  },
);

test.skipIf(missing !== undefined)("skopeo reads it both ways, and it is small", async () => {
  const suite = project(files);
  const ran = await suite.tally(["pack", "--platform", "linux/amd64", "--out", "i.tar", "--json"], { env });
  expect(ran.exit, ran.stderr).toBe(0);
  const { bytes, name }: { bytes: number; name: string } = JSON.parse(ran.stdout);
  expect(name).toBe("lengths-ml-test:1.0.0");
  expect(bytes).toBeLessThan(45_000_000);
  const elsewhere = await suite.tally(["pack", "--platform", "linux/amd64", "--out", "image"], { env });
  expect(elsewhere.stdout).toContain("  load it    docker load -i image\n");
  for (const form of ["oci-archive", "docker-archive"]) {
    const said = spawnSync("skopeo", ["inspect", "--config", `${form}:${join(suite.root, "i.tar")}`], {
      encoding: "utf8",
    });
    const { architecture, config } = JSON.parse(said.stdout);
    expect({ architecture, user: config.User, entrypoint: config.Entrypoint.at(-1) }).toEqual({
      architecture: "amd64",
      user: "65532:65532",
      entrypoint: "/app/tally.mjs",
    });
  }
});

test.skipIf(missing !== undefined || withoutRegistry !== undefined)(
  "it is pushed as one index, and the suite comes back from there",
  async () => {
    await using registry = await startRegistry();
    const suite = project(files);
    const target = `${registry.host}/team/lengths:1.0.0`;
    const pushed = await suite.tally(["pack", "--push", target, "--plain-http"], { env });
    expect(pushed.exit, pushed.stderr).toBe(0);
    const listed = await suite.tally(["list", "--suite", `oci://${target}`, "--plain-http"], {
      env: { XDG_CACHE_HOME: join(suite.root, "cache") },
    });
    expect(listed.stdout, listed.stderr).toContain("1 case");
    const again = await suite.tally(["pack", "--push", target, "--plain-http", "--json"], { env });
    expect(JSON.parse(again.stdout).bytes).toBe(0);
  },
);
