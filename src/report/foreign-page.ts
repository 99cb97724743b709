/** Keeps a report from replacing somebody's own web page. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { tallyError } from "../kernel/errors.ts";

/** The icon of a report: every page of Tally names it. */
export const markName = "tally.svg";

/** Throws `out-not-writable` when the index.html of a folder is not a report. */
export function refuseForeignPage(folder: string): void {
  const index = join(folder, "index.html");
  if (!existsSync(index) || readFileSync(index, "utf8").includes(`href="${markName}"`)) return;
  throw tallyError("out-not-writable", { path: folder, reason: "its index.html is not a report of Tally" });
}
