/** A real registry, Debian's docker-registry, on a port of its own; with a password or a token service if asked. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Registry extends AsyncDisposable {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  /** Where it keeps blobs. */
  readonly root: string;
  readonly stop: () => Promise<void>;
}

/** Why it cannot be started here; undefined when it can. */
export const withoutRegistry: string | undefined =
  spawnSync("docker-registry", ["--version"]).status === 0 ? undefined : "no docker-registry on this machine";

/** The user and password of `htpasswd`, hashed by `htpasswd -nbB tally secret`. */
export const user = { name: "tally", password: "secret" };
const htpasswd = "tally:$2y$05$StW5nFx/3u5KpQG/.iAMmuq3.QzLI3zh4LwmQquxEn0VqyVEDKKxa\n";

/** PEM files. */
export interface RegistryTls {
  readonly certificate: string;
  readonly key: string;
}

/** Starts one and waits until it listens. `auth` is a block of its configuration. */
export async function startRegistry(auth: "none" | "htpasswd" | object = "none", tls?: RegistryTls): Promise<Registry> {
  const root = mkdtempSync(join(tmpdir(), "tally-registry-"));
  writeFileSync(join(root, "htpasswd"), htpasswd);
  const block = auth === "htpasswd" ? { htpasswd: { realm: "test", path: join(root, "htpasswd") } } : auth;
  const config = {
    version: 0.1,
    log: { level: "info", formatter: "text" },
    storage: { filesystem: { rootdirectory: join(root, "data") } },
    http: { addr: "127.0.0.1:0", ...(tls === undefined ? {} : { tls }) },
    ...(block === "none" ? {} : { auth: block }),
  };
  // JSON is YAML.
  writeFileSync(join(root, "config.yml"), JSON.stringify(config));
  const child = spawn("docker-registry", ["serve", join(root, "config.yml")], { stdio: ["ignore", "pipe", "pipe"] });
  const host = await listening(child);
  const stop = async (): Promise<void> => {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    if (child.exitCode === null && child.kill("SIGKILL")) await ended;
    rmSync(root, { recursive: true, force: true });
  };
  return { host, root, stop, [Symbol.asyncDispose]: stop };
}

function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let log = "";
    const look = (text: string): void => {
      log += text;
      const host = /listening on (127\.0\.0\.1:\d+)/.exec(log)?.[1];
      if (host !== undefined) resolve(host);
    };
    child.stdout?.setEncoding("utf8").on("data", look);
    child.stderr?.setEncoding("utf8").on("data", look);
    child.once("exit", (code) => reject(new Error(`docker-registry ended with ${code}:\n${log}`)));
  });
}
