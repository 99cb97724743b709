/** The command line of the one file that travels with a suite. */
import { accessSync, constants, existsSync, readFileSync, statSync } from "node:fs";
import { tallyError } from "../../kernel/errors.ts";
import { carriedSuite } from "../../kernel/own-package.ts";
import { main } from "../main.ts";
import { showError } from "../show-error.ts";
import { fenceFlags } from "../../suite/fence.ts";
import { endSpare, startSpare } from "../../suite/suite-process.ts";
import { carriedFolder } from "./carried-folder.ts";

/** Where a container's owner mounts a folder for reports. */
const reportsFolder = "/out";

/** Runs one command and ends the process with its exit code. */
export async function runCarried(words: readonly string[]): Promise<never> {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  const code = await run(withVerb(words));
  endSpare();
  for (const stream of [process.stdout, process.stderr])
    if (stream.writableLength > 0) await new Promise((resolve) => stream.write("", resolve));
  process.exit(code);
}

/** `tally test` is what one has a suite for: flags alone are its flags. */
function withVerb(words: readonly string[]): readonly string[] {
  const [first] = words;
  if (first === undefined) return ["test"];
  const isFlag = first.startsWith("-") && !["-h", "--help", "-V", "--version"].includes(first);
  return isFlag ? ["test", ...words] : words;
}

async function run(words: readonly string[]): Promise<number> {
  let isVerified = false;
  try {
    if (words[0] === "test") useReportsFolder();
    const folder = carriedSuite();
    if (folder !== undefined && !process.env["TALLY_CONFIG"]) {
      const root = carriedFolder(folder);
      process.env["TALLY_CONFIG"] = root;
      isVerified = !words.some((word) => word === "--config" || word.startsWith("--config="));
      // The process of the first test file starts while everything else is loaded.
      if (words[0] === "test" && !words.some((word) => word === "--help" || word === "-h"))
        startSpare(fenceFlags(root));
    }
  } catch (error) {
    return showError(error);
  }
  return main(words, async () => (await import("../suite-commands.ts")).suiteCommands, isVerified);
}

/** Reports go to /out where there is one, unless a flag says otherwise. One that was mounted and cannot be written is said at once. */
function useReportsFolder(): void {
  if (process.env["TALLY_OUT"] !== undefined || !existsSync(reportsFolder)) return;
  try {
    accessSync(reportsFolder, constants.W_OK);
    process.env["TALLY_OUT"] = reportsFolder;
  } catch (cause) {
    if (isMounted(reportsFolder)) throw tallyError("out-mounted", ownership(reportsFolder), { cause });
  }
}

/**
 * A folder of the image itself that cannot be written means that nobody asked for reports. Where image and mounted folder lie on one
 * file system, only the list of mounts tells them apart.
 */
function isMounted(folder: string): boolean {
  if (statSync(folder).dev !== statSync("/").dev) return true;
  try {
    const mounts = readFileSync("/proc/self/mountinfo", "utf8").split("\n");
    return mounts.some((line) => line.split(" ")[4] === folder);
  } catch {
    return false;
  }
}

function ownership(path: string): { path: string; owner: string; user: string } {
  const { gid, uid } = statSync(path);
  return { path, owner: `${uid}:${gid}`, user: `${process.getuid?.() ?? "?"}:${process.getgid?.() ?? "?"}` };
}
