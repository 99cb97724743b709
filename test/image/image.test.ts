/** The image as it is: unpacked with tools of others, entered as a runtime would, against real endpoints. */
import { spawnSync } from "node:child_process";
import { chownSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { enter, type Entering, type UnpackedImage, unpackImage, withoutContainers } from "../kit/container.ts";
import { packExample, removePacked } from "../kit/packed-image.ts";
import type { Ran } from "../kit/project.ts";

const example = resolve("examples/sqli");
const right = `${process.execPath} ${example}/production/server.mjs 8080`;
const wrong = `${process.execPath} ${example}/production/server-first-attempt.mjs 8080`;
const endpoint = { ENDPOINT: "http://localhost:8080" };
const one = ["-k", `"(null)" has 1`];

/** A folder for /out that belongs to a user of the container. */
function outFolder(owner: number): string {
  const folder = mkdtempSync(join(tmpdir(), "tally-out-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  chownSync(folder, owner, owner);
  return folder;
}

/** Every file below a folder of the image, with its mode. */
function filesBelow(root: string): { path: string; mode: number }[] {
  return readdirSync(root, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    return entry.isFile() ? [{ path: path.slice(root.length), mode: statSync(path).mode }] : [];
  });
}

const own = packExample(process.arch === "arm64" ? "linux/arm64" : "linux/amd64");
const arm = packExample("linux/arm64");
const reason = "reason" in own ? own.reason : withoutContainers;
afterAll(removePacked);
if (reason !== undefined) process.stderr.write(`skipped test/image: ${reason}\n`);

describe.skipIf(reason !== undefined)("an image", () => {
  const tar = "tar" in own ? own.tar : "";
  let image: UnpackedImage;
  const run = (entering: Entering = {}): Promise<Ran> => enter(image, { env: endpoint, ...entering });

  beforeAll(() => {
    image = unpackImage(tar);
  }, 120_000);
  afterAll(() => image?.[Symbol.dispose]());

  test("is green against what is right", async () => {
    const { exit, stderr, stdout } = await run({ server: right, args: ["--quiet"] });
    expect(stderr).toBe("");
    expect(stdout).toMatch(/ 374 passed in /);
    expect(exit).toBe(0);
  });

  test("is red against what is wrong", async () => {
    const { exit, stdout } = await run({ server: wrong, args: one });
    expect(stdout).toContain("process.null_values");
    expect(stdout).toContain("1 failed");
    expect(exit).toBe(1);
  });

  test("has nothing to run but Node, is nobody there, may do nothing and writes nowhere", async () => {
    const script = `
      const fs = require("fs");
      const attempt = (folder) => { try { fs.writeFileSync(folder + "/x", ""); return folder; } catch (error) { return error.code; } };
      const tried = ["/", "/app", "/app/suite", "/out", "/tmp", "/usr/bin"].map(attempt);
      const status = fs.readFileSync("/proc/self/status", "utf8");
      console.log(JSON.stringify({ tried, uid: process.getuid(), gid: process.getgid(), status }));`;
    const { stdout } = await run({ entrypoint: ["/usr/bin/node", "-e", script] });
    const { gid, status, tried, uid } = JSON.parse(stdout);
    expect({ gid, tried, uid }).toEqual({ gid: 65532, tried: tried.map(() => "EROFS"), uid: 65532 });
    const masks = [...status.matchAll(/^Cap(?:Inh|Prm|Eff|Amb):\t(\w+)$/gm)].map(([, mask]) => mask);
    expect(masks).toEqual(Array.from({ length: 4 }, () => "0".repeat(16)));
    const files = filesBelow(image.root);
    const programs = files.filter(({ mode, path }) => (mode & 0o111) !== 0 && !/^\/(usr\/)?lib/.test(path));
    expect(programs.map(({ path }) => path).filter((path) => path !== "/app/tally.mjs")).toEqual(["/usr/bin/node"]);
    // Set-user-id, set-group-id, writable by all.
    expect(files.filter(({ mode }) => (mode & 0o6002) !== 0)).toEqual([]);
    expect(image.settings.User).toMatch(/^65532(:65532)?$/);
  });

  test("leaves its reports in /out", async () => {
    const out = outFolder(65532);
    const { exit, stderr } = await run({ server: right, out, args: ["--quiet"] });
    expect(`${exit} ${stderr}`).toBe("0 ");
    expect(readdirSync(out)).toEqual(expect.arrayContaining(["events.ndjson", "index.html", "junit.xml"]));
    expect(statSync(join(out, "junit.xml")).uid).toBe(65532);
    expect(readFileSync(join(out, "junit.xml"), "utf8")).toMatch(/<testsuites [^>]*tests="374"/);
  });

  test("says at the start that /out cannot be written, and how to make it so", async () => {
    const out = outFolder(0);
    const { exit, stderr, stdout } = await run({ server: right, out });
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^error\[out-mounted\]: /);
    expect(stderr).toContain("--user");
    expect(exit).toBe(2);
    expect(readdirSync(out)).toEqual([]);
  });

  test.for([1234, 0])("works as user %d", async (id) => {
    const out = outFolder(id);
    const { exit, stderr } = await run({ server: right, out, user: `${id}:${id}`, args: ["--quiet"] });
    expect(`${exit} ${stderr}`).toBe("0 ");
    expect(statSync(join(out, "events.ndjson")).uid).toBe(id);
  });

  test("lists, describes and replays what is in it", async () => {
    expect(JSON.parse((await run({ args: ["list", "--json"] })).stdout).tests).toHaveLength(374);
    const openapi = JSON.parse((await run({ args: ["schema", "--format", "openapi"] })).stdout);
    expect(openapi.paths).toHaveProperty("/process");
    expect((await run({ args: ["types"] })).stdout).toContain("null_values: number");
    expect((await run({ args: ["--version"] })).stdout).toMatch(/^tally \d+\.\d+\.\d+\n$/);
    const out = outFolder(65532);
    expect((await run({ server: wrong, out, args: ["--quiet", ...one] })).exit).toBe(1);
    const id = /"failure":"([0-9a-f]{8})"/.exec(readFileSync(join(out, "events.ndjson"), "utf8"))?.[1] ?? "";
    const replayed = await run({ server: right, out, args: ["replay", id, "--from", "/out"] });
    expect(replayed.stdout).toMatch(/^FIXED /m);
    expect(replayed.exit).toBe(0);
  });

  test("explains what localhost is in a container", async () => {
    const { exit, stdout } = await run({ env: { ...endpoint, container: "oci" }, args: ["--quiet"] });
    const said = stdout.replaceAll(/\s+/g, " ");
    expect(said).toContain("error[endpoint-unreachable]: No answer from http://localhost:8080 (connection refused).");
    expect(said).toContain("--network host");
    expect(said).toContain("host.docker.internal");
    expect(exit).toBe(3);
  });

  test("is the same suite for an installed Tally", () => {
    const env = { ...process.env, XDG_CACHE_HOME: outFolder(0) };
    const words = [resolve("bin/tally.js"), "list", "--json", "--suite", tar];
    const { stderr, stdout } = spawnSync(process.execPath, words, { encoding: "utf8", env });
    expect(stderr).toBe("");
    expect(JSON.parse(stdout).tests).toHaveLength(374);
  });

  test("is entered by buildah too, where it may", ({ skip }) => {
    const storage = outFolder(0);
    const places = ["--root", `${storage}/root`, "--runroot", `${storage}/run`, "--storage-driver", "vfs"];
    const buildah = (...words: string[]) => spawnSync("buildah", [...places, ...words], { encoding: "utf8" });
    const made = buildah("from", `oci-archive:${tar}`);
    skip(made.status !== 0, `buildah takes no images here: ${made.stderr?.slice(0, 200)}`);
    const program = ["/usr/bin/node", "/app/tally.mjs", "--version"];
    const ran = buildah("run", "--isolation", "chroot", "--user", "65532", made.stdout.trim(), "--", ...program);
    skip(ran.status !== 0, `buildah runs no images here: ${ran.stderr?.slice(0, 200)}`);
    expect(ran.stdout).toMatch(/^tally \d/);
  });
});

const qemu = "/usr/bin/qemu-aarch64-static";

describe.skipIf(reason !== undefined || "reason" in arm)("an image for arm64", () => {
  let image: UnpackedImage;

  beforeAll(() => {
    image = unpackImage("tar" in arm ? arm.tar : "", "arm64");
  }, 120_000);
  afterAll(() => image?.[Symbol.dispose]());

  test("holds programs and libraries of that processor alone", () => {
    const machines = filesBelow(image.root).flatMap(({ path }) => {
      const head = readFileSync(join(image.root, path)).subarray(0, 20);
      return head.toString("latin1", 1, 4) === "ELF" ? [head.readUInt16LE(18)] : [];
    });
    expect(machines.length).toBeGreaterThan(5);
    // EM_AARCH64.
    expect(new Set(machines)).toEqual(new Set([183]));
  });

  test("runs under qemu, as far as one process goes", { timeout: 180_000 }, async ({ skip }) => {
    skip(!existsSync(qemu), "no qemu-aarch64-static on this machine");
    cpSync(qemu, join(image.root, "usr/bin/qemu"));
    const entrypoint = ["/usr/bin/qemu", "/usr/bin/node", "/app/tally.mjs"];
    const { exit, stderr, stdout } = await enter(image, { entrypoint, args: ["schema", "--format", "markdown"] });
    expect(`${exit} ${stderr}`).toBe("0 ");
    expect(stdout).toContain("process");
  });
});
