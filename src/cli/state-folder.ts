/** Where a run keeps what the next one wants to know (`.tally/runs`, last failures): beside the contract, unless the suite was delivered. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { manifestPath } from "../delivery/suite-manifest.ts";
import type { Arguments } from "./arguments.ts";

/** A delivered suite is the same for everybody and is left as it came: its runs belong to the folder they were started in. */
export function isDelivered(root: string, args: Arguments): boolean {
  return args.text("suite") !== undefined || existsSync(join(root, manifestPath));
}

/** The folder that holds `.tally`; `root` is the contract's. */
export function stateFolder(root: string, args: Arguments): string {
  return isDelivered(root, args) ? process.cwd() : root;
}
