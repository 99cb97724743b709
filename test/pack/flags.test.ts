/** Flags of `tally pack`: none is passed over, and what is said of a wrong one can be typed. */
import { readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { plainName } from "../../src/pack/artefact-name.ts";
import { packTime } from "../../src/pack/pack-time.ts";
import { listContents } from "../../src/cli/pack/show-packed.ts";
import { contract } from "../kit/length-model.ts";
import { project } from "../kit/project.ts";

const files = {
  "tally.toml": contract,
  "cases/process.jsonl": `{"name":"short","input":{"text":"abc"},"expect":{"length":3}}\n`,
};
const digest = `sha256:${"ab".repeat(32)}`;

const refused: Readonly<Record<string, RegExp>> = {
  "--format bundle --ca ca.pem": /^error\[pack-flags\]: --ca and --format bundle /,
  "--format bundle --plain-http": /^error\[pack-flags\]: --plain-http and --format bundle /,
  "--format bundle --platform linux/amd64": /^error\[pack-flags\]: --platform and --format bundle /,
  "--format bundle --compression gzip": /^error\[pack-flags\]: --compression and --format bundle /,
  "--format dockerfile --ca ca.pem": /^error\[pack-flags\]: --ca and --format dockerfile /,
  "--ca ca.pem": /^error\[pack-flags\]: --ca and --format image /,
  "--python --without-pytest": /^error\[pack-flags\]: --without-pytest and --python /,
  "--print --format bundle --platform linux/amd64": /^error\[pack-flags\]: --platform and --format bundle /,
  "--print --platform x": /^error\[pack-platform\]: .* for x; /,
  "--print --compression x":
    /^error\[flag-value\]: --compression takes zstd, gzip, .*\n {2}hint: For example: --compression zstd\n/,
  "--print --base node": /^error\[image-reference\]: "node" names no image/,
  "--format x": /^error\[flag-value\]: .*\n {2}hint: For example: --format image\n/,
  "--format bundle --allow-secret tests/no.json":
    /^error\[flag-value\]: --allow-secret takes the path of a file of the suite.*\n {2}hint: For example: --allow-secret cases\/process\.jsonl\n/,
  [`--push registry.example.org/x@${digest}`]: /^error\[image-reference\]: .*what is pushed gets a tag/,
  [`--push registry.example.org/x:1@${digest}`]: /^error\[image-reference\]: .*what is pushed gets a tag/,
};

test.for(Object.entries(refused))("%s is refused", async ([words, message]) => {
  const { exit, stderr } = await project(files).tally(["pack", ...words.split(" ")]);
  expect(stderr).toMatch(message);
  expect(exit).toBe(2);
});

test("a folder that is not there is no name of a file", async () => {
  const { root, tally } = project(files);
  const { exit, stderr } = await tally(["pack", "--format", "bundle", "--out", "folder/"]);
  expect(stderr).toMatch(/^error\[out-not-writable\]: .*there is no such folder/);
  expect({ exit, left: readdirSync(root).toSorted() }).toEqual({ exit: 2, left: ["cases", "tally.toml"] });
});

test("what stands in the environment may be for other calls", async () => {
  const env = { TALLY_CA: "ca.pem", TALLY_PLATFORM: "linux/amd64", TALLY_ALLOW_SECRET: "elsewhere/id_rsa" };
  const { exit, stderr } = await project(files).tally(["pack", "--format", "bundle"], { env });
  expect(stderr).toBe("");
  expect(exit).toBe(0);
});

test.for(["abc", "9999999999"])(
  "a time that no tar can say is refused, with one that can be typed: %s",
  async (time) => {
    const env = { SOURCE_DATE_EPOCH: time };
    const { exit, stderr } = await project(files).tally(["pack", "--format", "bundle"], { env });
    expect(stderr).toMatch(/\n {2}hint: For example: SOURCE_DATE_EPOCH=\$\(git log -1 --format=%ct\)\n/);
    expect(exit).toBe(2);
  },
);

test("a commit of before 1970 or after all tars is packed at the nearest time that can be said", () => {
  expect(packTime({}, "1969-12-31T00:00:00Z")).toBe(0);
  expect(packTime({}, "2300-01-01T00:00:00Z")).toBe(8 ** 11 - 1);
  expect(packTime({ SOURCE_DATE_EPOCH: "1772366400" }, undefined)).toBe(1_772_366_400);
});

test("a name that is cut ends as registries want it", () => {
  expect(plainName(`${"a".repeat(99)}-ml-test`)).toBe("a".repeat(99));
  expect(plainName("--A b__c.")).toBe("a-b_c");
});

test.for(["--out tally.toml", "--out cases/process.jsonl", "--out s.tgz --sbom here/cases/process.jsonl"])(
  "by force too no file of the suite is replaced: %s",
  async (words) => {
    const { root, tally } = project(files);
    symlinkSync(".", join(root, "here"));
    const { exit, stderr } = await tally(["pack", "--format", "bundle", "--force", ...words.split(" ")]);
    expect(stderr).toMatch(/^error\[flag-value\]: --(?:out|sbom) takes a path that is no file of the suite/);
    expect(exit).toBe(2);
    expect(readFileSync(join(root, "tally.toml"), "utf8")).toBe(contract);
    expect(readdirSync(root)).not.toContain("s.tgz");
  },
);

test("the path of what is no secret may be written as a shell completes it", async () => {
  const { tally } = project({
    ...files,
    "tests/a.test.ts": `import "./s.ts";\n`,
    "tests/s.ts": `export const token = "ghp_${"a1B2".repeat(9)}";\n`,
  });
  const pack = (...more: string[]) => tally(["pack", "--format", "bundle", ...more]);
  expect((await pack()).stderr).toMatch(/^error\[pack-secret\]: /);
  expect((await pack("--allow-secret", "./tests/s.ts")).exit).toBe(0);
});

test("help says what pack takes, and nothing of other verbs", async () => {
  const { stdout } = await project({}).tally(["pack", "--help"]);
  expect(stdout).toMatch(/--format FORMAT +image, bundle .*\n.*\n? +.*\[image\]/);
  expect(stdout).not.toMatch(/json-schema|JUnit|The whole run/);
});

test("many packages are named on lines of 80 columns", () => {
  const packages = Array.from({ length: 12 }, (_, i) => ({ name: `a-package-${i}`, version: `${i}.0.0` }));
  const manifest = {
    v: 1,
    name: "x",
    version: "1",
    digest: "",
    tally: { version: "" },
    files: [{ path: "tally.toml", sha256: "", size: 1 }],
    packages,
    leftBehind: [],
  } as const;
  const lines = listContents({ manifest }).split("\n");
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(lines.filter((line) => line.includes("a-package-")).length).toBe(4);
  expect(lines[2]).toMatch(/^ {2}packages {3}a-package-0 0\.0\.0, /);
});
