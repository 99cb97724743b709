/** The interpreter with the peers: bench/.venv, made of bench/requirements.txt when it is not there or not up to date. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { benchFolder } from "./processes.ts";
import { Skipped } from "./report.ts";

/** Throws `Skipped` where there is no Python to make it with, or no way to the packages. */
export function benchPython(): string {
  const home = join(benchFolder, ".venv");
  const python = join(home, "bin/python");
  const wanted = readFileSync(join(benchFolder, "requirements.txt"), "utf8");
  const stamp = join(home, "requirements.txt");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return python;
  try {
    process.stderr.write("making bench/.venv (once, about a minute)\n");
    execFileSync("python3", ["-m", "venv", home], { stdio: ["ignore", "ignore", "inherit"] });
    execFileSync(python, ["-m", "pip", "install", "-q", "-r", join(benchFolder, "requirements.txt")], {
      stdio: ["ignore", "ignore", "inherit"],
    });
  } catch (error) {
    throw new Skipped(
      `no Python with the peers: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`,
    );
  }
  writeFileSync(stamp, wanted);
  return python;
}

/** Versions of the peers, for the head of the results. */
export function peerVersions(python: string): string {
  const code =
    "import importlib.metadata as m, platform; print('Python', platform.python_version(), *[f'· {n} {m.version(n)}' for n in ('pandas','numpy','scikit-learn','flask','fastapi','uvicorn','uvloop','pytest')])";
  return execFileSync(python, ["-c", code], { encoding: "utf8" }).trim();
}
