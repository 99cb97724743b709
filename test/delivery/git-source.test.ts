import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { findRepository, type GitCommit, readCommit } from "../../src/delivery/git/git-commit.ts";
import { commitSource } from "../../src/delivery/git/git-source.ts";
import { workingTree } from "../../src/delivery/git/working-tree.ts";
import { readSuite, type Suite } from "../../src/delivery/read-suite.ts";
import { folderSource, type SuiteSource } from "../../src/delivery/suite-source.ts";
import { contract } from "../kit/length-model.ts";
import { repository } from "../kit/repository.ts";

const suite = {
  "tally.toml": contract,
  "tests/a.test.ts": `import { word } from "../words.ts";\n`,
  "words.ts": `export const word = "a";\n`,
  "cases/process.jsonl": `{"name":"short","input":{"text":"abc"}}\n`,
  "README.md": "not part of the suite\n",
};

function commitOf(root: string, ref = "HEAD"): GitCommit {
  const found = findRepository(root);
  if (found === undefined) throw new Error(`no repository in ${root}`);
  return readCommit(found.git, ref);
}

function sourceOf(root: string, ref = "HEAD", folder = ""): SuiteSource {
  const source = commitSource(commitOf(root, ref), folder);
  if (source === undefined) throw new Error(`no ${folder} in ${ref}`);
  return source;
}

function suiteIn(source: SuiteSource): Suite {
  const found = readSuite(source, "here");
  if (found === undefined) throw new Error("no suite");
  return found;
}

test("a commit holds the suite that its folder held, with the same digest", () => {
  const { root } = repository(suite);
  const committed = suiteIn(sourceOf(root));
  expect([...committed.files.keys()]).toEqual(["cases/process.jsonl", "tests/a.test.ts", "words.ts"]);
  expect(committed.digest).toBe(suiteIn(folderSource(root)).digest);
});

test("what was changed, added or removed since is not in the commit", () => {
  const repo = repository(suite);
  const before = suiteIn(sourceOf(repo.root)).digest;
  repo.write({ "tests/a.test.ts": "// another\n", "tests/b.test.ts": "// new\n" });
  rmSync(join(repo.root, "cases"), { recursive: true });
  expect(suiteIn(sourceOf(repo.root)).digest).toBe(before);
});

test("a suite in a folder of the repository is read from there", () => {
  const below = Object.fromEntries(Object.entries(suite).map(([path, text]) => [`models/lengths/${path}`, text]));
  const { root } = repository({ ...below, "tests/z.test.ts": "// of another suite\n" });
  expect(suiteIn(sourceOf(root, "HEAD", "models/lengths")).digest).toBe(
    suiteIn(sourceOf(repository(suite).root)).digest,
  );
  expect(findRepository(join(root, "models/lengths"))?.folder).toBe("models/lengths");
  expect(commitSource(commitOf(root), "models/other")).toBe(undefined);
});

test("a commit is named by branch, tag, digits and steps back, and has its own time", () => {
  const repo = repository(suite);
  const first = repo.git("rev-parse", "HEAD");
  repo.git("tag", "v1.4.0");
  repo.git("tag", "--annotate", "--message=signed off", "release/2026-03");
  repo.write({ "words.ts": "export const word = 1;\n" });
  const second = repo.commit();
  for (const ref of ["v1.4.0", "release/2026-03", first, first.slice(0, 10), "HEAD~1", "main^", "refs/tags/v1.4.0"])
    expect([ref, commitOf(repo.root, ref).commit]).toEqual([ref, first]);
  expect(commitOf(repo.root, "main")).toMatchObject({ commit: second, committed: "2026-03-01T11:00:00Z" });
  expect(commitOf(repo.root, "v1.4.0").described).toMatch(/^(v1\.4\.0|release\/2026-03)$/);
  expect(commitOf(repo.root).described).toMatch(/^(v1\.4\.0|release\/2026-03)-1-g[0-9a-f]{12}$/);
});

test("a repository with ids of SHA-256 is read like any other", () => {
  const repo = repository({});
  rmSync(join(repo.root, ".git"), { recursive: true });
  repo.git("init", "--quiet", "--object-format=sha256", "--initial-branch=main");
  repo.write(suite);
  const commit = repo.commit();
  expect(commit).toHaveLength(64);
  expect(commitOf(repo.root).commit).toBe(commit);
  expect(suiteIn(sourceOf(repo.root)).digest).toBe(suiteIn(folderSource(repo.root)).digest);
});

test("bare repositories, work trees beside and packed objects are read like any other", () => {
  const repo = repository(suite);
  repo.git("gc", "--quiet");
  repo.git("clone", "--quiet", "--bare", ".", "bare.git");
  repo.git("worktree", "add", "--quiet", "--detach", "beside");
  const digest = suiteIn(sourceOf(repo.root)).digest;
  expect(suiteIn(sourceOf(join(repo.root, "bare.git"))).digest).toBe(digest);
  expect(suiteIn(sourceOf(join(repo.root, "beside"))).digest).toBe(digest);
});

test("symlinks inside the suite give what they lead to", () => {
  const repo = repository({ ...suite, "shared/process.csv": "name\nx\n", "shared/more/deep.csv": "name\ny\n" });
  mkdirSync(join(repo.root, "tests/deep"));
  symlinkSync("../../words.ts", join(repo.root, "tests/deep/b.test.ts"));
  symlinkSync("../shared", join(repo.root, "cases/shared"));
  symlinkSync("nowhere.jsonl", join(repo.root, "cases/broken.jsonl"));
  repo.commit();
  const source = sourceOf(repo.root);
  expect(source.find(["cases/**/*.csv", "cases/*.jsonl", "tests/**/*.test.ts"])).toEqual([
    "cases/process.jsonl",
    "cases/shared/more/deep.csv",
    "cases/shared/process.csv",
    "tests/a.test.ts",
    "tests/deep/b.test.ts",
  ]);
  expect(String(source.read("tests/deep/b.test.ts"))).toBe(suite["words.ts"]);
  expect(String(source.read("cases/shared/more/deep.csv"))).toBe("name\ny\n");
  expect(source.read("cases/broken.jsonl")).toBe(undefined);
});

test("a file that git replaces by another is read as it was committed", () => {
  const repo = repository(suite);
  const blob = repo.git("rev-parse", "HEAD:words.ts");
  writeFileSync(join(repo.root, "other.ts"), "export const word = 9;\n");
  repo.git("replace", blob, repo.git("hash-object", "-w", "other.ts"));
  expect(String(sourceOf(repo.root).read("words.ts"))).toBe(suite["words.ts"]);
});

test("globs name in a commit what they name in its folder", () => {
  const paths = [
    "tests/a.test.ts",
    "tests/deep/b.test.ts",
    "tests/deep/er/c.test.mjs",
    "tests/.hidden/d.test.ts",
    ".dot.test.ts",
    "cases/a b.jsonl",
    "cases/ä.csv",
    "cases/x.parquet",
    "node_modules/p/tests/e.test.ts",
    "tests/node_modules/f.test.ts",
    "a.test.ts",
  ];
  const { root } = repository(Object.fromEntries(paths.map((path) => [path, path])));
  const folder = folderSource(root);
  const commit = sourceOf(root);
  const part = fc.constantFrom(
    "**",
    "*",
    "tests",
    "cases",
    "deep",
    "*.test.ts",
    "*.{ts,mjs}",
    "[ac]*",
    "?.test.ts",
    "./tests",
    "{tests,cases}",
    ".*",
    "a b.jsonl",
  );
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
      const files = folder.find([parts.join("/")]).filter((path) => folder.read(path) !== undefined);
      expect(commit.find([parts.join("/")])).toEqual(files);
    }),
    { examples: [[["*", "a b.jsonl", "**"]]] },
  );
});

test("a working tree is dirty when its suite is not what was committed, and only then", () => {
  const repo = repository(suite);
  const now = (): boolean | undefined => workingTree(repo.root, suiteIn(folderSource(repo.root)))?.dirty;
  expect(now()).toBe(false);
  repo.write({ "README.md": "changed\n", "notes.txt": "new\n" });
  expect(now()).toBe(false);
  repo.write({ "tests/b.test.ts": "// new\n" });
  expect(now()).toBe(true);
  repo.git("add", "tests/b.test.ts");
  expect(now()).toBe(true);
  repo.commit();
  expect(now()).toBe(false);
  rmSync(join(repo.root, "tests/b.test.ts"));
  expect(now()).toBe(true);
});

test("a suite outside of git, or before its first commit, has no commit", () => {
  const repo = repository(suite);
  const read = suiteIn(folderSource(repo.root));
  rmSync(join(repo.root, ".git"), { recursive: true });
  expect(workingTree(repo.root, read)).toBe(undefined);
  repo.git("init", "--quiet");
  expect(workingTree(repo.root, read)).toBe(undefined);
});
