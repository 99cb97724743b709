/** An image, unpacked and entered without a daemon: `skopeo` and `tar` take it apart, `unshare`, `setpriv` and `chroot` are the runtime. */
import { spawn, spawnSync } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Ran } from "./project.ts";

const script = fileURLToPath(new URL("enter-container.sh", import.meta.url));

/** Why images cannot be entered here; undefined when they can. */
export const withoutContainers: string | undefined = whyNot();

function whyNot(): string | undefined {
  if (userInfo().uid !== 0) return "namespaces are made by root alone here";
  const missing = ["tar", "zstd", "skopeo", "unshare", "setpriv", "ip"].find(
    (tool) => spawnSync(tool, ["--version"]).error,
  );
  if (missing !== undefined) return `no ${missing} on this machine`;
  const tried = spawnSync("unshare", ["-n", "-m", "true"]);
  return tried.status === 0 ? undefined : "this machine lets nobody make namespaces";
}

/** What an image says of how it is started. */
export interface ImageSettings {
  readonly Entrypoint: readonly string[];
  readonly Env?: readonly string[];
  readonly User: string;
  readonly WorkingDir?: string;
}

export interface UnpackedImage extends Disposable {
  readonly root: string;
  readonly settings: ImageSettings;
}

/** Takes an image in a tar apart with Debian's own tools, for one architecture. */
export function unpackImage(tar: string, architecture = process.arch === "arm64" ? "arm64" : "amd64"): UnpackedImage {
  const folder = mkdtempSync(join(tmpdir(), "tally-image-"));
  const run = (program: string, ...words: string[]): string => {
    const ran = spawnSync(program, words, { encoding: "utf8" });
    if (ran.status !== 0) throw new Error(`${program} ${words.join(" ")}: ${ran.stderr}`);
    return ran.stdout;
  };
  const at = ["--override-os", "linux", "--override-arch", architecture];
  run("skopeo", ...at, "copy", "--quiet", `oci-archive:${tar}`, `oci:${folder}/layout:x`);
  const config = run("skopeo", "inspect", "--config", `oci:${folder}/layout:x`);
  // Layer on layer, as a runtime does it; umoci 0.4 knows no zstd.
  const root = join(folder, "rootfs");
  mkdirSync(root);
  const { Layers: layers }: { Layers: string[] } = JSON.parse(run("skopeo", "inspect", `oci:${folder}/layout:x`));
  for (const digest of layers) {
    const blob = `${folder}/layout/blobs/${digest.replace(":", "/")}`;
    // GNU tar sees by itself how it is packed.
    run("tar", "--same-permissions", "--same-owner", "-xf", blob, "-C", root);
    removeWhiteouts(root);
  }
  return {
    root,
    settings: JSON.parse(config).config,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** What a layer takes away of those below it. */
function removeWhiteouts(root: string): void {
  for (const path of globSync("**/.wh.*", { cwd: root })) {
    rmSync(join(root, path));
    rmSync(join(root, dirname(path), basename(path).slice(".wh.".length)), { recursive: true, force: true });
  }
}

export interface Entering {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** `UID:GID`; the image's own unless told. */
  readonly user?: string;
  /** Folder that is mounted at /out, to be written to. */
  readonly out?: string;
  /** Folders that are mounted to be read, by the place where they appear. */
  readonly mounts?: Readonly<Record<string, string>>;
  /** Command that answers on port 8080 of the same network; with several, by port. */
  readonly server?: string | Readonly<Record<number, string>>;
  /** Folder to start in; the image's own unless told. */
  readonly workdir?: string;
  /** Instead of the image's entrypoint. */
  readonly entrypoint?: readonly string[];
}

/** Runs an image to its end. */
export function enter({ root, settings }: UnpackedImage, entering: Entering = {}): Promise<Ran> {
  const { args = [], entrypoint = settings.Entrypoint, env = {}, mounts = {}, out, server = {} } = entering;
  const [id = "65532", group = id] = (entering.user ?? settings.User).split(":");
  const own = (settings.Env ?? []).map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]);
  const namespaces = ["--net", "--mount", "--pid", "--fork", "--kill-child"];
  const servers = Object.entries(typeof server === "string" ? { 8080: server } : server);
  const around = [
    ...Object.entries(mounts).flatMap(([to, from]) => ["mount", from, to, "ro"]),
    ...(out === undefined ? [] : ["mount", out, "/out", "rw"]),
    ...servers.flatMap(([port, command]) => ["server", port, command]),
  ];
  const place = entering.workdir ?? settings.WorkingDir ?? "/";
  const words = [script, root, `${id}:${group}`, place, ...around, "--", ...entrypoint, ...args];
  const child = spawn("unshare", [...namespaces, "/bin/bash", ...words], {
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", ...Object.fromEntries(own), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return new Promise((resolve) => {
    child.once("close", (exit, signal) => resolve({ exit, signal, stdout, stderr }));
  });
}
