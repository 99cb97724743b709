/** The Python that pages are run with, and whether it has what their code imports. */
import { spawnSync } from "node:child_process";

const named = process.env["TALLY_PYTHON"] ?? "python3";

/** Absolute path of the interpreter; undefined where there is none. */
export const python: string | undefined = runPython(["-c", "import sys; print(sys.executable)"], named)?.trim();

/** What is missing to run this code; undefined when nothing is. */
export function missingFor(code: string): string | undefined {
  if (python === undefined) return "there is no Python (set TALLY_PYTHON)";
  const wanted = new Set(
    [...code.matchAll(/^(?:import|from) (pandas|polars|numpy|sklearn|pytest)\b/gm)].map(([, name]) => name),
  );
  const missing = [...wanted].filter((name) => runPython(["-c", `import ${name}`]) === undefined);
  return missing.length === 0 ? undefined : `${python} has no ${missing.join(", ")} (set TALLY_PYTHON)`;
}

/** Standard output; undefined when it fails. */
export function runPython(args: readonly string[], command = python ?? named, input = ""): string | undefined {
  const env = { ...process.env, PYTHONPATH: new URL("../../python", import.meta.url).pathname };
  const { status, stdout } = spawnSync(command, args, { env, input, encoding: "utf8" });
  return status === 0 ? stdout : undefined;
}
