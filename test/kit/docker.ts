/** A Docker daemon of its own: data, socket and everything in a folder that is removed. It needs root, and no network. */
import { spawn, spawnSync, type SpawnSyncReturns } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";

export interface Docker extends AsyncDisposable {
  /** What DOCKER_HOST has to be for others to speak to it. */
  readonly host: string;
  /** Runs `docker …` to its end. */
  readonly run: (...words: readonly string[]) => SpawnSyncReturns<string>;
}

/** Why there can be none on this machine; undefined when there may. */
export function withoutDocker(): string | undefined {
  if (userInfo().uid !== 0) return "a Docker daemon needs root";
  const missing = ["dockerd", "docker"].find((program) => spawnSync(program, ["--version"]).error);
  return missing === undefined ? undefined : `no ${missing} on this machine`;
}

const startMs = 40_000;

/** Starts a daemon; gives why it did not come up where it may not run. */
export async function startDocker(): Promise<Docker | { readonly reason: string }> {
  const folder = mkdtempSync(join(tmpdir(), "tally-docker-"));
  const socket = `unix://${folder}/docker.sock`;
  const places = ["--data-root", `${folder}/data`, "--exec-root", `${folder}/exec`, "--pidfile", `${folder}/pid`];
  const plain = ["--storage-driver", "vfs", "--iptables=false", "--ip6tables=false", "--bridge=none"];
  const daemon = spawn("dockerd", ["-H", socket, ...places, ...plain], { stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  daemon.stderr.setEncoding("utf8").on("data", (text: string) => (log = (log + text).slice(-4000)));
  const run = (...words: readonly string[]): SpawnSyncReturns<string> =>
    spawnSync("docker", ["-H", socket, ...words], { encoding: "utf8", timeout: 120_000 });
  const docker: Docker = {
    host: socket,
    run,
    [Symbol.asyncDispose]: async () => {
      if (daemon.exitCode === null && daemon.kill("SIGTERM")) await once(daemon, "exit");
      unmountBelow(folder);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  const until = performance.now() + startMs;
  while (daemon.exitCode === null && performance.now() < until) {
    if (run("info", "--format", "{{.ServerVersion}}").status === 0) return docker;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await docker[Symbol.asyncDispose]();
  return { reason: `dockerd does not run here: ${log.trim().split("\n").at(-1)?.slice(0, 300) ?? "it said nothing"}` };
}

/** A daemon for all tests of a `describe`; each takes it with its `skip`, for it may not run here. */
export function sharedDocker(): (skip: (condition: boolean, note: string) => void) => Docker {
  let docker: Docker | undefined;
  let refused = "";
  beforeAll(async () => {
    const started = await startDocker();
    if ("reason" in started) refused = started.reason;
    else docker = started;
  }, 60_000);
  afterAll(async () => docker?.[Symbol.asyncDispose](), 60_000);
  return (skip) => {
    skip(docker === undefined, refused);
    if (docker === undefined) throw new Error(refused);
    return docker;
  };
}

/** What a daemon that was ended in the middle leaves mounted. */
function unmountBelow(folder: string): void {
  const mounted = readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[1] ?? "")
    .filter((path) => path.startsWith(`${folder}/`));
  for (const path of mounted.toReversed()) spawnSync("umount", ["--lazy", path]);
}
