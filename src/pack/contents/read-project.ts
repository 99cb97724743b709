/**
 * The suite that is to be packed: of a folder as it is now, or of a git commit, which is never checked out. Comes in: where the
 * contract is, perhaps a ref. Goes out: the suite, where it comes from, and when.
 */
import { basename, dirname, join } from "node:path";
import { realpathSync } from "node:fs";
import { type Origin } from "../../delivery/make-manifest.ts";
import { findRepository, type GitCommit, readCommit } from "../../delivery/git/git-commit.ts";
import { commitSource } from "../../delivery/git/git-source.ts";
import { workingTree } from "../../delivery/git/working-tree.ts";
import { readSuite, type Suite } from "../../delivery/read-suite.ts";
import { folderSource, type SuiteSource } from "../../delivery/suite-source.ts";
import { orUnreadable, refuseUnreadable } from "./readable-files.ts";
import { tallyError } from "../../kernel/errors.ts";
import { shownPath } from "../../kernel/shown-path.ts";

export interface PackedProject {
  readonly suite: Suite;
  readonly source: SuiteSource;
  readonly origin: Origin;
}

export interface ProjectPlace {
  /** Absolute path of the contract. */
  readonly file: string;
  readonly ref?: string | undefined;
  /** Version of the running Tally. */
  readonly tally: string;
}

/** Reads a project; throws what is wrong with its contract, its ref or its files. */
export function readProject(place: ProjectPlace): PackedProject {
  return place.ref === undefined ? readFolder(place) : readRef(place, place.ref);
}

function readFolder({ file, tally }: ProjectPlace): PackedProject {
  const root = dirname(file);
  const source = withinFolder(root, folderSource(root));
  const suite = readSuite(source, root, tally);
  if (suite === undefined)
    throw tallyError("contract-unreadable", { file: shownPath(file), reason: "a contract is called tally.toml" });
  const tree = workingTree(root, suite);
  return { suite, source, origin: tree ? { tally, ...gitOrigin(tree.head, tree.dirty) } : { tally } };
}

function readRef({ file, tally }: ProjectPlace, ref: string): PackedProject {
  const root = dirname(file);
  const repository = findRepository(root);
  if (repository === undefined) throw tallyError("git-repository", { folder: shownPath(root) });
  const head = readCommit(repository.git, ref);
  const place = repository.folder === "" ? ref : `${ref}:${repository.folder}`;
  const source = commitSource(head, repository.folder);
  const suite = source && readSuite(source, place, tally);
  if (source === undefined || suite === undefined)
    throw tallyError("suite-absent", { place, reason: `the commit has no ${basename(file)} there` });
  return { suite, source, origin: { tally, ...gitOrigin(head, false, ref) } };
}

function gitOrigin({ commit, committed, described }: GitCommit, dirty: boolean, ref?: string): Omit<Origin, "tally"> {
  return { described, source: { ...(ref === undefined ? {} : { ref }), commit, committed, dirty } };
}

/** A source that follows no symlink out of the folder: what it leads to was never meant to be handed over. */
function withinFolder(root: string, source: SuiteSource): SuiteSource {
  const inside = realpathSync(root);
  return {
    find: (patterns) => {
      const found = source.find(patterns);
      refuseUnreadable(root, patterns, found);
      return found;
    },
    read: (path) => {
      const content = orUnreadable(path, () => source.read(path));
      if (content === undefined) return undefined;
      const real = orUnreadable(path, () => realpathSync(join(root, path)));
      if (real !== inside && !real.startsWith(`${inside}/`))
        throw tallyError("suite-link", { path, target: shownPath(real) });
      return content;
    },
  };
}
