/** Tells whether "localhost" means a container, the usual reason why an endpoint on the host is not reached. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Docker and Podman each leave their file, Podman and others the variable `container`, Kubernetes its own. What leaves nothing
 * (containerd, a bare runtime) has an overlay for a root. `root` is where the file system begins.
 */
export function isInContainer(env: NodeJS.ProcessEnv = process.env, root = "/"): boolean {
  if ([".dockerenv", "run/.containerenv"].some((path) => existsSync(join(root, path)))) return true;
  if (env["container"] || env["KUBERNETES_SERVICE_HOST"]) return true;
  return hasOverlayRoot(join(root, "proc/self/mountinfo"));
}

/** Whether an address names the machine itself. */
export function isLocalhost(address: { readonly host: string; readonly socketPath?: string }): boolean {
  return address.socketPath === undefined && /^(localhost|127(\.\d+){3}|\[::1\]|0\.0\.0\.0)$/.test(address.host);
}

/** Live systems have one as well; they are not where suites run. */
function hasOverlayRoot(mountinfo: string): boolean {
  try {
    const mounts = readFileSync(mountinfo, "utf8").split("\n");
    return mounts.some((line) => line.split(" ")[4] === "/" && / - (overlay|fuse\.fuse-overlayfs) /.test(line));
  } catch {
    return false;
  }
}
