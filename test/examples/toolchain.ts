/** What of a toolchain this machine has. */
import { spawnSync } from "node:child_process";

/** What is missing, in one sentence; undefined when nothing is. Libraries of C are named by their header. */
export function missingOf(programs: readonly string[], headers: readonly string[] = []): string | undefined {
  const missing = [
    ...programs.filter((program) => !succeeds("sh", ["-c", `command -v ${program}`])),
    ...headers.filter((header) => !succeeds("cc", ["-E", "-"], `#include <${header}>\n`)),
  ];
  return missing.length === 0 ? undefined : `this machine has no ${missing.join(", no ")}`;
}

function succeeds(command: string, args: readonly string[], input = ""): boolean {
  return spawnSync(command, args, { input, stdio: ["pipe", "ignore", "ignore"] }).status === 0;
}
