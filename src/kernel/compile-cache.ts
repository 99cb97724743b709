import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

/**
 * The folder of compiled code that Tally and its children share. An own one: Node's default is a temporary folder that
 * other users can write to. Setting `NODE_COMPILE_CACHE` to it at spawn also serves the child's first file.
 */
export function compileCacheFolder(env: NodeJS.ProcessEnv): string {
  return join(cacheFolder(env), "compiled");
}

/** Where Tally keeps what it can make again: below the user's own cache. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  const stated = env["XDG_CACHE_HOME"];
  return join(stated?.startsWith("/") ? stated : join(homeFolder(), ".cache"), "tally");
}

/** A container may be given a user that its image has never heard of, who has no home. */
function homeFolder(): string {
  try {
    return homedir();
  } catch {
    return join(tmpdir(), `tally-${process.getuid?.() ?? "user"}`);
  }
}
