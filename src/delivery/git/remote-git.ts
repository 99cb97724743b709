/**
 * A repository somewhere else: which refs it has, and the one commit that is wanted, fetched into a private bare repository.
 * The user's own configuration counts (credentials, proxies, keys); over the wire there are HTTPS and SSH alone, nobody is asked
 * for anything, and a deadline and a size end what would not end.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates } from "node:tls";
import { signalGroup, startWatchdog } from "../../connector/child-program.ts";
import { tallyError } from "../../kernel/errors.ts";
import { withoutSecrets } from "../suite-address.ts";
import { gitEnvironment, type GitPlace, hardening, runGit } from "./run-git.ts";

export interface RemoteOptions {
  readonly deadlineMs?: number | undefined;
  /** PEM file with certificates to trust besides the system's. */
  readonly ca?: string | undefined;
}

/** A ref of a remote repository. */
export interface RemoteRef {
  /** `refs/tags/v1.4.0`, `HEAD`. */
  readonly name: string;
  readonly id: string;
}

const defaultDeadlineMs = 300_000;
const maxListBytes = 16 * 1024 * 1024;
const maxRepositoryMegabytes = 1024;
const lookEveryMs = 250;
const keptStderr = 4_000;
/** What of the user's environment leads to credentials, keys and proxies. */
const passedOn =
  "HOME USER LOGNAME XDG_CONFIG_HOME SSH_AUTH_SOCK GIT_SSH GIT_SSH_COMMAND GIT_ASKPASS http_proxy https_proxy HTTPS_PROXY no_proxy NO_PROXY ALL_PROXY GIT_SSL_CAINFO SSL_CERT_FILE".split(
    " ",
  );

export class RemoteRepository implements Disposable {
  readonly #url: string;
  readonly #options: RemoteOptions;
  readonly #folder: string;
  readonly git: GitPlace;

  constructor(url: string, options: RemoteOptions) {
    this.#url = url;
    this.#options = options;
    this.#folder = mkdtempSync(join(tmpdir(), "tally-git-"));
    try {
      runGit({ in: { folder: this.#folder }, words: ["init", "--quiet", "--bare", "repository"] });
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
    this.git = { gitDir: join(this.#folder, "repository"), deadlineMs: options.deadlineMs };
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** All branches and tags, and HEAD. */
  async refs(): Promise<readonly RemoteRef[]> {
    const listed = await this.#run(["ls-remote", "--quiet", "--", this.#url]);
    return listed.split("\n").flatMap((line): RemoteRef[] => {
      const [, id, name] = /^([0-9a-f]{40,64})\t(HEAD|refs\/(?:heads|tags)\/.+)$/.exec(line) ?? [];
      return id === undefined || name === undefined || name.endsWith("^{}") ? [] : [{ id, name }];
    });
  }

  /** Fetches these refs or commits, without what was before them. */
  async fetch(names: readonly string[]): Promise<void> {
    const specs = names.map((name) => `+${name}:${name.startsWith("refs/") ? name : `refs/tally/${name}`}`);
    const words = ["fetch", "--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head"];
    // Files that no suite may have are not even sent, where the server knows how.
    await this.#run([...words, "--filter=blob:limit=65m", "--", this.#url, ...specs]);
  }

  #run(words: readonly string[]): Promise<string> {
    const timeoutMs = this.#options.deadlineMs ?? defaultDeadlineMs;
    const child = spawn("git", [`--git-dir=${this.git.gitDir}`, ...hardening, ...words], {
      env: this.#environment(),
      // Without a terminal nothing can be asked at one; and what git starts ends with it.
      detached: process.platform !== "win32",
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
    });
    const watchdog = child.pid === undefined ? undefined : startWatchdog(child.pid);
    return this.#outcome(child, words[0] ?? "", timeoutMs).finally(() => watchdog?.end());
  }

  #outcome(child: ChildProcess, what: string, timeoutMs: number): Promise<string> {
    return new Promise((resolve, reject) => {
      const stdout: Buffer[] = [];
      let stderr = "";
      let received = 0;
      const end = (error: Error): void => {
        signalGroup(child, "SIGKILL");
        reject(error);
      };
      const tooLarge = (): void =>
        end(tallyError("git-large", { what: "the repository", limit: `${maxRepositoryMegabytes} MB` }));
      const deadline = setTimeout(
        () => end(tallyError("git-deadline", { what, seconds: timeoutMs / 1000 })),
        timeoutMs,
      );
      const looking = setInterval(() => {
        if (bytesBelow(this.git.gitDir) > maxRepositoryMegabytes * 1024 * 1024) tooLarge();
      }, lookEveryMs);
      child.stdout?.on("data", (chunk: Buffer) => {
        received += chunk.length;
        if (received > maxListBytes) tooLarge();
        else stdout.push(chunk);
      });
      child.stderr?.setEncoding("utf8").on("data", (text: string) => {
        stderr = (stderr + text).slice(-keptStderr);
      });
      child.once("error", (cause) => reject(tallyError("git-missing", { program: "git" }, { cause })));
      child.once("close", (status) => {
        if (status === 0) return resolve(Buffer.concat(stdout).toString("utf8"));
        const url = withoutSecrets(this.#url);
        return reject(tallyError("git-remote", { url, reason: reasonIn(stderr) }, { detail: withoutSecrets(stderr) }));
      });
      child.once("exit", () => {
        clearTimeout(deadline);
        clearInterval(looking);
      });
    });
  }

  #environment(): NodeJS.ProcessEnv {
    const { env } = process;
    const { GIT_CONFIG_GLOBAL: _global, GIT_CONFIG_NOSYSTEM: _system, ...hardened } = gitEnvironment(env);
    const own = Object.fromEntries(passedOn.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
    return { ...hardened, ...own, ...this.#trust(), SSH_ASKPASS_REQUIRE: "never", GIT_ALLOW_PROTOCOL: "https:ssh" };
  }

  /** git replaces its authorities by a file of ours: those of the system stand in it as well. */
  #trust(): NodeJS.ProcessEnv {
    const { ca } = this.#options;
    if (ca === undefined) return {};
    const file = join(this.#folder, "authorities.pem");
    try {
      writeFileSync(file, [...getCACertificates("default"), readFileSync(ca, "utf8")].join("\n"));
    } catch (cause) {
      const reason =
        cause instanceof Error && "code" in cause && cause.code === "ENOENT" ? "there is no such file" : String(cause);
      throw tallyError("endpoint-ca", { path: ca, reason }, { cause });
    }
    return { GIT_SSL_CAINFO: file };
  }
}

/** The line in which git says why. */
function reasonIn(stderr: string): string {
  const lines = withoutSecrets(stderr)
    .split("\n")
    .filter((line) => line.trim() !== "");
  const fatal = lines.find((line) => /^(fatal|error): /.test(line)) ?? lines.at(-1) ?? "it said nothing";
  return fatal.replace(/^(fatal|error): /, "").replace(/\.$/, "");
}

/** Of what has come so far; a file may go while it is looked at. */
function bytesBelow(folder: string): number {
  let total = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    total += statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0;
  }
  return total;
}
