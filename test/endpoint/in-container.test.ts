import { expect, test } from "vitest";
import { isInContainer, isLocalhost } from "../../src/endpoint/in-container.ts";
import { project } from "../kit/project.ts";

const mount = (root: string): string =>
  `27 2 254:0 / /boot rw - ext4 /dev/vda1 rw\n28 2 0:40 / / rw,relatime master:1 - ${root} rw,lowerdir=/l\n`;

test.for<[string, Readonly<Record<string, string>>, Readonly<Record<string, string>>, boolean]>([
  ["Docker", { ".dockerenv": "" }, {}, true],
  ["Podman", { "run/.containerenv": "" }, {}, true],
  ["Podman without its file", {}, { container: "podman" }, true],
  ["Kubernetes", {}, { KUBERNETES_SERVICE_HOST: "10.0.0.1" }, true],
  ["containerd", { "proc/self/mountinfo": mount("overlay overlay") }, {}, true],
  ["a rootless runtime", { "proc/self/mountinfo": mount("fuse.fuse-overlayfs fuse-overlayfs") }, {}, true],
  ["a machine", { "proc/self/mountinfo": mount("ext4 /dev/vda1") }, {}, false],
  [
    "a machine with an overlay elsewhere",
    { "proc/self/mountinfo": mount("ext4 /dev/vda1").replace("/boot rw - ext4", "/merged rw - overlay") },
    {},
    false,
  ],
  ["a system without /proc", {}, {}, false],
])("a container is known by what its runtime leaves: %s", ([, files, env, expected]) => {
  expect(isInContainer(env, project(files).root)).toBe(expected);
});

test("localhost is the machine itself, in every spelling", () => {
  const hosts = ["localhost", "127.0.0.1", "127.1.2.3", "[::1]", "0.0.0.0", "example.org", "host.docker.internal"];
  expect(hosts.filter((host) => isLocalhost({ host }))).toEqual(hosts.slice(0, 5));
  expect(isLocalhost({ host: "localhost", socketPath: "/run/m.sock" })).toBe(false);
});
