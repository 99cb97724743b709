/** Where a run keeps what the next one wants to know (`.tally/runs`, last failures): beside the contract, unless the suite was delivered. */
import { hasManifest } from "../delivery/has-manifest.ts";
import type { Arguments } from "./arguments.ts";

/** A delivered suite is the same for everybody and is left as it came: its runs belong to the folder they were started in. */
export function isDelivered(root: string, args: Arguments): boolean {
  return args.text("suite") !== undefined || hasManifest(root);
}

/** The folder that holds `.tally`; `root` is the contract's. */
export function stateFolder(root: string, args: Arguments): string {
  return isDelivered(root, args) ? process.cwd() : root;
}
