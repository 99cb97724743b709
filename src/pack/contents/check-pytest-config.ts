/** pytest takes the configuration of a folder above when the suite's own has none, and that one does not travel. */
import { dirname, join } from "node:path";
import { pytestConfig } from "../../delivery/pytest-config.ts";
import { folderSource } from "../../delivery/suite-source.ts";
import { tallyError } from "../../kernel/errors.ts";
import { shownPath } from "../../kernel/shown-path.ts";

/** `root` is the folder of tally.toml, where the suite has no configuration. Throws `pack-pytest-config`. */
export function checkPytestConfig(root: string): void {
  for (let folder = dirname(root), below = root; folder !== below; below = folder, folder = dirname(folder)) {
    const found = pytestConfig(folderSource(folder));
    if (found !== undefined) throw tallyError("pack-pytest-config", { path: shownPath(join(folder, found.path)) });
  }
}
