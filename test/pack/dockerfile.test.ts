/** A build context as it is written: what is in it, with which modes, whole or not at all. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";
import { readBill } from "../kit/bill-of-materials.ts";
import { contract } from "../kit/length-model.ts";
import { project } from "../kit/project.ts";

const files = {
  "tally.toml": contract,
  "cases/process.jsonl": `{"name":"short","input":{"text":"abc"},"expect":{"length":3}}\n`,
};

/** Every file and folder with its mode, in octal. */
function modesOf(root: string): Record<string, string> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    entries
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [relative(root, path), (statSync(path).mode & 0o777).toString(8)] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

test("is a folder with a Dockerfile, and what an image of ours has in /app", async () => {
  const before = process.umask(0o077);
  const { root, tally } = project(files);
  try {
    const packed = await tally(["pack", "--format", "dockerfile"], { env: { SOURCE_DATE_EPOCH: "1772366400" } });
    expect(packed.exit, packed.stderr).toBe(0);
    expect(packed.stdout.replaceAll(/[0-9a-f]{64}/g, "<hex>").replace(/\d\.\d MB/, "<size>")).toMatchInlineSnapshot(`
      "lengths-ml-test 1.0.0
        suite      sha256:<hex>
        context    lengths-ml-test-1.0.0  <size>
        sha256     <hex>
        base       docker.io/library/node:26-slim  (a tag: pin it with --base NAME@sha256:…)
        build it   docker build --tag lengths-ml-test:1.0.0 lengths-ml-test-1.0.0
      "
    `);
  } finally {
    process.umask(before);
  }
  const context = join(root, "lengths-ml-test-1.0.0");
  expect(modesOf(context)).toEqual({
    ".dockerignore": "644",
    Dockerfile: "644",
    licenses: "755",
    "licenses/tally": "755",
    "licenses/tally/LICENSE": "644",
    "licenses/tally/NOTICE": "644",
    "licenses/tally/THIRD-PARTY.md": "644",
    "sbom.cdx.json": "644",
    suite: "755",
    "suite/cases": "755",
    "suite/cases/process.jsonl": "644",
    "suite/suite.json": "644",
    "suite/tally.toml": "644",
    "tally.mjs": "755",
  });
  const text = readFileSync(join(context, "Dockerfile"), "utf8").replaceAll(/sha256:[0-9a-f]{64}/g, "sha256:<digest>");
  expect(text).toMatchInlineSnapshot(`
    "# Written by tally pack: pack again rather than change it.
    # A tag is whatever it means on the day of the build. To pin it, see its digest (docker buildx imagetools inspect,
    # or skopeo inspect docker://docker.io/library/node:26-slim), and pack again with --base NAME@sha256:…
    FROM docker.io/library/node:26-slim

    # Modes are given, whatever a checkout or an umask made of them. In folders they are those of folders, for files and folders alike.
    COPY --chmod=0755 tally.mjs /app/tally.mjs
    COPY --chmod=0644 sbom.cdx.json /app/sbom.cdx.json
    COPY --chmod=0755 licenses /app/licenses
    COPY --chmod=0755 suite /app/suite

    LABEL dev.tallyml.suite.digest="sha256:<digest>"
    LABEL dev.tallyml.tally.version="0.1.0"
    LABEL org.opencontainers.image.base.name="docker.io/library/node:26-slim"
    LABEL org.opencontainers.image.created="2026-03-01T12:00:00Z"
    LABEL org.opencontainers.image.description="Tests that run against an endpoint: docker run -e ENDPOINT=http://… lengths-ml-test:1.0.0"
    LABEL org.opencontainers.image.title="lengths-ml-test"
    LABEL org.opencontainers.image.version="1.0.0"

    # What a base says of these would put another suite in the place of this one.
    ENV container=oci TALLY_CONFIG="" TALLY_SUITE=""
    WORKDIR /out
    USER 65532:65532
    ENTRYPOINT ["node", "--disable-warning=ExperimentalWarning", "/app/tally.mjs"]
    CMD []
    "
  `);
  expect(readFileSync(join(context, ".dockerignore"), "utf8")).toBe(
    "*\n!licenses\n!sbom.cdx.json\n!suite\n!tally.mjs\n",
  );
});

test("is the same each time, and says so by a digest that sha256sum gives too", async () => {
  const digests = await Promise.all(
    ["Asia/Tokyo", "UTC"].map(async (zone) => {
      const { root, tally } = project(files);
      const packed = await tally(["pack", "--format", "dockerfile", "--out", "d/", "--json"], { env: { TZ: zone } });
      expect(packed.exit, packed.stderr).toBe(0);
      const { sha256 }: { sha256: string } = JSON.parse(packed.stdout);
      const hash = (bytes: Uint8Array | string): string => createHash("sha256").update(bytes).digest("hex");
      const names = readdirSync(join(root, "d"), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(join(root, "d"), join(entry.parentPath, entry.name)));
      const lines = names.toSorted().map((name) => `${hash(readFileSync(join(root, "d", name)))}  ${name}\n`);
      expect(hash(lines.join(""))).toBe(sha256);
      return sha256;
    }),
  );
  expect(digests[0]).toBe(digests[1]);
});

test("is FROM what --base says, and its labels and bill name it", async () => {
  const { root, tally } = project(files);
  const digest = `sha256:${"a1".repeat(32)}`;
  const base = `registry.example.org/base/node@${digest}`;
  const packed = await tally(["pack", "--format", "dockerfile", "--out", "d", "--base", base, "--sbom", "b.json"]);
  expect(packed.exit, packed.stderr).toBe(0);
  const text = readFileSync(join(root, "d/Dockerfile"), "utf8");
  expect(text).toMatch(new RegExp(`^# Written by tally pack.*\nFROM ${base}\n`));
  expect(text).toContain(`LABEL org.opencontainers.image.base.digest="${digest}"\n`);
  expect(text).not.toMatch(/a tag/i);
  expect(readFileSync(join(root, "b.json"))).toEqual(readFileSync(join(root, "d/sbom.cdx.json")));
  const { components } = readBill(readFileSync(join(root, "b.json"), "utf8"));
  expect(components.filter(({ type }) => type === "container")).toMatchObject([
    { name: "registry.example.org/base/node", version: digest, hashes: [{ alg: "SHA-256", content: "a1".repeat(32) }] },
  ]);
});

test("what the model is called cannot say anything to Docker", async () => {
  const named = contract.replace('name = "lengths"', String.raw`name = 'a"${"$"}{PATH}\ b'`);
  expect(named).not.toBe(contract);
  const { root, tally } = project({ ...files, "tally.toml": named });
  const packed = await tally(["pack", "--format", "dockerfile", "--out", "d"]);
  expect(packed.exit, packed.stderr).toBe(0);
  const title = /^LABEL org\.opencontainers\.image\.title=(.*)$/m.exec(
    readFileSync(join(root, "d/Dockerfile"), "utf8"),
  );
  expect(title?.[1]).toMatch(/^"a\\"\\\$\{PATH\}\\\\ b/);
});

test("replaces its own folder by force alone, nobody else's, and leaves nothing behind when it cannot", async () => {
  const { root, tally } = project({ ...files, "own/keep.txt": "mine" });
  const pack = (...more: string[]) => tally(["pack", "--format", "dockerfile", ...more]);
  expect((await pack("--out", "d")).exit).toBe(0);
  expect((await pack("--out", "d")).exit).toBe(0);
  expect((await pack("--out", "d", "--base", "node:24-slim")).stderr).toMatch(/^error\[pack-exists\]: d exists/);
  expect((await pack("--out", "d", "--base", "node:24-slim", "--force")).exit).toBe(0);
  expect(readFileSync(join(root, "d/Dockerfile"), "utf8")).toContain("\nFROM node:24-slim\n");
  expect((await pack("--out", "d", "--force", "--sbom", "d/b.json")).stderr).toMatch(/^error\[flag-value\]: --sbom /);
  expect((await pack("--out", "own", "--force")).stderr).toMatch(/^error\[pack-foreign\]: own /);
  expect(readFileSync(join(root, "own/keep.txt"), "utf8")).toBe("mine");
  expect((await pack("--out", "tally.toml", "--force")).stderr).toMatch(/^error\[flag-value\]: --out takes a path /);
  expect((await pack("--out", "own/keep.txt", "--force")).stderr).toMatch(/^error\[pack-foreign\]: own\/keep\.txt /);
  expect((await pack("--out", "no/such/d")).stderr).toMatch(/^error\[out-not-writable\]: /);
  expect((await pack("--out", ".", "--force")).stderr).toMatch(/^error\[pack-foreign\]: \. /);
  expect(readdirSync(root).toSorted()).toEqual(["cases", "d", "own", "tally.toml"]);
});

test("brings the SDK where pytest files are to run in the base's Python", async () => {
  const { root, tally } = project({
    ...files,
    "tally.toml": contract.replace("[suite]", '[suite]\npytest = ["tests/test_*.py"]'),
    "tests/test_a.py": "def test_a(process):\n    pass\n",
  });
  const packed = await tally(["pack", "--format", "dockerfile", "--python", "--base", "science:3", "--out", "d"]);
  expect(packed.exit, packed.stderr).toBe(0);
  expect(readFileSync(join(root, "d/Dockerfile"), "utf8")).toContain("COPY --chmod=0755 python /app/python\n");
  expect(readFileSync(join(root, "d/.dockerignore"), "utf8")).toContain("\n!python\n");
  expect(readdirSync(join(root, "d/python/tallyml"))).toContain("pytest_plugin.py");
});
