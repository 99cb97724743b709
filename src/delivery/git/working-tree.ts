/** What of a working tree travels with its suite: the commit it stands on, and whether the suite differs from that. */
import { isTallyError } from "../../kernel/errors.ts";
import { readSuite, type Suite } from "../read-suite.ts";
import { findRepository, type GitCommit, readCommit } from "./git-commit.ts";
import { commitSource } from "./git-source.ts";

export interface WorkingTree {
  readonly head: GitCommit;
  /** A file of the suite is not what it is in the commit, or one of them is not there. */
  readonly dirty: boolean;
}

/**
 * The working tree around `suite`, which was read from folder `root`. Undefined outside of git, before the first commit and
 * on a machine without git. Suites are compared by their digests: nothing of what the repository's filters do is run.
 */
export function workingTree(root: string, suite: Suite): WorkingTree | undefined {
  try {
    const repository = findRepository(root);
    if (repository === undefined) return undefined;
    const head = readCommit(repository.git, "HEAD");
    return { head, dirty: digestAt(head, repository.folder) !== suite.digest };
  } catch (error) {
    if (isTallyError(error) && (error.code === "git-missing" || error.code === "git-ref")) return undefined;
    throw error;
  }
}

/** Undefined where the commit holds no suite that can be read. */
function digestAt(head: GitCommit, folder: string): string | undefined {
  try {
    const source = commitSource(head, folder);
    return source && readSuite(source, "HEAD")?.digest;
  } catch (error) {
    if (!isTallyError(error)) throw error;
    return undefined;
  }
}
