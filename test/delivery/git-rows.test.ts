/** Hostile refs, addresses and repositories (rows E1 to E6): refused, or read without running anything of theirs. */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { refFault } from "../../src/delivery/git/git-commit.ts";
import { contract } from "../kit/length-model.ts";
import { project } from "../kit/project.ts";
import { blob, commitTree, type RawEntry, rawTree } from "../kit/raw-tree.ts";
import { repository } from "../kit/repository.ts";

const suite = {
  "tally.toml": contract,
  "cases/process.jsonl": `{"name":"short","input":{"text":"abc"}}\n`,
};

/** What `tally list` says of an address: its exit code and the first line of stderr. */
async function said(address: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const here = project({});
  const { exit, stderr } = await here.tally(["list", `--suite=${address}`], {
    env: { XDG_CACHE_HOME: join(here.root, "cache"), ...env },
  });
  return `${exit} ${stderr.split("\n")[0] ?? ""}`;
}

test.for(["--upload-pack=touch x", "--output=/etc/x", "-c", "-ccore.pager=touch x"])(
  "E1 a ref that looks like an option is no revision: %s",
  async (ref) => {
    const { root } = repository(suite);
    expect(await said(`git+file://${root}#${encodeURIComponent(ref)}`)).toBe(
      `2 error[git-ref]: "${ref}" is not a revision: it begins with a hyphen.`,
    );
  },
);

test.for([
  "@{-1}",
  "@{upstream}",
  "HEAD^{/x}",
  "HEAD^{tree}",
  "refs/../x",
  "a\nb",
  "main.lock",
  ".x",
  "x/",
  "a b",
  "x*",
  "../HEAD",
  ":/x",
  "HEAD~9999999",
])("E2 a ref that is an expression or no name is refused: %j", async (ref) => {
  const repo = repository(suite);
  repo.commit("x");
  const answer = await said(`git+file://${repo.root}#${encodeURIComponent(ref)}`);
  // A colon ends the ref in an address: what stands behind it is a folder of the repository.
  expect(answer).toMatch(ref.startsWith(":") ? /^2 error\[suite-absent\]/ : /^2 error\[git-ref\]/);
});

test("E2 NUL and colon are refused before git is asked", () => {
  expect(["main\0x", "a:b", ":/fix", "HEAD:tally.toml"].map(refFault)).toEqual([
    "a branch, a tag or the digits of a commit is needed",
    "it has a colon",
    "it has a colon",
    "it has a colon",
  ]);
});

test.for([
  "ext::sh -c 'touch owned'",
  "git+ext::sh -c 'touch owned'",
  "git+ext://x",
  "file:///etc",
  "http://127.0.0.1/x.git",
  "git+http://127.0.0.1/x.git",
  "git+git://127.0.0.1/x.git",
  "git+fd://0",
  "git+ssh://-oProxyCommand=touch owned/x",
  "git+ssh://-oProxyCommand=touch%20owned/x",
  "git+ssh://-l@host/x",
  "git+https://",
  "git+file://host/x",
  "-oProxyCommand=touch owned",
])("E3 an address that git would run something for is refused: %s", async (address) => {
  const here = project({});
  const { exit, stderr } = await here.tally(["list", `--suite=${address}`]);
  expect(stderr).toMatch(/^error\[suite-address\]: /);
  expect(exit).toBe(2);
  expect(existsSync(join(here.root, "owned"))).toBe(false);
});

test("E3 a repository of this machine is taken from the command line alone", async () => {
  const { root } = repository(suite);
  const here = project({});
  const { exit, stderr } = await here.tally(["list"], { env: { TALLY_SUITE: `git+file://${root}` } });
  expect(`${exit} ${stderr.split("\n")[0]}`).toBe(
    `2 error[suite-address]: --suite git+file://${root}: git+file is taken from the command line alone.`,
  );
});

test("E4 nothing that a repository configures, hooks or filters is run", async () => {
  const repo = repository({
    ...suite,
    ".gitattributes": "* filter=evil diff=evil merge=evil\n",
    ".gitmodules": `[submodule "x"]\n\tpath = x\n\turl = ext::sh -c 'touch owned'\n`,
  });
  const missing = "1".repeat(40);
  const tree = repo
    .git("cat-file", "-p", "HEAD^{tree}")
    .split("\n")
    .map((line): RawEntry => {
      const [, mode = "", id = "", name = ""] = /^(\d+) \w+ (\w+)\t(.*)$/.exec(line) ?? [];
      return { mode: mode === "040000" ? "40000" : "100644", name, id: name === "tally.toml" ? missing : id };
    });
  commitTree(repo, rawTree(repo, tree), "torn");
  const owned = join(repo.root, "owned");
  const script = join(repo.root, "evil.sh");
  writeFileSync(script, `#!/bin/sh\ntouch ${owned}\n`);
  chmodSync(script, 0o755);
  for (const key of [
    "core.fsmonitor",
    "core.pager",
    "core.editor",
    "core.sshCommand",
    "core.askPass",
    "core.gitProxy",
    "core.alternateRefsCommand",
    "filter.evil.clean",
    "filter.evil.smudge",
    "filter.evil.process",
    "diff.evil.textconv",
    "diff.evil.command",
    "diff.external",
    "pager.ls-tree",
    "pager.cat-file",
    "credential.helper",
    "gpg.program",
    "uploadpack.packObjectsHook",
    "alias.ls-tree",
    "alias.rev-parse",
  ])
    repo.git("config", key, key.startsWith("alias") ? `!${script}` : script);
  repo.git("config", "core.hooksPath", repo.root);
  for (const hook of [
    "post-checkout",
    "reference-transaction",
    "post-index-change",
    "fsmonitor-watchman",
    "pre-auto-gc",
  ]) {
    writeFileSync(join(repo.root, hook), `#!/bin/sh\ntouch ${owned}\n`);
    chmodSync(join(repo.root, hook), 0o755);
  }
  // A promisor remote would be asked for what is missing.
  repo.git("config", "remote.origin.url", "ext::sh -c 'touch " + owned + "'");
  repo.git("config", "remote.origin.promisor", "true");
  repo.git("config", "extensions.partialClone", "origin");
  repo.git("config", "protocol.ext.allow", "always");
  spawnSync("git", ["status"], { cwd: repo.root });
  expect(existsSync(owned), "the trap is armed").toBe(true);
  rmSync(owned);
  expect(await said(`git+file://${repo.root}`)).toBe("0 ");
  expect(await said(`git+file://${repo.root}#torn`)).toMatch(/^2 error\[git-object\]: /);
  expect(existsSync(owned)).toBe(false);
});

test("E4 a repository of another user is read, since nothing of it is run", async () => {
  const { git, root } = repository(suite);
  if (process.getuid?.() !== 0) return;
  git("config", "--local", "core.bare", "false");
  const { execFileSync } = await import("node:child_process");
  execFileSync("chown", ["-R", "1234:1234", root]);
  expect(await said(`git+file://${root}`)).toBe("0 ");
});

test.for<[string, (repo: ReturnType<typeof repository>, id: string) => RawEntry[], RegExp]>([
  ["a name with ..", (_, id) => [{ mode: "100644", name: "../x", id }], /"\.\.\/x" \(it leads out of the suite\)/],
  ["an absolute name", (_, id) => [{ mode: "100644", name: "/etc/x", id }], /"\/etc\/x" \(it is absolute\)/],
  [
    "a repository's own folder",
    (repo, id) => [{ mode: "40000", name: ".git", id: rawTree(repo, [{ mode: "100644", name: "config", id }]) }],
    /"\.git\/config"/,
  ],
  [
    "a name that is .GIT elsewhere",
    (repo, id) => [{ mode: "40000", name: "GIT~1", id: rawTree(repo, [{ mode: "100644", name: "config", id }]) }],
    /"GIT~1\/config"/,
  ],
  [
    "a file that is a folder too",
    (repo, id) => [
      { mode: "100644", name: "cases", id },
      { mode: "40000", name: "cases", id: rawTree(repo, [{ mode: "100644", name: "a.jsonl", id }]) },
    ],
    /"cases\/a\.jsonl" \(cases is a file as well\)/,
  ],
  [
    "a file that is there twice",
    (_, id) => [
      { mode: "100644", name: "a", id },
      { mode: "100644", name: "a", id },
    ],
    /it is there twice/,
  ],
  [
    "names that differ in case alone",
    (repo, id) => [
      {
        mode: "40000",
        name: "cases",
        id: rawTree(repo, [
          { mode: "100644", name: "A.jsonl", id },
          { mode: "100644", name: "a.jsonl", id },
        ]),
      },
    ],
    /it differs from cases\/A\.jsonl in case alone/,
  ],
  ["a name with an escape in it", (_, id) => [{ mode: "100644", name: "a\u001b[2J", id }], /"a\\u001b\[2J"/],
])("E5 a tree with %s is refused", async ([, entries, words]) => {
  const repo = repository({});
  const own = { mode: "100644", name: "tally.toml", id: blob(repo, contract) } as const;
  commitTree(repo, rawTree(repo, [own, ...entries(repo, blob(repo, "{}\n"))]), "evil");
  const answer = await said(`git+file://${repo.root}#evil`);
  expect(answer).toMatch(/^2 error\[suite-path\]: /);
  expect(answer).toMatch(words);
});

test.for([
  ["tests/etc", "/etc"],
  ["cases/up.jsonl", "../../up.jsonl"],
  ["cases", "/srv/cases"],
  ["cases/loop.jsonl", "loop.jsonl"],
])("E5 a symlink that leads out of the suite is refused: %s", async ([path = "", target = ""]) => {
  const repo = repository({ "tally.toml": contract });
  const link = { mode: "120000", name: path.split("/").at(-1) ?? "", id: blob(repo, target) } as const;
  const folder = path.split("/").at(-2);
  const entry: RawEntry = folder === undefined ? link : { mode: "40000", name: folder, id: rawTree(repo, [link]) };
  commitTree(repo, rawTree(repo, [{ mode: "100644", name: "tally.toml", id: blob(repo, contract) }, entry]), "evil");
  expect(await said(`git+file://${repo.root}#evil`)).toMatch(
    /^2 error\[suite-link\]: The suite has a symlink that leads out of it: /,
  );
});

test("E5 a symlink that no suite reaches harms nobody", async () => {
  const repo = repository(suite);
  const entries = repo
    .git("ls-tree", "HEAD")
    .split("\n")
    .map((line): RawEntry => {
      const [, mode = "", id = "", name = ""] = /^(\d+) \w+ (\w+)\t(.*)$/.exec(line) ?? [];
      return { mode: mode === "040000" ? "40000" : "100644", name, id };
    });
  commitTree(
    repo,
    rawTree(repo, [...entries, { mode: "120000", name: "zz", id: blob(repo, "/etc/passwd") }]),
    "linked",
  );
  expect(await said(`git+file://${repo.root}#linked`)).toBe("0 ");
});

test("E5 a tree of hundreds of thousands of files is too large", async () => {
  const repo = repository({});
  const id = blob(repo, "");
  const flat = rawTree(
    repo,
    Array.from({ length: 1000 }, (_, i) => ({ mode: "100644", name: `f${String(i).padStart(4, "0")}`, id })),
  );
  const folders = Array.from({ length: 250 }, (_, i): RawEntry => ({
    mode: "40000",
    name: `d${String(i).padStart(3, "0")}`,
    id: flat,
  }));
  commitTree(
    repo,
    rawTree(repo, [...folders, { mode: "100644", name: "tally.toml", id: blob(repo, contract) }]),
    "many",
  );
  expect(await said(`git+file://${repo.root}#many`)).toMatch(/^2 error\[git-large\]: /);
});

test("E6 a git that hangs is ended", async () => {
  const { root } = repository(suite);
  const bin = project({ git: "#!/bin/sh\nexec sleep 600\n" }).root;
  chmodSync(join(bin, "git"), 0o755);
  mkdirSync(join(bin, "empty"));
  const answer = await said(`git+file://${root}`, { PATH: `${bin}:${process.env["PATH"]}`, TALLY_MAX_TIME: "300ms" });
  expect(answer).toBe("2 error[git-deadline]: git rev-parse was not done after 0.3 s and was ended.");
});
