/** A bundle as Development gets it: one file, taken to an empty folder, run against real servers. */
import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { fauxModel } from "../faux/faux-model.ts";
import { contract } from "../kit/length-model.ts";
import { normal, project, type Project, type Ran } from "../kit/project.ts";
import { repository } from "../kit/repository.ts";

const files = {
  "tally.toml": `# what goes in and out\n${contract}\n[endpoints]\nstaging = "http://staging.internal"\n[endpoint]\ntimeout = "5s"\n[endpoint.headers]\nx-key = "a secret"\n`,
  "connector.ts": "throw new Error('this never leaves');\n",
  "tests/lengths.test.ts": `import { expect, operation, test } from "tallyml";
import { words } from "./words.ts";
const process = operation("process");
for (const word of words) test(word, async () => {
  expect(await process({ text: word })).toTally({ length: [...word].length });
});
`,
  "tests/words.ts": `export const words: readonly string[] = ["tea", "milk"];\n`,
  "cases/process.jsonl": `{"name":"short","input":{"text":"abc"},"expect":{"length":3}}\n`,
};

const right = {
  process: ({ text }: Readonly<Record<string, unknown>>) => ({
    length: String(text).length,
    half: String(text).length / 2,
    label: null,
  }),
};
const wrong = {
  process: ({ text }: Readonly<Record<string, unknown>>) => ({ length: String(text).length + 1, half: 0, label: null }),
};

/** Packs a suite and takes the bundle to an empty folder. */
async function delivered(
  suite: Project,
  args: readonly string[] = [],
): Promise<{ readonly place: Project; readonly packed: Ran }> {
  const place = project({});
  const packed = await suite.tally(["pack", "--format", "bundle", "--out", join(place.root, "suite.tgz"), ...args]);
  expect(packed.exit, packed.stderr).toBe(0);
  execFileSync("tar", ["-xzf", "suite.tgz"], { cwd: place.root });
  return { place, packed };
}

const runs = (place: Project, args: readonly string[], env: Record<string, string> = {}): Promise<Ran> =>
  place.tally(args, {
    program: join(place.root, "package/tally.mjs"),
    env: { XDG_CACHE_HOME: join(place.root, "cache"), ...env },
  });

test("a bundle runs with nothing but Node: green, red, and nothing to run against", async () => {
  const { packed, place } = await delivered(project(files));
  expect(normal(packed.stdout, place.root).replaceAll(/\b[0-9a-f]{64}\b|[\d.]+ kB/g, "<n>")).toMatchInlineSnapshot(`
    "lengths-ml-test 1.0.0
      suite      sha256:<digest>
      bundle     <root>/suite.tgz  <n>
      sha256     <n>
      run it     ENDPOINT=http://localhost:8080 npx --yes file:<root>/suite.tgz
    "
  `);
  await using good = await fauxModel(right);
  await using bad = await fauxModel(wrong);
  const green = await runs(place, [], { ENDPOINT: good.url });
  expect(normal(green.stdout, place.root)).toMatchInlineSnapshot(`
    " lengths-ml-test 1.0.0 · sha256:<digest> · tally 0.1.0
     candidate  http://127.0.0.1:<port>

     The endpoint describes itself otherwise than the contract:
       inference  contract: an operation, endpoint: not there

     ✓ cases/process.jsonl                 1
     ✓ tests/lengths.test.ts               2

     3 passed in <time>
    "
  `);
  expect(green.exit, green.stderr).toBe(0);
  const red = await runs(place, ["-q"], { ENDPOINT: bad.url });
  expect(red.exit).toBe(1);
  expect(red.stdout).toContain("3 failed");
  const none = await runs(place, []);
  expect({ exit: none.exit, stderr: none.stderr }).toMatchInlineSnapshot(`
    {
      "exit": 2,
      "stderr": "error[endpoint-none]: There is nothing to test: no endpoint was named, and a delivered suite comes without the model.
      hint: Name what you have built: ENDPOINT=http://localhost:8080, or --endpoint cmd:./build/model
      more: tally explain endpoint-none
    ",
    }
  `);
});

test("what stays at home is not in it, and the digest is the one it has at home", async () => {
  const suite = project(files);
  const { place } = await delivered(suite);
  const toml = readFileSync(join(place.root, "package/suite/tally.toml"), "utf8");
  expect(toml).toContain("# what goes in and out");
  expect(toml).not.toMatch(/connector|staging|secret/);
  expect(existsSync(join(place.root, "package/suite/connector.ts"))).toBe(false);
  await using good = await fauxModel(right);
  const at = async (run: Promise<Ran>): Promise<string | undefined> =>
    /sha256:[0-9a-f]{12}/.exec((await run).stdout)?.[0];
  expect(await at(runs(place, ["-e", good.url]))).toBe(await at(suite.tally(["test", "-e", good.url])));
});

test("the other verbs work inside, and what they keep stays out of the suite", async () => {
  const { place } = await delivered(project(files));
  await using bad = await fauxModel(wrong);
  expect((await runs(place, ["list"])).stdout).toContain("2 tests · 1 case");
  expect((await runs(place, ["schema", "--format", "openapi"])).stdout).toContain('"openapi"');
  expect((await runs(place, ["types"])).stdout).toContain("process");
  expect((await runs(place, ["explain", "endpoint-path"])).exit).toBe(0);
  expect((await runs(place, ["test", "-e", bad.url])).exit).toBe(1);
  expect(existsSync(join(place.root, ".tally/runs"))).toBe(true);
  expect(existsSync(join(place.root, "package/suite/.tally/runs"))).toBe(false);
  const id = /tally replay ([0-9a-f]{8})/.exec((await runs(place, ["test", "-e", bad.url])).stdout)?.[1] ?? "";
  expect((await runs(place, ["replay", id])).stdout).toContain("STILL");
  expect((await runs(place, ["test", "--last-failed", "-e", bad.url, "-q"])).stdout).toContain("3 failed");
});

test("it runs from a folder that cannot be written to, started elsewhere", async () => {
  const { place } = await delivered(project(files));
  await using good = await fauxModel(right);
  execFileSync("chmod", ["-R", "a-w", "package"], { cwd: place.root });
  onTestFinished(() => void execFileSync("chmod", ["-R", "u+w", "package"], { cwd: place.root }));
  mkdirSync(join(place.root, "elsewhere"));
  const ran = await place.tally(["-q", "-e", good.url], {
    program: join(place.root, "package/tally.mjs"),
    cwd: join(place.root, "elsewhere"),
  });
  expect({ exit: ran.exit, stderr: ran.stderr }).toEqual({ exit: 0, stderr: "" });
});

test("what is delivered is fenced in: no other file, no program, no writing", async () => {
  const { place } = await delivered(
    project({
      ...files,
      "tests/lengths.test.ts": `import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "tallyml";
test("reads", () => { expect(() => readFileSync("/etc/passwd")).toThrow("Access to this API has been restricted"); });
test("writes", () => { expect(() => writeFileSync("made", "")).toThrow("Access to this API has been restricted"); });
test("starts", () => { expect(() => execFileSync("id")).toThrow("Access to this API has been restricted"); });
`,
    }),
  );
  await using good = await fauxModel(right);
  const ran = await runs(place, ["-q", "-e", good.url]);
  expect(ran.stdout).toContain("4 passed");
});

test("npx runs it from where it lies, without the network", async () => {
  const { place } = await delivered(project(files));
  await using good = await fauxModel(right);
  const env = {
    PATH: [dirname(process.execPath), process.env["PATH"]].join(delimiter),
    HOME: place.root,
    npm_config_cache: join(place.root, "npm"),
    npm_config_offline: "true",
    npm_config_update_notifier: "false",
    ENDPOINT: good.url,
  };
  const { stdout } = await promisify(execFile)("npx", ["--yes", "./suite.tgz", "-q"], { cwd: place.root, env });
  expect(stdout).toMatch(/3 passed/);
});

test("a flipped byte is found before anything runs", async () => {
  const { place } = await delivered(project(files));
  writeFileSync(
    join(place.root, "package/suite/tests/words.ts"),
    `export const words: readonly string[] = ["tae", "milk"];\n`,
  );
  const ran = await runs(place, ["-e", "http://127.0.0.1:9"]);
  expect(ran.exit).toBe(7);
  expect(normal(ran.stderr, place.root)).toMatchInlineSnapshot(`
    "error[suite-digest]: package/suite is not the suite that was packed: tests/words.ts (it is not what was packed).
      hint: Do not run it. Fetch it anew; if it stays so, ask those who packed it.
      more: tally explain suite-digest
    "
  `);
});

test("the same sources give the same bytes: in another folder, time zone, locale, umask, at another time", async () => {
  const first = await delivered(project(files));
  const other = project(Object.fromEntries(Object.entries(files).toReversed()));
  for (const path of Object.keys(files)) chmodSync(join(other.root, path), 0o600);
  const before = process.umask(0o077);
  try {
    const { place } = await delivered(other, []);
    const env = { TZ: "Asia/Tokyo", LC_ALL: "tr_TR.UTF-8" };
    expect(
      (await other.tally(["pack", "--format", "bundle", "--out", join(place.root, "again.tgz")], { env })).exit,
    ).toBe(0);
    const digest = (file: string): string => createHash("sha256").update(readFileSync(file)).digest("hex");
    expect(digest(join(place.root, "suite.tgz"))).toBe(digest(join(first.place.root, "suite.tgz")));
    expect(digest(join(place.root, "again.tgz"))).toBe(digest(join(first.place.root, "suite.tgz")));
  } finally {
    process.umask(before);
  }
});

test("a commit is packed without being checked out, and says where it comes from", async () => {
  const repo = repository(files);
  const first = repo.git("rev-parse", "HEAD");
  repo.git("tag", "v1.0.0");
  repo.write({
    "tests/words.ts": `export const words: readonly string[] = ["changed"];\n`,
    "tests/untracked.test.ts": "throw 1;\n",
  });
  const place = project({});
  const from = { cwd: repo.root };
  const ran = await place.tally(
    ["pack", "--format", "bundle", "--ref", "v1.0.0", "--out", join(place.root, "suite.tgz"), "--json"],
    from,
  );
  expect(ran.exit, ran.stderr).toBe(0);
  const { manifest } = JSON.parse(ran.stdout);
  expect(manifest.source).toEqual({ ref: "v1.0.0", commit: first, committed: "2026-03-01T11:00:00Z", dirty: false });
  execFileSync("tar", ["-xzf", "suite.tgz"], { cwd: place.root });
  expect(readFileSync(join(place.root, "package/suite/tests/words.ts"), "utf8")).toContain("milk");
  expect(existsSync(join(place.root, "package/suite/tests/untracked.test.ts"))).toBe(false);
  const dirty = await place.tally(["pack", "--format", "bundle", "--print", "--json"], from);
  expect(JSON.parse(dirty.stdout).source).toMatchObject({ commit: first, dirty: true });
});

test("--print writes nothing and lists what would go in", async () => {
  const suite = project(files);
  const ran = await suite.tally(["pack", "--print"]);
  expect(normal(ran.stdout, suite.root)).toMatchInlineSnapshot(`
    "lengths-ml-test 1.0.0
      suite      sha256:<digest>
       62 B  cases/process.jsonl
      458 B  tally.toml
      259 B  tests/lengths.test.ts
       57 B  tests/words.ts
      4 files, 836 B; nothing was written
    "
  `);
  expect(existsSync(join(suite.root, "lengths-ml-test-1.0.0.tgz"))).toBe(false);
});

test("a full disk leaves nothing half-written", async ({ skip }) => {
  const place = mkdtempSync(join(tmpdir(), "tally-full-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", place], { stdio: "ignore" });
  } catch {
    rmSync(place, { recursive: true });
    return skip("only root can mount a small disk");
  }
  onTestFinished(() => {
    execFileSync("umount", [place]);
    rmSync(place, { recursive: true });
  });
  const ran = await project(files).tally(["pack", "--format", "bundle", "--out", join(place, "suite.tgz")]);
  expect(ran.exit).toBe(2);
  expect(ran.stderr.replaceAll(place, "<place>")).toMatchInlineSnapshot(`
    "error[out-not-writable]: Nothing can be written to <place>/suite.tgz (no space left).
      hint: Choose another place, or make it writable for this user: ls -ld <place>/suite.tgz
      more: docs/reference/errors.md#out-not-writable
    "
  `);
  expect(execFileSync("ls", ["-A", place], { encoding: "utf8" })).toBe("");
});

test("a bundle stays below three megabytes", async () => {
  const { place } = await delivered(project(files));
  expect(statSync(join(place.root, "suite.tgz")).size).toBeLessThan(3_000_000);
});
