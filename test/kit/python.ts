/** The Python that tests run pytest files and connectors with: TALLY_PYTHON, or python3. */
import { spawnSync } from "node:child_process";

const named = process.env["TALLY_PYTHON"] ?? "python3";

/** Its path; undefined when it is not there or lacks one of these modules. */
export function pythonWith(...modules: readonly string[]): string | undefined {
  const found = spawnSync(named, ["-c", `import sys, ${modules.join(", ")}; print(sys.executable)`], {
    encoding: "utf8",
  });
  if (found.status === 0) return found.stdout.trim();
  process.stderr.write(`skipped: ${named} has no ${modules.join(", ")} (set TALLY_PYTHON)\n`);
  return undefined;
}
