/** The files of a folder of a commit, as git's objects say it; what no file system could hold safely is refused. */
import { posix } from "node:path";
import { tallyError } from "../../kernel/errors.ts";
import { pathFault } from "../suite-path.ts";
import { type GitPlace, runGit } from "./run-git.ts";

export interface TreeEntry {
  readonly kind: "file" | "link";
  /** Of the blob. */
  readonly id: string;
}

const maxEntries = 200_000;
/** Modes of files and symlinks; a submodule (160000) is another repository and holds nothing of this suite. */
const kinds = new Map<string, TreeEntry["kind"]>([
  ["100644", "file"],
  ["100664", "file"],
  ["100755", "file"],
  ["120000", "link"],
]);

/** All entries below a folder of a commit, by path from that folder; undefined when the commit has no such folder. */
export function listTree(git: GitPlace, commit: string, folder: string): ReadonlyMap<string, TreeEntry> | undefined {
  const tree = folder === "" ? commit : `${commit}:${folder}`;
  const answer = runGit({ in: git, words: ["ls-tree", "-r", "-z", "--full-tree", tree] });
  if (!answer.ok) return undefined;
  const entries = new Map<string, TreeEntry>();
  for (const line of answer.stdout.toString("utf8").split("\0")) {
    const [, mode = "", id = "", path = ""] = /^(\d{6}) \w+ ([0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
    const kind = kinds.get(mode);
    if (kind === undefined) continue;
    const fault = pathFault(path) ?? (entries.has(path) ? "it is there twice" : undefined);
    if (fault !== undefined) throw tallyError("suite-path", { path, reason: fault });
    entries.set(path, { kind, id });
    if (entries.size > maxEntries)
      throw tallyError("git-large", { what: "the tree of files", limit: `${maxEntries} entries` });
  }
  for (const path of entries.keys()) {
    const parent = foldersAbove(path).find((one) => entries.has(one));
    if (parent !== undefined) throw tallyError("suite-path", { path, reason: `${parent} is a file as well` });
  }
  return entries;
}

/** `a/b/c` → `a/b`, `a`. */
export function foldersAbove(path: string): string[] {
  const made: string[] = [];
  for (let at = posix.dirname(path); at !== "."; at = posix.dirname(at)) made.push(at);
  return made;
}
