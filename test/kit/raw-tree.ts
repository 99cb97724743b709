/** Trees that git itself would never write: names with slashes, `..`, `.git`, the same name twice. */
import { execFileSync } from "node:child_process";
import type { Repository } from "./repository.ts";

export interface RawEntry {
  readonly mode: "100644" | "120000" | "40000";
  readonly name: string;
  /** Id of a blob or of another tree. */
  readonly id: string;
}

/** Writes a tree object with these entries and gives its id. */
export function rawTree({ root }: Repository, entries: readonly RawEntry[]): string {
  const bytes = Buffer.concat(
    entries.flatMap(({ id, mode, name }) => [Buffer.from(`${mode} ${name}\0`), Buffer.from(id, "hex")]),
  );
  return hashObject(root, "tree", bytes);
}

/** Writes a blob and gives its id. */
export function blob({ root }: Repository, content: string): string {
  return hashObject(root, "blob", Buffer.from(content));
}

/** A commit of a tree, with a branch that names it. */
export function commitTree(repo: Repository, tree: string, branch: string): void {
  repo.git("update-ref", `refs/heads/${branch}`, repo.git("commit-tree", "-m", branch, tree));
}

function hashObject(root: string, type: string, bytes: Buffer): string {
  return execFileSync("git", ["hash-object", "-w", "--stdin", "--literally", "-t", type], {
    cwd: root,
    input: bytes,
    encoding: "utf8",
  }).trim();
}
