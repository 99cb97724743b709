/** What can be wrong with a suite on its way: each is one error, and nothing half-read is run. */
import { chmodSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { deliveredSuite } from "../../kit/archive.ts";
import { contract } from "../../kit/length-model.ts";
import { type Repository, repositoryAt } from "../../kit/repository.ts";
import type { Arranged, Provocation } from "./provocation.ts";

const suite = {
  "tally.toml": contract,
  "cases/process.jsonl": `{"name":"short","input":{"text":"abc"},"expect":{"length":3}}\n`,
};

/** `tally list` of a suite in a repository; `change` makes the repository what is provoked, and may name the ref. */
function inGit(
  fact: string,
  codes: Provocation["codes"],
  change: (repo: Repository) => string | Arranged | undefined,
): Provocation {
  return {
    fact,
    codes,
    exit: 2,
    args: ["list"],
    arrange: ({ root }) => {
      mkdirSync(join(root, "repository"));
      const repo = repositoryAt(join(root, "repository"));
      repo.write(suite);
      repo.commit();
      const changed = change(repo);
      const ref = typeof changed === "string" ? changed : "main";
      const { args = [], env = {} } = typeof changed === "object" ? changed : {};
      return {
        args: [`--suite=git+file://${repo.root}#${ref}`, ...args],
        env: { XDG_CACHE_HOME: join(root, "cache"), ...env },
      };
    },
    // Ids of objects are the same everywhere; what git says of its folder is not.
    normal: (text) => text.replaceAll(/\/tmp\/[\w./-]+/g, "<path>"),
  };
}

export const deliveryProvocations: readonly Provocation[] = [
  {
    fact: "a suite of a transport that runs programs",
    codes: ["suite-address"],
    args: ["list", "--suite", "git+ext::sh -c id"],
    exit: 2,
  },
  {
    fact: "a suite of a folder that is in no repository",
    codes: ["git-repository"],
    args: ["list"],
    arrange: ({ root }) => ({ args: [`--suite=git+file://${root}`] }),
    exit: 2,
  },
  {
    fact: "a remote repository that cannot be reached",
    codes: ["git-remote"],
    args: ["list", "--suite", "git+https://127.0.0.1:1/x.git"],
    exit: 2,
    // How the library says it changes from version to version.
    normal: (text) => text.replaceAll(/unable to access .*/g, "<reason>"),
  },
  {
    fact: "a suite that is not there",
    codes: ["suite-absent"],
    args: ["list", "--suite", "suites/lengths"],
    exit: 2,
  },
  inGit("a ref that does not exist", ["git-ref"], () => "v9"),
  inGit("a ref that begins with a hyphen", ["git-ref"], () => "--output=x"),
  inGit("a ref that names a tree", ["git-ref"], ({ git }) => git("rev-parse", "HEAD^{tree}")),
  inGit("a ref without a suite", ["suite-absent"], () => "main:models/lengths"),
  inGit("a machine without git", ["git-missing"], () => ({ env: { PATH: "/var/empty" } })),
  inGit("a git that hangs", ["git-deadline"], ({ root, write }) => {
    write({ "bin/git": "#!/bin/sh\nexec sleep 600\n" });
    chmodSync(join(root, "bin/git"), 0o755);
    return { env: { PATH: `${root}/bin:${process.env["PATH"]}`, TALLY_MAX_TIME: "300ms" } };
  }),
  inGit("a file in git that is too large for a suite", ["git-large"], (repo) => {
    repo.write({ "cases/large.jsonl": Buffer.alloc(65 * 1024 * 1024) });
    repo.commit();
    return undefined;
  }),
  inGit("a repository without one of its objects", ["git-object"], ({ git, root }) => {
    const id = git("rev-parse", "HEAD:cases/process.jsonl");
    rmSync(join(root, ".git/objects", id.slice(0, 2), id.slice(2)));
    return undefined;
  }),
  inGit("a suite in git with a symlink that leads out of it", ["suite-link"], (repo) => {
    symlinkSync("/etc/hosts", join(repo.root, "cases/hosts.csv"));
    repo.commit();
    return undefined;
  }),
  inGit("a suite in git with two files that are one elsewhere", ["suite-path"], (repo) => {
    repo.write({ "cases/Process.jsonl": "" });
    repo.commit();
    return undefined;
  }),
  {
    fact: "a report into the suite that was unpacked",
    codes: ["out-in-suite"],
    files: Object.fromEntries(deliveredSuite(suite)),
    args: ["test", "-e", "http://127.0.0.1:9", "--out", "report"],
    exit: 2,
  },
];
