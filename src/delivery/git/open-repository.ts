/** The repository that an address names, of this machine or somewhere else, with the refs that were asked for in it. */
import { tallyError } from "../../kernel/errors.ts";
import { nearest } from "../../kernel/nearest.ts";
import type { OpenOptions } from "../open-options.ts";
import { type GitAddress, withoutSecrets } from "../suite-address.ts";
import { findRepository, type GitCommit, readCommit, refFault } from "./git-commit.ts";
import { type RemoteRef, RemoteRepository } from "./remote-git.ts";
import { type GitPlace, gitText } from "./run-git.ts";

export interface OpenRepository extends Disposable {
  readonly git: GitPlace;
  /** The contract's folder, from the top of the repository. */
  readonly folder: string;
}

/** Opens a repository of this machine. Throws `git-repository`, and `suite-address` when nobody typed it. */
export function openLocal(
  { folder, url }: GitAddress,
  text: string,
  { deadlineMs, isTyped }: OpenOptions,
): OpenRepository {
  if (!isTyped)
    throw tallyError("suite-address", { address: text, reason: "git+file is taken from the command line alone" });
  const found = findRepository(url, deadlineMs);
  if (found === undefined) throw tallyError("git-repository", { folder: url });
  const below = [found.folder, folder].filter((part) => part !== "").join("/");
  return { git: found.git, folder: below, [Symbol.dispose]: () => {} };
}

/** A commit of a remote repository, fetched. `use` is done with it before it is removed. */
export async function withRemoteCommit<Made>(
  { ref, url }: GitAddress,
  options: OpenOptions,
  use: (commit: GitCommit) => Promise<Made>,
): Promise<Made> {
  const fault =
    refFault(ref) ??
    (/[~^]|^\+/.test(ref) ? "of a remote repository a branch, a tag or a whole commit id is needed" : undefined);
  if (fault !== undefined) throw tallyError("git-ref", { ref, reason: fault });
  using remote = new RemoteRepository(url, options);
  const isCommit = /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(ref);
  const name = isCommit ? ref : nameOf(ref, await remote.refs(), url);
  await remote.fetch([name]);
  const commit = readCommit(remote.git, name.startsWith("refs/") ? name : `refs/tally/${name}`);
  return await use({ ...commit, ref });
}

/** As git itself reads a short name: tags before branches. */
function nameOf(ref: string, refs: readonly RemoteRef[], url: string): string {
  const names = new Set(refs.map(({ name }) => name));
  const found = [ref, `refs/${ref}`, `refs/tags/${ref}`, `refs/heads/${ref}`].find((name) => names.has(name));
  if (found !== undefined) return found;
  const short = [...names].map(shortName);
  const close = nearest(ref, short);
  const reason = `${withoutSecrets(url)} has nothing of this name${close === undefined ? "" : `; the nearest is ${close}`}`;
  throw tallyError("git-ref", { ref, reason });
}

/** `refs/tags/v1.4.0` → `v1.4.0`. */
export function shortName(name: string): string {
  return name.replace(/^refs\/(heads|tags)\//, "");
}

/** Branches and tags of a repository of this machine. */
export function localRefs(git: GitPlace): string[] {
  const said = gitText({ in: git, words: ["for-each-ref", "--format=%(refname)", "refs/heads", "refs/tags"] });
  return said === undefined || said === "" ? [] : said.split("\n");
}
