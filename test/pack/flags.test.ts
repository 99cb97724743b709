/** Flags of `tally pack`: none is passed over, and what is said of a wrong one can be typed. */
import { expect, test } from "vitest";
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

test("what stands in the environment may be for other calls", async () => {
  const env = { TALLY_CA: "ca.pem", TALLY_PLATFORM: "linux/amd64", TALLY_ALLOW_SECRET: "elsewhere/id_rsa" };
  const { exit, stderr } = await project(files).tally(["pack", "--format", "bundle"], { env });
  expect(stderr).toBe("");
  expect(exit).toBe(0);
});

test("a time that is none is said with one that can be typed", async () => {
  const env = { SOURCE_DATE_EPOCH: "abc" };
  const { stderr } = await project(files).tally(["pack", "--format", "bundle"], { env });
  expect(stderr).toMatch(/\n {2}hint: For example: SOURCE_DATE_EPOCH=\$\(git log -1 --format=%ct\)\n/);
});

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
