/** Wheels of pure Python from the registry that pip is set up with, each held against its locked digest. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { sha256 } from "../../src/delivery/suite-digest.ts";
import type { LockedWheel } from "../../src/pack/runtime/runtime-lock.ts";
import type { LayerFile } from "./layer.ts";

export interface Wheel {
  readonly locked: LockedWheel;
  readonly bytes: Uint8Array;
}

/** Fetches them with pip. With `updates` the digest of what is found is locked, else it must be the locked one. */
export function fetchWheels(locked: readonly LockedWheel[], updates: boolean): Wheel[] {
  const folder = mkdtempSync(join(tmpdir(), "tally-wheels-"));
  try {
    const wanted = locked.map(({ name, sha256: digest, version }) =>
      updates ? `${name}==${version}` : `${name}==${version} --hash=sha256:${digest}`,
    );
    writeFileSync(join(folder, "wanted.txt"), `${wanted.join("\n")}\n`);
    const words = ["download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:"];
    const hashes = updates ? [] : ["--require-hashes"];
    const [program = "", ...python] = pip(folder);
    execFileSync(program, [...python, ...words, ...hashes, "--dest", join(folder, "wheels"), "-r", "wanted.txt"], {
      cwd: folder,
      stdio: ["ignore", "ignore", "inherit"],
    });
    const files = readdirSync(join(folder, "wheels"));
    return locked.map((one) => {
      const file = files.find((name) => name.toLowerCase().startsWith(`${one.name.replaceAll("-", "_")}-`)) ?? "";
      if (!file.endsWith("-none-any.whl")) throw new Error(`${one.name} ${one.version} is not of pure Python: ${file}`);
      const bytes = readFileSync(join(folder, "wheels", file));
      return { bytes, locked: { ...one, sha256: sha256(bytes) } };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The words that begin a call of pip: that of a Python at hand, else of an environment made for it. */
function pip(folder: string): string[] {
  const pythons = [process.env["TALLY_PYTHON"] ?? "", "python3"].filter((one) => one !== "");
  const found = pythons.find((one) => spawnSync(one, ["-m", "pip", "--version"]).status === 0);
  if (found !== undefined) return [found, "-m", "pip"];
  const made = spawnSync("python3", ["-m", "venv", join(folder, "venv")], { encoding: "utf8" });
  if (made.status === 0) return [join(folder, "venv/bin/python"), "-m", "pip"];
  throw new Error(
    "error[runtime-pip]: there is no Python with pip here, which the layer of Python needs; those of Node are whole\n  hint: apt-get install python3-venv, or name one with TALLY_PYTHON",
  );
}

/** The files of a wheel, where Debian's Python looks for packages that are not its own. */
export function wheelFiles({ bytes }: Wheel): LayerFile[] {
  return Object.entries(unzipSync(bytes))
    .filter(([path]) => !path.endsWith("/"))
    .map(([path, content]) => ({ path: `usr/lib/python3/dist-packages/${path}`, content, mode: 0o644 }));
}
