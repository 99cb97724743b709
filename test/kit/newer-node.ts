/** Node 26, which suite images carry: of TALLY_NODE_26, or undefined where there is none. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

const stated = process.env["TALLY_NODE_26"];

export const newerNode: string | undefined =
  stated !== undefined &&
  existsSync(stated) &&
  execFileSync(stated, ["--version"], { encoding: "utf8" }).startsWith("v26.")
    ? stated
    : undefined;
