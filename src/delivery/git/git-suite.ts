/** A suite from a git ref: of a repository on this machine, or of a remote one, of which just that commit is fetched. */
import { tallyError } from "../../kernel/errors.ts";
import type { OpenOptions } from "../open-options.ts";
import { packagesOf } from "../packages/suite-packages.ts";
import { readSuite, type Suite } from "../read-suite.ts";
import type { GitAddress } from "../suite-address.ts";
import type { SuiteSource } from "../suite-source.ts";
import { takeSnapshot } from "../suite-snapshot.ts";
import { type GitCommit, readCommit } from "./git-commit.ts";
import { commitSource } from "./git-source.ts";
import { openLocal, withRemoteCommit } from "./open-repository.ts";

/** The files of the suite, as they would be delivered. */
export async function gitSuite(
  address: GitAddress,
  text: string,
  options: OpenOptions,
): Promise<ReadonlyMap<string, Uint8Array>> {
  if (!address.isLocal)
    return withRemoteCommit(address, options, (commit) => deliveredFiles(commit, address.folder, options));
  using repository = openLocal(address, text, options);
  return await deliveredFiles(readCommit(repository.git, address.ref), repository.folder, options);
}

/** Packages of npm come from the registry that this machine's npm is set up with: what the repository says of that does not count. */
async function deliveredFiles(
  commit: GitCommit,
  folder: string,
  options: OpenOptions,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const { deadlineMs, tally } = options;
  const origin = { ref: commit.ref, commit: commit.commit, committed: commit.committed, dirty: false };
  const { source, suite } = suiteAt(commit, folder, tally);
  const packages = await packagesOf(suite, source, { deadlineMs });
  return takeSnapshot(suite, { tally, described: commit.described, source: origin }, packages).files;
}

/** The suite in a folder of a commit. Throws `suite-absent`. */
function suiteAt(commit: GitCommit, folder: string, tally: string): { suite: Suite; source: SuiteSource } {
  const place = folder === "" ? commit.ref : `${commit.ref}:${folder}`;
  const source = commitSource(commit, folder);
  if (source === undefined) throw tallyError("suite-absent", { place, reason: "the commit has no such folder" });
  const suite = readSuite(source, place, tally);
  if (suite === undefined) throw tallyError("suite-absent", { place, reason: "it has no tally.toml" });
  return { suite, source };
}
