/** The same sources give the same bytes on another processor, with another Node, and as another user. */
import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { unpackImage, withoutContainers } from "../kit/container.ts";
import { packImage, removePacked } from "../kit/packed-image.ts";

const place = mkdtempSync(join(tmpdir(), "tally-same-"));
const project = join(place, "sqli");
cpSync(resolve("examples/sqli"), project, { recursive: true, filter: (path) => !/node_modules|\.tally$/.test(path) });
afterAll(() => {
  removePacked();
  rmSync(place, { recursive: true, force: true });
});

const packed = packImage(project, "linux/arm64");
const reason = "reason" in packed ? packed.reason : withoutContainers;
const qemu = "/usr/bin/qemu-aarch64-static";

/** Packs the project once more, by these words and `pack …`; gives what the file's digest is. */
function packBy(words: readonly string[], options: { env?: NodeJS.ProcessEnv; out: string }): SpawnSyncReturns<string> {
  const [program = "", ...rest] = words;
  const out = join(options.out, "image.tar");
  const pack = ["pack", "--platform", "linux/arm64", "--out", out, "--force"];
  return spawnSync(program, [...rest, ...pack], {
    cwd: project,
    encoding: "utf8",
    env: { PATH: process.env["PATH"], ...options.env },
  });
}

function digest(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

describe.skipIf(reason !== undefined)("the same bytes", () => {
  const first = "tar" in packed ? packed.tar : "";

  test("on another processor: packed by the image's own Node for arm64", { timeout: 180_000 }, ({ skip }) => {
    skip(process.arch === "arm64" || !existsSync(qemu), "no qemu-aarch64-static on this machine");
    using image = unpackImage(first, "arm64");
    const words = [qemu, join(image.root, "usr/bin/node"), resolve("dist/launch.js")];
    const asked = spawnSync(qemu, [words[1] ?? "", "-p", "process.arch"], {
      encoding: "utf8",
      env: { QEMU_LD_PREFIX: image.root },
    });
    expect(asked.stdout.trim()).toBe("arm64");
    const { status, stderr } = packBy(words, { env: { QEMU_LD_PREFIX: image.root }, out: place });
    expect(`${status} ${stderr}`).toBe("0 ");
    expect(digest(join(place, "image.tar"))).toBe(digest(first));
  });

  test("as another user", ({ skip }) => {
    const out = mkdtempSync(join(place, "out-"));
    for (const folder of [place, out]) chmodSync(folder, 0o777);
    const setpriv = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"];
    const words = [...setpriv, process.execPath, resolve("dist/launch.js")];
    const [program = "", ...rest] = words;
    skip(spawnSync(program, [...rest, "--version"]).status !== 0, "another user may not read this clone");
    const { status, stderr } = packBy(words, { env: { HOME: out }, out });
    expect(`${status} ${stderr}`).toBe("0 ");
    expect(digest(join(out, "image.tar"))).toBe(digest(first));
  });
});
