/** What the commands of a page need besides Node and Python, and whether this machine has it. */
import { spawnSync } from "node:child_process";
import { missingOf } from "../examples/toolchain.ts";
import type { PageProject } from "./page.ts";

/** What is missing to work through these steps; undefined when nothing is. */
export function missingToolsFor({ steps }: PageProject): string | undefined {
  const commands = steps.flatMap((step) => (step.kind === "console" ? step.commands : []));
  const words = new Set(commands.flatMap(({ command }) => command.match(/[\w.-]+/g) ?? []));
  const files = steps.flatMap((step) => (step.kind === "file" && step.path.endsWith(".c") ? [step.text] : []));
  const headers = files.flatMap((text) => [...text.matchAll(/^#include <(.+)>/gm)].map(([, header = ""]) => header));
  const programs = ["java", "mvn", "make", "cmake", "ctest", "go", "cargo"].filter((program) => words.has(program));
  return (
    (programs.includes("cargo") ? oldCargo() : undefined) ??
    missingOf([...programs, ...(headers.length > 0 ? ["cc"] : []), ...(words.has("java") ? ["javac"] : [])], headers)
  );
}

/** Before 1.68 cargo asks a repository on github.com which crates there are, and no registry. */
function oldCargo(): string | undefined {
  const said = spawnSync("cargo", ["--version"], { encoding: "utf8" }).stdout ?? "";
  const [, minor] = /^cargo 1\.(\d+)/.exec(said) ?? [];
  return minor === undefined || Number(minor) >= 68
    ? undefined
    : `cargo 1.${minor} asks no registry for crates; 1.68 does`;
}
