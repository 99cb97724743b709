import { readdirSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { authority, serveGit, serveSsh, withoutSshd } from "../kit/git-server.ts";
import { contract } from "../kit/length-model.ts";
import { project, type Ran } from "../kit/project.ts";
import { repository, type Repository } from "../kit/repository.ts";

const suite = {
  "tally.toml": contract,
  "cases/process.jsonl": `{"name":"short","input":{"text":"abc"},"expect":{"length":3}}\n`,
};

/** A repository with two versions of a suite, a branch without one, and one that is broken. */
function versions(): Repository {
  const repo = repository(suite);
  repo.git("tag", "v1.0.0");
  repo.write({
    "tally.toml": contract.replace("1.0.0", "1.1.0"),
    "cases/more.jsonl": `{"name":"more","operation":"process","input":{"text":""}}\n`,
  });
  repo.commit();
  repo.git("tag", "--annotate", "--message=release", "v1.1.0");
  repo.git("checkout", "--quiet", "--orphan", "empty");
  repo.git("rm", "-r", "--quiet", "--force", ".");
  repo.commit();
  repo.git("checkout", "--quiet", "-b", "broken", "v1.0.0");
  repo.write({ "tally.toml": "[model\n" });
  repo.commit();
  repo.git("tag", "a-tree", "HEAD^{tree}");
  repo.git("checkout", "--quiet", "main");
  repo.git("clone", "--quiet", "--bare", ".", "suite.git");
  return repo;
}

interface Caller {
  readonly tally: (...words: string[]) => Promise<Ran>;
  readonly root: string;
}

/** A folder to call from, with a temporary folder of its own; nothing is left there. */
function caller(env: Readonly<Record<string, string>> = {}): Caller {
  const here = project({ "tmp/.keep": "" });
  const own = { HOME: here.root, XDG_CACHE_HOME: join(here.root, "cache"), TMPDIR: join(here.root, "tmp"), ...env };
  return {
    root: here.root,
    tally: async (...words) => {
      const ran = await here.tally(words, { env: own });
      expect(readdirSync(join(here.root, "tmp"))).toEqual([".keep"]);
      return ran;
    },
  };
}

function idsOf({ stderr, stdout }: Ran): string[] {
  expect(stderr).toBe("");
  return JSON.parse(stdout).tests.map(({ id }: { id: string }) => id);
}

const first = ["cases/process.jsonl > short"];
const both = ["cases/more.jsonl > more", "cases/process.jsonl > short"];

test("a tag, a branch and a commit of a remote repository over HTTPS give the suite of that time", async () => {
  const repo = versions();
  await using server = await serveGit(repo.root);
  const { tally } = caller();
  const list = async (ref: string): Promise<string[]> =>
    idsOf(await tally("list", "--json", "--ca", authority, `--suite=git+${server.origin}/suite.git${ref}`));
  expect(await list("#v1.0.0")).toEqual(first);
  expect(await list("#v1.1.0")).toEqual(both);
  expect(await list("#main")).toEqual(both);
  expect(await list("")).toEqual(both);
  expect(await list(`#${repo.git("rev-parse", "v1.0.0")}`)).toEqual(first);
});

test("just the commit that is wanted is fetched", async () => {
  const repo = versions();
  await using server = await serveGit(repo.root);
  const { tally } = caller();
  await tally("list", "--ca", authority, `--suite=git+${server.origin}/suite.git#v1.0.0`);
  expect(server.asked).toEqual([
    "GET /suite.git/info/refs?service=git-upload-pack",
    "POST /suite.git/git-upload-pack",
    "GET /suite.git/info/refs?service=git-upload-pack",
    "POST /suite.git/git-upload-pack",
    "POST /suite.git/git-upload-pack",
  ]);
});

test("a suite of a remote repository is the one of the repository here, digest for digest", async () => {
  const repo = versions();
  await using server = await serveGit(repo.root);
  const { tally } = caller();
  const remote = await tally("versions", "--json", "--ca", authority, `--suite=git+${server.origin}/suite.git`);
  const here = await tally("versions", "--json", `--suite=git+file://${repo.root}`);
  expect(remote.stderr).toBe("");
  expect(JSON.parse(remote.stdout)).toEqual(JSON.parse(here.stdout));
});

test("versions are the refs that hold a suite, the newest first; a broken one is told", async () => {
  const repo = versions();
  const { tally } = caller();
  const { exit, stdout } = await tally("versions", "--suite", repo.root);
  expect(`exit ${exit}\n${stdout}`).toMatchInlineSnapshot(`
    "exit 0
    REF     KIND    COMMITTED             VERSION  DIGEST
    broken  branch  2026-03-01T11:00:00Z           error[contract-syntax]
    main    branch  2026-03-01T11:00:00Z  1.1.0    sha256:49c612ad2822
    v1.0.0  tag     2026-03-01T11:00:00Z  1.0.0    sha256:5480e6a68137
    v1.1.0  tag     2026-03-01T11:00:00Z  1.1.0    sha256:49c612ad2822
    "
  `);
});

test("a password for a repository comes from where git keeps it, and is never asked for", async () => {
  const repo = versions();
  await using server = await serveGit(repo.root, "tally:secret");
  const { root, tally } = caller();
  const address = `--suite=git+${server.origin}/suite.git#v1.0.0`;
  const refused = await tally("list", "--json", "--ca", authority, address);
  expect(refused.exit).toBe(2);
  expect(refused.stderr).toMatch(
    /^error\[git-remote\]: git gets nothing from https:\/\/localhost:\d+\/suite\.git: could not read Username/,
  );
  writeFileSync(join(root, ".git-credentials"), `${server.origin.replace("//", "//tally:secret@")}\n`);
  writeFileSync(join(root, ".gitconfig"), "[credential]\n\thelper = store\n");
  expect(idsOf(await tally("list", "--json", "--ca", authority, address))).toEqual(first);
});

test("a password in an address is not repeated in what is said", async () => {
  const repo = versions();
  await using server = await serveGit(repo.root, "tally:secret");
  const { tally } = caller();
  const origin = server.origin.replace("//", "//tally:not-this-one@");
  const { exit, stderr, stdout } = await tally("list", "--ca", authority, `--suite=git+${origin}/suite.git`);
  expect(exit).toBe(2);
  expect(stderr).toContain("error[git-remote]");
  expect(stderr + stdout).not.toContain("not-this-one");
  const token = await tally(
    "list",
    "--ca",
    authority,
    `--suite=git+${server.origin.replace("//", "//not-this-one@")}/x.git`,
  );
  expect(token.exit).toBe(2);
  expect(token.stderr + token.stdout).not.toContain("not-this-one");
});

test.skipIf(withoutSshd !== undefined)(
  "a repository over SSH gives its suite with the keys of git's own configuration",
  async () => {
    const repo = versions();
    await using server = await serveSsh();
    const { root, tally } = caller();
    const address = `--suite=git+${server.origin}${repo.root}/suite.git#v1.0.0`;
    expect((await tally("list", address)).stderr).toMatch(/^error\[git-remote\]/);
    writeFileSync(join(root, ".gitconfig"), `[core]\n\tsshCommand = ${server.command}\n`);
    expect(idsOf(await tally("list", "--json", address))).toEqual(first);
  },
);

test("E6 a server that never answers is left after the deadline, and git with it", async () => {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const { port } = silent.address() as AddressInfo;
  const { tally } = caller({ TALLY_MAX_TIME: "500ms" });
  const { exit, stderr } = await tally("list", `--suite=git+https://127.0.0.1:${port}/x.git`);
  expect(`${exit} ${stderr.split("\n")[0]}`).toBe(
    "2 error[git-deadline]: git ls-remote was not done after 0.5 s and was ended.",
  );
  silent.close();
});

test("a ref that a remote repository does not have is said with the nearest one", async () => {
  const repo = versions();
  await using server = await serveGit(repo.root);
  const { tally } = caller();
  const { exit, stderr } = await tally("list", "--ca", authority, `--suite=git+${server.origin}/suite.git#v1.0.1`);
  expect(exit).toBe(2);
  expect(stderr).toMatch(
    /^error\[git-ref\]: "v1\.0\.1" is not a revision: https:\/\/localhost:\d+\/suite\.git has nothing of this name; the nearest is v1\.[01]\.0\.\n/,
  );
});
