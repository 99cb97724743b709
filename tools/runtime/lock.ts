/** Where the lock of the runtime layer is. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { RuntimeLock } from "../../src/pack/runtime/runtime-lock.ts";

export const runtimeFolder: string = fileURLToPath(new URL("../../runtime/", import.meta.url));

export function readLock(path: string): RuntimeLock {
  return JSON.parse(readFileSync(path, "utf8"));
}
