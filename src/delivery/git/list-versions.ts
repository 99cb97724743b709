/** Which branches and tags of a repository hold a suite, and which one. */
import { isTallyError, tallyError } from "../../kernel/errors.ts";
import type { OpenOptions } from "../open-options.ts";
import { readSuite } from "../read-suite.ts";
import { type GitAddress, withoutSecrets } from "../suite-address.ts";
import { type GitCommit, readCommit } from "./git-commit.ts";
import { commitSource } from "./git-source.ts";
import { localRefs, openLocal, shortName } from "./open-repository.ts";
import { RemoteRepository } from "./remote-git.ts";
import type { GitPlace } from "./run-git.ts";

/** A ref that holds a suite. */
export interface SuiteVersion {
  readonly ref: string;
  readonly kind: "branch" | "tag";
  readonly commit: string;
  readonly committed: string;
  /** Absent where the suite cannot be read; then `problem` says why. */
  readonly suite?: { readonly name: string; readonly version: string; readonly digest: string };
  readonly problem?: string;
}

/** More refs than this are nobody's versions. */
const maxRefs = 2_000;

/** The newest first. Throws `suite-absent` when no ref holds one. */
export async function listVersions(address: GitAddress, text: string, options: OpenOptions): Promise<SuiteVersion[]> {
  const versions = address.isLocal ? localVersions(address, text, options) : await remoteVersions(address, options);
  const place = withoutSecrets(text);
  if (versions.length === 0)
    throw tallyError("suite-absent", { place, reason: "no branch and no tag has a tally.toml there" });
  return versions.toSorted((a, b) =>
    a.committed === b.committed ? order(a.ref, b.ref) : order(b.committed, a.committed),
  );
}

function order(a: string, b: string): number {
  return a < b ? -1 : 1;
}

function localVersions(address: GitAddress, text: string, options: OpenOptions): SuiteVersion[] {
  using repository = openLocal(address, text, options);
  return versionsOf(repository.git, localRefs(repository.git), repository.folder);
}

async function remoteVersions({ folder, url }: GitAddress, options: OpenOptions): Promise<SuiteVersion[]> {
  using remote = new RemoteRepository(url, options);
  const names = (await remote.refs()).map(({ name }) => name).filter((name) => name !== "HEAD");
  if (names.length === 0) return [];
  refuseMany(names);
  await remote.fetch(names);
  return versionsOf(remote.git, names, folder);
}

function versionsOf(git: GitPlace, names: readonly string[], folder: string): SuiteVersion[] {
  refuseMany(names);
  // Many refs name one commit, and reading it once is enough.
  const read = new Map<string, Pick<SuiteVersion, "suite" | "problem"> | undefined>();
  return names.flatMap((name): SuiteVersion[] => {
    const commit = commitOf(git, name);
    if (commit === undefined) return [];
    const found = read.has(commit.commit) ? read.get(commit.commit) : suiteOf(commit, folder);
    read.set(commit.commit, found);
    if (found === undefined) return [];
    const kind = name.startsWith("refs/tags/") ? "tag" : "branch";
    return [{ ref: shortName(name), kind, commit: commit.commit, committed: commit.committed, ...found }];
  });
}

function refuseMany(names: readonly string[]): void {
  if (names.length > maxRefs) throw tallyError("git-large", { what: "the list of refs", limit: `${maxRefs} refs` });
}

/** A tag may name a tree or a file: no version of anything. */
function commitOf(git: GitPlace, name: string): GitCommit | undefined {
  try {
    return readCommit(git, name);
  } catch (error) {
    if (isTallyError(error) && error.code === "git-ref") return undefined;
    throw error;
  }
}

/** Undefined where there is none. One that is broken is told, and the others are listed all the same. */
function suiteOf(commit: GitCommit, folder: string): Pick<SuiteVersion, "suite" | "problem"> | undefined {
  try {
    const source = commitSource(commit, folder);
    const suite = source && readSuite(source, commit.ref);
    if (suite === undefined) return undefined;
    const { model, suite: settings } = suite.contract;
    const version = model.version ?? commit.described ?? "0.0.0";
    return { suite: { name: settings.name, version, digest: suite.digest } };
  } catch (error) {
    if (!isTallyError(error) || error.code === "git-deadline") throw error;
    return { problem: error.code };
  }
}
