/** The build context of a suite, built with tools of others from a base in a registry, and entered. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { gzipped, pushBase, runtimeBase } from "../kit/base-image.ts";
import { enter, type UnpackedImage, unpackImage, withoutContainers } from "../kit/container.ts";
import { startDocker, withoutDocker } from "../kit/docker.ts";
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
        config: { Env: ["PATH=/usr/bin", "TALLY_SUITE=/other", "TALLY_CONFIG=/other/tally.toml"], Cmd: ["node"] },
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
    expect(settings.Env).toEqual(expect.arrayContaining(["container=oci", "TALLY_CONFIG=", "TALLY_SUITE="]));
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

const withoutBuild = withoutRuntime ?? withoutRegistry ?? withoutDocker();

test.skipIf(withoutBuild !== undefined)(
  "is built by Docker's BuildKit too, and starts there",
  { timeout: 240_000 },
  async ({ skip }) => {
    const docker = await startDocker();
    if ("reason" in docker) return skip(docker.reason);
    await using daemon = docker;
    await using registry = await startRegistry();
    const base = `${registry.host}/base/node:26`;
    const layers = [gzipped(runtimeBase(`linux/${architecture}`))];
    await pushBase(base, [
      { architecture, words: "docker", layers, config: { Env: ["PATH=/usr/bin"], Cmd: ["node"] } },
    ]);
    const context = mkdtempSync(join(tmpdir(), "tally-context-"));
    onTestFinished(() => rmSync(context, { recursive: true, force: true }));
    const words = ["pack", "--format", "dockerfile", "--base", base, "--out", context];
    const packed = spawnSync(process.execPath, [resolve("bin/tally.js"), ...words], { cwd: example, encoding: "utf8" });
    expect(packed.status, packed.stderr).toBe(0);
    const env = { ...process.env, DOCKER_HOST: daemon.host, DOCKER_BUILDKIT: "1" };
    // A client of Docker may come without what builds; that of Debian has it.
    const tried = ["docker", "/usr/bin/docker"].map((program) =>
      spawnSync(program, ["build", "--tag", "suite", context], { encoding: "utf8", env }),
    );
    const built = tried.find(({ stderr }) => !/buildx|BuildKit is enabled but/.test(stderr ?? ""));
    if (built === undefined) return skip("no client of Docker with BuildKit on this machine");
    expect(built.status, built.stderr).toBe(0);
    const inspected = daemon.run("inspect", "suite", "--format", "{{json .Config}}");
    expect(JSON.parse(inspected.stdout)).toMatchObject({ User: "65532:65532", WorkingDir: "/out" });
    expect(JSON.parse(inspected.stdout)).not.toHaveProperty("Cmd");
    const strict = ["--read-only", "--cap-drop", "ALL", "--network", "host"];
    const listed = daemon.run("run", "--rm", ...strict, "suite", "list", "--json");
    skip(
      /permission|not permitted|cgroup/.test(listed.stderr),
      `Docker runs nothing here: ${listed.stderr.slice(0, 300)}`,
    );
    expect(listed.status, listed.stderr).toBe(0);
    expect(JSON.parse(listed.stdout).tests).toHaveLength(374);
  },
);
