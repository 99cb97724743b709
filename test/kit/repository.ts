/** A real git repository in a folder of its own, with commits whose ids are the same everywhere. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

export interface Repository {
  readonly root: string;
  readonly write: (files: Readonly<Record<string, string | Uint8Array>>) => void;
  /** Runs git in it and gives what it writes, without the last line end. */
  readonly git: (...words: string[]) => string;
  /** Commits all that is there and gives the commit's id. */
  readonly commit: (message?: string) => string;
}

const who = { name: "Test", email: "test@localhost", date: "2026-03-01T12:00:00+01:00" };

/** Makes a repository whose first commit has these files; it is removed when the test ends. */
export function repository(files: Readonly<Record<string, string | Uint8Array>>): Repository {
  const made = repositoryAt(realpathSync(mkdtempSync(join(tmpdir(), "tally-repository-"))));
  onTestFinished(() => rmSync(made.root, { recursive: true, force: true }));
  made.write(files);
  made.commit();
  return made;
}

/** The same in a folder that is there and that somebody else removes; without a commit. */
export function repositoryAt(root: string): Repository {
  const env = {
    PATH: process.env["PATH"],
    HOME: root,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: who.name,
    GIT_AUTHOR_EMAIL: who.email,
    GIT_AUTHOR_DATE: who.date,
    GIT_COMMITTER_NAME: who.name,
    GIT_COMMITTER_EMAIL: who.email,
    GIT_COMMITTER_DATE: who.date,
  };
  const git = (...words: string[]): string =>
    execFileSync("git", words, { cwd: root, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).replace(
      /\n$/,
      "",
    );
  git("init", "--quiet", "--initial-branch=main");
  return {
    root,
    git,
    write: (more) => {
      for (const [path, content] of Object.entries(more)) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), content);
      }
    },
    commit: (message = "a change") => {
      git("add", "--all", "--force");
      git("commit", "--quiet", "--allow-empty", `--message=${message}`);
      return git("rev-parse", "HEAD");
    },
  };
}
