/**
 * Tarballs that npm has at hand. It keeps them by their digest, so that whatever is found is what was wanted or is not taken; what is
 * not found, npm is asked for. So packages that were installed here once need no registry, no npm and no room on a disk.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The tarball of this digest (`sha512-…`); undefined when npm has none where it keeps them unless told otherwise. */
export function cachedTarball(integrity: string, env: NodeJS.ProcessEnv): Uint8Array | undefined {
  const hex = Buffer.from(integrity.slice("sha512-".length), "base64").toString("hex");
  const place = join(cacheOf(env), "_cacache", "content-v2", "sha512", hex.slice(0, 2), hex.slice(2, 4), hex.slice(4));
  try {
    const bytes = readFileSync(place);
    return sha512Of(bytes) === integrity ? bytes : undefined;
  } catch {
    return undefined;
  }
}

/** As npm writes it in a lock. */
export function sha512Of(bytes: Uint8Array): string {
  return `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
}

function cacheOf(env: NodeJS.ProcessEnv): string {
  const [, told] = Object.entries(env).find(([name]) => name.toLowerCase() === "npm_config_cache") ?? [];
  if (told !== undefined && told !== "") return told;
  return process.platform === "win32" ? join(env["LOCALAPPDATA"] ?? homedir(), "npm-cache") : join(homedir(), ".npm");
}
