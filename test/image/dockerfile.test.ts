/** The build context of a suite, built with tools of others from a base in a registry, and entered. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pushBase, runtimeBase } from "../kit/base-image.ts";
import { enter, type UnpackedImage, unpackImage, withoutContainers } from "../kit/container.ts";
import { type Registry, startRegistry, withoutRegistry } from "../kit/registry.ts";
import { withoutRuntime } from "../kit/runtime.ts";

const example = resolve("examples/sqli");
const architecture = process.arch === "arm64" ? "arm64" : "amd64";
const reason =
  withoutRuntime ??
  withoutRegistry ??
  withoutContainers ??
  (spawnSync("buildah", ["--version"]).error ? "no buildah on this machine" : undefined);
if (reason !== undefined) process.stderr.write(`skipped test/image/dockerfile: ${reason}\n`);

describe.skipIf(reason !== undefined)("a Dockerfile of a suite", () => {
  const place = mkdtempSync(join(tmpdir(), "tally-context-"));
  let registry: Registry;
  let image: UnpackedImage | undefined;
  let refused = "";

  beforeAll(async () => {
    registry = await startRegistry();
    const base = `${registry.host}/base/node:26`;
    await pushBase(base, [
      {
        architecture,
        layers: [runtimeBase(`linux/${architecture}`)],
        config: { Env: ["PATH=/usr/bin"], Cmd: ["node"] },
      },
    ]);
    const words = ["pack", "--format", "dockerfile", "--base", base, "--out", join(place, "context")];
    const packed = spawnSync(process.execPath, [resolve("bin/tally.js"), ...words], { cwd: example, encoding: "utf8" });
    if (packed.status !== 0) throw new Error(packed.stderr);
    // What came out of a checkout on another system: modes that nobody meant.
    spawnSync("chmod", ["-R", "u=rwX,go=", join(place, "context")]);
    const storage = ["--root", join(place, "root"), "--runroot", join(place, "run"), "--storage-driver", "vfs"];
    const buildah = (...more: string[]) => spawnSync("buildah", [...storage, ...more], { encoding: "utf8" });
    const flags = ["--isolation", "chroot", "--tls-verify=false", "--format", "oci", "--tag", "suite"];
    const built = buildah("build", ...flags, join(place, "context"));
    const saved = built.status === 0 ? buildah("push", "suite", `oci-archive:${join(place, "image.tar")}`) : built;
    // A Dockerfile that is wrong is no reason to skip.
    if (saved.status !== 0 && /\bSTEP \d/.test(saved.stdout)) throw new Error(saved.stderr);
    if (saved.status === 0) image = unpackImage(join(place, "image.tar"));
    else refused = `buildah builds nothing here: ${saved.stderr.slice(0, 300)}`;
  }, 180_000);
  afterAll(async () => {
    image?.[Symbol.dispose]();
    rmSync(place, { recursive: true, force: true });
    await registry?.stop();
  });

  const built = (skip: (condition: boolean, note: string) => void): UnpackedImage => {
    skip(image === undefined, refused);
    if (image === undefined) throw new Error(refused);
    return image;
  };
  const endpoint = { ENDPOINT: "http://localhost:8080" };

  test("says what our own images say", ({ skip }) => {
    const { root, settings } = built(skip);
    expect(settings).toMatchObject({
      User: "65532:65532",
      WorkingDir: "/out",
      Entrypoint: ["node", "--disable-warning=ExperimentalWarning", "/app/tally.mjs"],
    });
    expect(settings).not.toHaveProperty("Cmd");
    expect(settings.Env).toContain("container=oci");
    const modes = ["app/tally.mjs", "app/sbom.cdx.json", "app/suite", "app/suite/cases"].map((path) => {
      const { gid, mode, uid } = statSync(join(root, path));
      return [path, (mode & 0o777).toString(8), uid, gid];
    });
    expect(modes).toEqual([
      ["app/tally.mjs", "755", 0, 0],
      ["app/sbom.cdx.json", "644", 0, 0],
      ["app/suite", "755", 0, 0],
      ["app/suite/cases", "755", 0, 0],
    ]);
  });

  test("is green against what is right", async ({ skip }) => {
    const server = `${process.execPath} ${example}/production/server.mjs 8080`;
    const { exit, stderr, stdout } = await enter(built(skip), { server, env: endpoint, args: ["--quiet"] });
    expect(stderr).toBe("");
    expect(stdout).toMatch(/ 374 passed in /);
    expect(exit).toBe(0);
  });

  test("is red against what is wrong", async ({ skip }) => {
    const server = `${process.execPath} ${example}/production/server-first-attempt.mjs 8080`;
    const { exit, stdout } = await enter(built(skip), { server, env: endpoint, args: ["-k", `"(null)" has 1`] });
    expect(stdout).toContain("process.null_values");
    expect(stdout).toContain("1 failed");
    expect(exit).toBe(1);
  });
});
