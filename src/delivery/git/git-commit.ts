/** A ref of a local repository → the commit that it names, with its time and the nearest tag. Refs are data: only their ids reach git. */
import { existsSync } from "node:fs";
import { tallyError } from "../../kernel/errors.ts";
import { type GitPlace, gitText } from "./run-git.ts";

export interface GitRepository {
  readonly git: GitPlace;
  /** From the top of the repository to the folder that was asked about, without a slash at the end; "" at the top. */
  readonly folder: string;
}

export interface GitCommit {
  readonly git: GitPlace;
  /** As it was asked for. */
  readonly ref: string;
  /** 40 or 64 hex digits. */
  readonly commit: string;
  /** The commit's own time, RFC 3339 in UTC. */
  readonly committed: string;
  /** `git describe --tags`; undefined where no tag leads to the commit. */
  readonly described?: string;
}

/** The repository that a folder lies in; undefined outside of any. */
export function findRepository(folder: string, deadlineMs?: number): GitRepository | undefined {
  if (!existsSync(folder)) return undefined;
  const said = gitText({ in: { folder, deadlineMs }, words: ["rev-parse", "--absolute-git-dir", "--show-prefix"] });
  const [gitDir, prefix = ""] = said?.split("\n") ?? [];
  return gitDir === undefined ? undefined : { git: { gitDir, deadlineMs }, folder: prefix.replace(/\/$/, "") };
}

/** The commit that `ref` names. Throws `git-ref`. */
export function readCommit(git: GitPlace, ref: string): GitCommit {
  const fault = refFault(ref);
  if (fault !== undefined) throw tallyError("git-ref", { ref, reason: fault });
  const commit = revision(git, `${ref}^{commit}`);
  if (commit === undefined) throw tallyError("git-ref", { ref, reason: whyNoCommit(git, ref) });
  const described = gitText({ in: git, words: ["describe", "--tags", "--abbrev=12", commit] });
  return { git, ref, commit, committed: timeOf(git, commit), ...(described ? { described } : {}) };
}

/** Why a text can be no ref: git's own rules for names, with `~2` and `^` behind them. */
export function refFault(ref: string): string | undefined {
  if (ref.startsWith("-")) return "it begins with a hyphen";
  if (ref.includes(":")) return "it has a colon";
  const name = ref.replace(/(~\d{0,6}|\^\d{0,3})+$/, "");
  // oxlint-disable-next-line no-control-regex -- they are what is refused
  const isName = name !== "" && name.length <= 250 && !/[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|^[/.]|[/.]$/.test(name);
  const parts = name.split("/");
  return isName && !parts.some((part) => part.startsWith(".") || part.endsWith(".lock"))
    ? undefined
    : "a branch, a tag or the digits of a commit is needed";
}

function revision(git: GitPlace, expression: string): string | undefined {
  const id = gitText({ in: git, words: ["rev-parse", "--verify", "--quiet", "--end-of-options", expression] });
  return id !== undefined && /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(id) ? id : undefined;
}

function whyNoCommit(git: GitPlace, ref: string): string {
  const id = revision(git, ref);
  const type = id === undefined ? undefined : gitText({ in: git, words: ["cat-file", "-t", `${id}^{}`] });
  return type === undefined ? "the repository has nothing of this name" : `it names a ${type}, not a commit`;
}

/** In UTC, from the commit object itself. */
function timeOf(git: GitPlace, commit: string): string {
  const text = gitText({ in: git, words: ["cat-file", "commit", commit] }) ?? "";
  const seconds = Number(/^committer .* (\d{1,11}) [+-]\d{4}$/m.exec(text)?.[1] ?? 0);
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}
