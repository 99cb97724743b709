import { homedir } from "node:os";
import { join } from "node:path";

/**
 * The folder of compiled code that Tally and its children share. An own one: Node's default is a temporary folder that
 * other users can write to. Setting `NODE_COMPILE_CACHE` to it at spawn also serves the child's first file.
 */
export function compileCacheFolder(env: NodeJS.ProcessEnv): string {
  const stated = env["XDG_CACHE_HOME"];
  return join(stated?.startsWith("/") ? stated : join(homedir(), ".cache"), "tally", "compiled");
}
