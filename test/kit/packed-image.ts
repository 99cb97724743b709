/** Images packed by the real command line: for tests that take them apart and enter them. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export type PackedImage =
  | { readonly tar: string }
  /** Why there is none on this machine. */
  | { readonly reason: string };

/** What is no mistake: a Tally that packs no images, or a clone in which no runtime layer was built. */
const excused = /^error\[(flag-value|flag-unknown|runtime-\w+)\]: .*/;

const folder = mkdtempSync(join(tmpdir(), "tally-packed-"));

/** Removes what was packed. */
export function removePacked(): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Packs for one platform, `linux/amd64` or `linux/arm64`. */
export function packExample(platform: string): PackedImage {
  return packImage(resolve("examples/sqli"), platform);
}

/** Packs the project in a folder for one platform. */
export function packImage(cwd: string, platform: string, ...more: readonly string[]): PackedImage {
  const tar = join(mkdtempSync(join(folder, "image-")), "image.tar");
  const words = ["pack", "--format", "image", "--platform", platform, "--out", tar, ...more];
  const { status, stderr } = spawnSync(process.execPath, [resolve("bin/tally.js"), ...words], {
    cwd,
    encoding: "utf8",
  });
  if (status === 0) return { tar };
  const reason = excused.exec(stderr)?.[0];
  if (reason === undefined) throw new Error(`tally ${words.join(" ")} ended with ${status}:\n${stderr}`);
  return { reason };
}
