/** Node's binary from its npm package, not changed in any way, so that its published checksum holds. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256 } from "../../src/delivery/suite-digest.ts";
import type { LayerFile } from "./layer.ts";
import type { LockedNode } from "../../src/pack/runtime/runtime-lock.ts";

export interface NodeFiles {
  readonly files: readonly LayerFile[];
  readonly locked: LockedNode;
}

/** Fetches the package with npm and takes it apart. With `updates` what is found is locked, else it must be what is locked. */
export async function nodeFiles(locked: LockedNode, updates: boolean): Promise<NodeFiles> {
  const folder = mkdtempSync(join(tmpdir(), "tally-node-"));
  try {
    const said = execFileSync("npm", ["pack", "--json", `${locked.package}@${locked.version}`], {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [{ filename = "", integrity = "" } = {}]: { filename?: string; integrity?: string }[] = JSON.parse(said);
    execFileSync("tar", ["-xzf", filename], { cwd: folder });
    const binary = readFileSync(join(folder, "package/bin/node"));
    const found = { ...locked, integrity, sha256: sha256(binary) };
    if (!updates && (found.integrity !== locked.integrity || found.sha256 !== locked.sha256))
      throw new Error(`${locked.package}@${locked.version} is not what is locked: bin/node has sha256 ${found.sha256}`);
    const licence = readdirSync(join(folder, "package")).find((name) => /^licen[cs]e/i.test(name));
    const files: LayerFile[] = [{ path: "usr/bin/node", content: binary, mode: 0o755 }];
    if (licence !== undefined) {
      const content = readFileSync(join(folder, "package", licence));
      files.push({ path: "usr/share/doc/node/LICENSE", content, mode: 0o644 });
    }
    return { files, locked: found };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
