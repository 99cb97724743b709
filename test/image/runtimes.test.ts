/** The image under the runtimes that others use, started as a guide would: what only they do, they do here. */
import { spawnSync } from "node:child_process";
import { chownSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { unpackImage, withoutContainers } from "../kit/container.ts";
import { packExample, removePacked } from "../kit/packed-image.ts";

const script = fileURLToPath(new URL("../kit/enter-with-runtime.sh", import.meta.url));
const example = resolve("examples/sqli");
const right = `${process.execPath} ${example}/production/server.mjs 8080`;
const wrong = `${process.execPath} ${example}/production/server-first-attempt.mjs 8080`;
const one = ["-k", `"(null)" has 1`];

const own = packExample(process.arch === "arm64" ? "linux/arm64" : "linux/amd64");
const reason = "reason" in own ? own.reason : withoutContainers;
const tar = "tar" in own ? own.tar : "";
afterAll(removePacked);
if (reason !== undefined) process.stderr.write(`skipped test/image/runtimes: ${reason}\n`);

function folder(owner = 0): string {
  const made = mkdtempSync(join(tmpdir(), "tally-runtime-"));
  chownSync(made, owner, owner);
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

interface Said {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a runtime's command beside a server, in a network without anything else. */
function runtime(command: readonly string[], server = ""): Said {
  const words = ["--net", "--mount", "/bin/bash", script, server, ...command];
  const { status, stderr, stdout } = spawnSync("unshare", words, { encoding: "utf8" });
  return { exit: status, stderr, stdout };
}

/** Why no runtime can be called here. */
function whyNot(program: string): string | undefined {
  if (version(program) === undefined) return `no ${program} on this machine`;
  const { exit, stderr } = runtime(["true"]);
  return exit === 0 ? undefined : `control groups cannot be mounted here: ${stderr.slice(0, 200)}`;
}

function version(program: string): string | undefined {
  const { error, stdout } = spawnSync(program, ["--version"], { encoding: "utf8" });
  return error ? undefined : stdout.split("\n")[0];
}

describe.skipIf(reason !== undefined)("podman", () => {
  test(
    "loads the image and runs it as it comes: red, green, reports, a read-only root",
    { timeout: 120_000 },
    ({ skip }) => {
      const missing = whyNot("podman");
      skip(missing !== undefined, missing);
      const storage = folder();
      const podman = ["podman", "--root", `${storage}/root`, "--runroot", `${storage}/run`, "--storage-driver", "vfs"];
      const loaded = runtime([...podman, "load", "--quiet", "--input", tar]);
      expect(loaded).toMatchObject({ exit: 0, stdout: expect.stringContaining("sqli-ml-test:1.0.0") });
      // Control groups and higher limits are not for everybody who may make namespaces.
      const plain = [
        "--rm",
        "--network",
        "host",
        "--cgroups=disabled",
        "--ulimit",
        "nofile=1024",
        "--ulimit",
        "nproc=1024",
      ];
      const run = (server: string, options: readonly string[], ...args: string[]): Said =>
        runtime([...podman, "run", ...plain, ...options, "sqli-ml-test:1.0.0", ...args], server);
      const first = run("", [], "--version");
      skip(first.exit === 126 || first.exit === 127, `podman runs nothing here: ${first.stderr.slice(0, 200)}`);
      expect(first).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^tally \d/) });
      const endpoint = ["-e", "ENDPOINT=http://localhost:8080"];
      expect(run(right, endpoint, "--quiet")).toMatchObject({
        exit: 0,
        stdout: expect.stringContaining(" 374 passed in "),
      });
      const out = folder(65532);
      const strict = [...endpoint, "--read-only", "--cap-drop", "ALL", "-v", `${out}:/out`];
      expect(run(wrong, strict, "--quiet", ...one)).toMatchObject({ exit: 1, stderr: "" });
      expect(readdirSync(out)).toEqual(expect.arrayContaining(["events.ndjson", "index.html", "junit.xml"]));
      expect(run(right, strict, "replay", "9b2fa83c")).toMatchObject({
        exit: 0,
        stdout: expect.stringMatching(/^FIXED /m),
      });
      const unreachable = run("", endpoint, "--quiet");
      expect(unreachable.stdout.replaceAll(/\s+/g, " ")).toContain("host.docker.internal");
      expect(unreachable.exit).toBe(3);
      const others = run(right, [...endpoint, "-v", `${folder(0)}:/out`]);
      expect(others).toMatchObject({ exit: 2, stderr: expect.stringMatching(/^error\[out-mounted\]: /) });
    },
  );
});

describe.skipIf(reason !== undefined).for(["crun", "runc"])("%s", (program) => {
  test("runs the image's own entrypoint", { timeout: 120_000 }, ({ skip }) => {
    const missing = whyNot(program);
    skip(missing !== undefined, missing);
    const image = unpackImage(tar);
    onTestFinished(() => image[Symbol.dispose]());
    const bundle = resolve(image.root, "..");
    const state = folder();
    const run = (server: string, ...args: string[]): Said => {
      writeFileSync(join(bundle, "config.json"), JSON.stringify(configOf(program, bundle, image.settings, args)));
      const disabled = program === "crun" ? ["--cgroup-manager=disabled"] : [];
      return runtime(
        [program, "--root", state, ...disabled, "run", "--bundle", bundle, `tally-${process.pid}`],
        server,
      );
    };
    const first = run("", "--version");
    skip(/cgroup|not permitted/.test(first.stderr), `${program} runs nothing here: ${first.stderr.slice(0, 200)}`);
    expect(first).toMatchObject({ exit: 0, stderr: "", stdout: expect.stringMatching(/^tally \d/) });
    expect(run(right, "--quiet")).toMatchObject({ exit: 0, stdout: expect.stringContaining(" 374 passed in ") });
    expect(run(wrong, "--quiet", ...one)).toMatchObject({ exit: 1 });
  });
});

/**
 * What the runtime suggests, with the image's own settings, no capabilities, the network it is called in, and no control groups. Whoever
 * calls a runtime brings the names of hosts: Docker, podman and Kubernetes do.
 */
function configOf(
  program: string,
  bundle: string,
  settings: ReturnType<typeof unpackImage>["settings"],
  args: string[],
) {
  rmSync(join(bundle, "config.json"), { force: true });
  const { status, stderr } = spawnSync(program, ["spec"], { cwd: bundle, encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} spec: ${stderr}`);
  const config = JSON.parse(readFileSync(join(bundle, "config.json"), "utf8"));
  const [uid = 0, gid = uid] = settings.User.split(":").map(Number);
  const none: string[] = [];
  const hosts = { destination: "/etc/hosts", type: "bind", source: "/etc/hosts", options: ["bind", "ro"] };
  const { resources: _, ...linux } = config.linux;
  return {
    ...config,
    root: { path: "rootfs", readonly: true },
    process: {
      ...config.process,
      terminal: false,
      args: [...settings.Entrypoint, ...args],
      env: [...(settings.Env ?? []), "ENDPOINT=http://localhost:8080"],
      cwd: settings.WorkingDir ?? "/",
      user: { uid, gid },
      rlimits: [],
      capabilities: { bounding: none, effective: none, inheritable: none, permitted: none, ambient: none },
    },
    mounts: [...config.mounts.filter(({ type }: { type: string }) => type !== "cgroup"), hosts],
    linux: {
      ...linux,
      namespaces: linux.namespaces.filter(({ type }: { type: string }) => type !== "cgroup" && type !== "network"),
    },
  };
}
