/** `tally versions`: which branches and tags of a repository hold a suite. */
import { resolve } from "node:path";
import { type GitAddress, readSuiteAddress } from "../../delivery/suite-address.ts";
import { type ExitCode, tallyError } from "../../kernel/errors.ts";
import type { Arguments } from "../arguments.ts";
import { openOptions } from "./with-suite.ts";

/** A folder in a repository, typed as a path. */
function folderOf(path: string): GitAddress {
  return { kind: "git", url: resolve(path), isLocal: true, ref: "HEAD", folder: "" };
}

/** As much of a digest as tells suites apart. */
const digestLength = "sha256:".length + 12;

export async function runVersions(args: Arguments): Promise<ExitCode> {
  const text = args.text("suite");
  if (text === undefined) throw tallyError("argument-missing", { argument: "--suite git+…", verb: "versions" });
  const read = readSuiteAddress(text);
  const address = read.kind === "path" ? folderOf(read.path) : read;
  if (address.kind !== "git")
    throw tallyError("suite-address", {
      address: text,
      reason: "only repositories have versions: git+https, git+ssh, git+file",
    });
  const { listVersions } = await import("../../delivery/git/list-versions.ts");
  const versions = await listVersions(address, text, openOptions(args));
  if (args.flag("json")) {
    process.stdout.write(`${JSON.stringify({ v: 1, versions }, null, 1)}\n`);
    return 0;
  }
  const rows = versions.map(({ committed, kind, problem, ref, suite }) => [
    ref,
    kind,
    committed,
    suite?.version ?? "",
    suite?.digest.slice(0, digestLength) ?? `error[${problem}]`,
  ]);
  const head = ["REF", "KIND", "COMMITTED", "VERSION", "DIGEST"];
  const widths = head.map((word, i) => Math.max(word.length, ...rows.map((row) => row[i]?.length ?? 0)));
  for (const row of [head, ...rows])
    process.stdout.write(
      `${row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join("  ")
        .trimEnd()}\n`,
    );
  return 0;
}
