/**
 * A suite from wherever it is → a folder like any project, which the one engine runs. Comes in: an address. Goes out: the
 * folder, private and named by what is in it, so that the same suite is taken apart once. Runs nothing of the suite.
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { deliveredToml } from "../contract/delivered-tables.ts";
import { tallyError } from "../kernel/errors.ts";
import { shownPath } from "../kernel/shown-path.ts";
import { findRepository, readCommit } from "./git/git-commit.ts";
import { commitSource } from "./git/git-source.ts";
import { makeManifest } from "./make-manifest.ts";
import { readSuite } from "./read-suite.ts";
import { placeSuite } from "./place-suite.ts";
import { manifestPath } from "./suite-manifest.ts";
import { type GitAddress, readSuiteAddress } from "./suite-address.ts";

export interface OpenOptions {
  /** Version of the running Tally. */
  readonly tally: string;
  /** Whether a person wrote the address on this command line: only then may it name a repository of this machine. */
  readonly isTyped: boolean;
  /** How long git and a registry may take for one thing. */
  readonly deadlineMs?: number | undefined;
}

/** Gives the absolute path of the suite's folder. */
export async function openSuite(text: string, options: OpenOptions): Promise<string> {
  const address = readSuiteAddress(text);
  switch (address.kind) {
    case "path":
      return openPath(address.path);
    case "git":
      return openGit(address, text, options);
    case "oci":
      throw tallyError("suite-address", { address: text, reason: "registries come next" });
  }
}

function openPath(path: string): string {
  const folder = resolve(path);
  if (!existsSync(folder))
    throw tallyError("suite-absent", { place: shownPath(folder), reason: "there is no such folder" });
  return folder;
}

function openGit(
  { folder, isLocal, ref, url }: GitAddress,
  text: string,
  { deadlineMs, isTyped, tally }: OpenOptions,
): string {
  if (!isLocal) throw tallyError("suite-address", { address: text, reason: "remotes come next" });
  if (!isTyped)
    throw tallyError("suite-address", { address: text, reason: "git+file is taken from the command line alone" });
  const repository = findRepository(url, deadlineMs);
  if (repository === undefined) throw tallyError("git-repository", { folder: url });
  const commit = readCommit(repository.git, ref);
  const below = [repository.folder, folder].filter((part) => part !== "").join("/");
  const place = below === "" ? ref : `${ref}:${below}`;
  const source = commitSource(commit, below);
  if (source === undefined) throw tallyError("suite-absent", { place, reason: "the commit has no such folder" });
  const suite = readSuite(source, place, tally);
  if (suite === undefined) throw tallyError("suite-absent", { place, reason: "it has no tally.toml" });
  const toml = deliveredToml(suite.contractText, suite.contractFile === "pyproject.toml");
  const files = new Map([...suite.files, ["tally.toml", Buffer.from(toml)]]);
  const manifest = makeManifest(suite, files, {
    tally,
    described: commit.described,
    source: { ref, commit: commit.commit, committed: commit.committed, dirty: false },
  });
  return placeSuite(new Map([...files, [manifestPath, Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`)]]));
}
