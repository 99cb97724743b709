/**
 * Runs git over the objects of a repository that nobody vouches for: nothing is checked out, and neither its configuration nor
 * its hooks, filters or helpers are run. Comes in: words and bytes. Goes out: what git wrote, or how it failed. A deadline and
 * a size end what would not end.
 */
import { spawnSync } from "node:child_process";
import { tallyError } from "../../kernel/errors.ts";

/** A repository: absolute path of its git directory, and how long a command on it may take. */
export interface GitPlace {
  readonly gitDir: string;
  readonly deadlineMs?: number | undefined;
}

export interface GitCall {
  /** Folder to run in, or the git directory itself. */
  readonly in: GitPlace | { readonly folder: string; readonly deadlineMs?: number | undefined };
  readonly words: readonly string[];
  readonly input?: string;
  readonly maxBytes?: number;
}

export type GitAnswer =
  | { readonly ok: true; readonly stdout: Buffer }
  | { readonly ok: false; readonly status: number; readonly said: string };

/** Listing and reading objects of a local repository takes milliseconds. */
const defaultDeadlineMs = 60_000;
const maxAnswerBytes = 64 * 1024 * 1024;

/** What a repository's own configuration could otherwise make git run (CVE-2024-32002 and its relatives). */
const hardened = [
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "core.untrackedCache=false",
  "core.quotePath=false",
  "protocol.allow=never",
  "protocol.ext.allow=never",
  // Only objects are read; whose folder it is does not matter then.
  "safe.directory=*",
];

/** The words that stand before every command. */
export const hardening: readonly string[] = hardened.flatMap((setting) => ["-c", setting]);

/** An allow-list, and what keeps git from asking, from reading other configuration and from fetching on its own. */
export function gitEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.fromEntries(
    ["PATH", "TMPDIR", "SystemRoot"].flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  );
  return {
    ...kept,
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_NO_LAZY_FETCH: "1",
    GIT_ALLOW_PROTOCOL: "none",
  };
}

/** Runs git to its end. Throws `git-missing`, `git-deadline` and `git-large`; a failure of git itself is an answer. */
export function runGit({ in: place, words, input = "", maxBytes = maxAnswerBytes }: GitCall): GitAnswer {
  const timeout = place.deadlineMs ?? defaultDeadlineMs;
  const where = "gitDir" in place ? [`--git-dir=${place.gitDir}`] : ["-C", place.folder];
  const ran = spawnSync("git", [...where, ...hardening, ...words], {
    env: gitEnvironment(process.env),
    input,
    timeout,
    killSignal: "SIGKILL",
    maxBuffer: maxBytes,
    windowsHide: true,
  });
  const code = ran.error && "code" in ran.error ? ran.error.code : undefined;
  if (code === "ENOENT") throw tallyError("git-missing", { program: "git" }, { cause: ran.error });
  if (code === "ETIMEDOUT") throw tallyError("git-deadline", { what: words[0] ?? "", seconds: timeout / 1000 });
  if (code === "ENOBUFS")
    throw tallyError("git-large", { what: `what git ${words[0]} says`, limit: `${Math.ceil(maxBytes / 1048576)} MB` });
  if (ran.status === 0) return { ok: true, stdout: ran.stdout };
  return { ok: false, status: ran.status ?? -1, said: ran.stderr?.toString("utf8").trim() ?? String(ran.error) };
}

/** The text that git wrote, without its last line end; undefined when it failed. */
export function gitText(call: GitCall): string | undefined {
  const answer = runGit(call);
  return answer.ok ? answer.stdout.toString("utf8").replace(/\n$/, "") : undefined;
}
