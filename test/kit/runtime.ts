/** Whether images can be packed here: the runtime layers are built once, by `npm run build:runtime`. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const runtime = process.env["TALLY_RUNTIME"] ?? resolve("runtime");
interface Locked {
  readonly layer: { readonly digest: string; readonly diffId: string };
}

/** What is locked, by platform. */
export const lock: { readonly platforms: Readonly<Record<string, Locked & { readonly python: Locked }>> } = JSON.parse(
  readFileSync(join(runtime, "lock.json"), "utf8"),
);
const isBuilt = Object.values(lock.platforms).every(({ layer, python }) =>
  [layer, python.layer].every(({ digest }) =>
    existsSync(join(runtime, "cache", `${digest.replace(":", "-")}.tar.zst`)),
  ),
);

/** Why no image can be packed here; undefined when it can. */
export const withoutRuntime: string | undefined = isBuilt
  ? undefined
  : "the runtime layer was not built: npm run build:runtime";

/** What `tally pack` finds the layers by. */
export const env = { TALLY_RUNTIME: runtime };
