/** Reads many blobs in two calls: first their sizes, then those that are not too large. */
import { invariant, tallyError } from "../../kernel/errors.ts";
import { type GitPlace, runGit } from "./run-git.ts";

const megabyte = 1024 * 1024;
const maxFileMegabytes = 64;
const maxTotalMegabytes = 512;

/** Contents by id. Throws `git-large` and `git-object`. */
export function readBlobs(git: GitPlace, ids: readonly string[]): ReadonlyMap<string, Uint8Array> {
  if (ids.length === 0) return new Map();
  const total = sizesOf(git, ids).reduce((sum, size) => sum + size, 0);
  if (total > maxTotalMegabytes * megabyte)
    throw tallyError("git-large", { what: "the suite", limit: `${maxTotalMegabytes} MB` });
  // Each object comes behind a line of its own.
  const answer = runGit({
    in: git,
    words: ["cat-file", "--batch"],
    input: `${ids.join("\n")}\n`,
    maxBytes: total + ids.length * 100,
  });
  if (!answer.ok) throw tallyError("git-object", { id: ids[0] ?? "", reason: answer.said });
  return new Map(split(answer.stdout));
}

function sizesOf(git: GitPlace, ids: readonly string[]): number[] {
  const answer = runGit({ in: git, words: ["cat-file", "--batch-check"], input: `${ids.join("\n")}\n` });
  if (!answer.ok) throw tallyError("git-object", { id: ids[0] ?? "", reason: answer.said });
  const lines = answer.stdout.toString("utf8").trimEnd().split("\n");
  return lines.map((line, i) => {
    const [, type, size] = /^[0-9a-f]+ (\w+) (\d+)$/.exec(line) ?? [];
    if (type !== "blob")
      throw tallyError("git-object", { id: ids[i] ?? "", reason: "the repository does not have it" });
    if (Number(size) > maxFileMegabytes * megabyte)
      throw tallyError("git-large", { what: "a file of the suite", limit: `${maxFileMegabytes} MB` });
    return Number(size);
  });
}

function* split(bytes: Buffer): Generator<readonly [string, Uint8Array]> {
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf("\n", at);
    const [, id, size] = /^([0-9a-f]+) blob (\d+)$/.exec(bytes.toString("latin1", at, end)) ?? [];
    invariant(id !== undefined && size !== undefined, "an answer of git cat-file in another form");
    const begin = end + 1;
    yield [id, bytes.subarray(begin, begin + Number(size))];
    at = begin + Number(size) + 1;
  }
}
