import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A folder of a test's own, `tally-NAME-…`; removed when the test ends. */
export function temporaryFolder(name: string): string {
  const made = realpathSync(mkdtempSync(join(tmpdir(), `tally-${name}-`)));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}
