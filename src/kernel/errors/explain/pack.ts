import type { packErrors } from "../pack-errors.ts";
import type { Explanations } from "./explanation.ts";

export const packExplanations: Explanations<keyof typeof packErrors> = {
  "pack-exists": {
    example: { path: "sqli-ml-test-1.0.0.tgz" },
    when: "`tally pack` found a file where it would write, and the file has other bytes. The same bytes are left as they are.",
  },
  "pack-foreign": {
    example: { path: "docker" },
    when: "`tally pack --format dockerfile --force` was to replace a folder without a Dockerfile that `tally pack` wrote. What somebody else keeps there is not removed.",
  },
  "pack-flags": {
    example: { flag: "--push", other: "--format bundle", reason: "registries of images take images" },
    when: "A flag was given that says nothing of what is packed. Without it, something else than was meant would be made.",
  },
  "pack-secret": {
    example: { files: [{ path: "tests/.env", why: "a file of environment variables" }] },
    when: "A file of the suite has the name or the form of a secret: `.env`, private keys, tokens of well-known services. Test files, and what they import, are delivered as they are.",
  },
  "pack-large": {
    example: { files: [{ path: "cases/orders.jsonl", bytes: 80_000_000 }], limit: 32 * 1024 * 1024 },
    when: "A file of the suite is larger than `--max-file` allows (32 MiB). Whoever runs the suite downloads it each time.",
  },
  "pack-pytest": {
    example: { files: ["tests/test_text.py"] },
    when: "`[suite] pytest` names tests that need a Python with pytest, which a packed suite brings only with `--python`.",
  },
  "pack-connector": {
    example: { path: "research/connector.ts" },
    when: "A test file, or what it imports, imports the file that `[connector]` names. What tests import is delivered as it is, and the connector is the model.",
  },
  "pack-pytest-config": {
    example: { path: "../pyproject.toml" },
    when: "The suite has pytest files and no configuration of pytest in its own folder, but a folder above has one. It decides at home which tests there are, and would not where the suite is delivered.",
  },
  "pack-import": {
    example: {
      file: "tests/orders.test.ts",
      line: 2,
      specifier: "lodash",
      reason: "package-lock.json beside tally.toml does not list that package",
    },
    when: "A script of the suite imports a file that is not there or not in its folder, or a package that the lock does not list. What is delivered has what the suite's own folder holds and what its lock names, and nothing else.",
  },
  "pack-platform": {
    example: { platform: "linux/riscv64", known: ["linux/amd64", "linux/arm64"] },
    when: "`--platform` names something that no Node and no libraries are locked for.",
  },
  "runtime-absent": {
    example: { platform: "linux/amd64", what: "Node" },
    when: "An image stands on a layer with Node and the libraries it needs, and with `--python` on one with Python. Layers are built once, from the packages that `runtime/lock.json` pins, and never taken from the machine.",
  },
  "runtime-damaged": {
    example: {
      platform: "linux/amd64",
      digest: "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
    },
    when: "The file of the runtime layer has other bytes than its digest says. Nothing is made of it.",
  },
  "connector-not-carried": {
    example: { address: "py:connector.py" },
    when: "A delivered suite was run against `py:` or `node:`. It holds what runs tests, not what runs connectors.",
  },
  "out-mounted": {
    example: { path: "/out", owner: "0:0", user: "65532:65532" },
    when: "A folder was mounted for the reports, and the user of the container cannot write to it. It is said before anything is run.",
  },
};
