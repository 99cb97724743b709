/** Tells whether "localhost" means a container, the usual reason why an endpoint on the host is not reached. */
import { existsSync } from "node:fs";

/** Docker and Podman each leave their file. */
export function isInContainer(): boolean {
  return existsSync("/.dockerenv") || existsSync("/run/.containerenv");
}

/** Whether an address names the machine itself. */
export function isLocalhost(address: { readonly host: string; readonly socketPath?: string }): boolean {
  return address.socketPath === undefined && /^(localhost|127(\.\d+){3}|\[::1\]|0\.0\.0\.0)$/.test(address.host);
}
