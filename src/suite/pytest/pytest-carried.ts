/** pytest files of a suite that travels without Python: packed with `--without-pytest`, they are told and not run. */
import { existsSync } from "node:fs";
import { packageRoot } from "../../kernel/own-package.ts";
import type { Warning } from "../../verdict/run-event.ts";

/** Whether the running Tally brings what pytest files need of it; `tally pack` leaves that out unless it is asked for. */
export function bringsPython(): boolean {
  return existsSync(new URL("python/tallyml/", packageRoot()));
}

/** What a run says of files that it leaves out. */
export function notCarried(files: readonly string[]): Warning[] {
  if (files.length === 0) return [];
  const named = files.slice(0, 3).join(", ") + (files.length > 3 ? " and more" : "");
  return [
    {
      type: "warning",
      code: "pytest-not-carried",
      message: `pytest files were not run, for the suite was packed without Python: ${named}`,
      hint: "Whoever packs it can bring it: tally pack --python",
      count: files.length,
    },
  ];
}
