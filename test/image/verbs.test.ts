/** What else one does with an image than running its suite: each verb in the image itself, with no more than a container gives. */
import { generateKeyPairSync } from "node:crypto";
import { chmodSync, chownSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { enter, type Entering, type UnpackedImage, unpackImage, withoutContainers } from "../kit/container.ts";
import { packExample, removePacked } from "../kit/packed-image.ts";
import { normal, project, type Ran } from "../kit/project.ts";

const example = resolve("examples/sqli");
const right = (port: number): string => `${process.execPath} ${example}/production/server.mjs ${port}`;
const wrong = (port: number): string => `${process.execPath} ${example}/production/server-first-attempt.mjs ${port}`;
const both = { server: { 8080: right(8080), 8081: wrong(8081) } };
const sides = ["-e", "research=http://localhost:8080", "-e", "production=http://localhost:8081"];
const one = ["-k", `"(null)" has 1`];
/** Of the test that `one` selects, against the first attempt. */
const failure = "9b2fa83c";

const own = packExample(process.arch === "arm64" ? "linux/arm64" : "linux/amd64");
const reason = "reason" in own ? own.reason : withoutContainers;
afterAll(removePacked);
if (reason !== undefined) process.stderr.write(`skipped test/image/verbs: ${reason}\n`);

/** A folder that the user of the container may read, or write to. */
function folder(owner = 65532): string {
  const made = mkdtempSync(join(tmpdir(), "tally-mounted-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  chmodSync(made, 0o755);
  chownSync(made, owner, owner);
  return made;
}

/** What a command said, with its exit code; without what differs from run to run. */
function told({ exit, stderr, stdout }: Ran): string {
  return `${normal(stdout, "\0")}${stderr === "" ? "" : `stderr: ${stderr}`}exit ${exit}`;
}

describe.skipIf(reason !== undefined)("in an image", () => {
  let image: UnpackedImage;
  const run = (args: readonly string[], entering: Entering = {}): Promise<Ran> =>
    enter(image, { args, env: { ENDPOINT: "http://localhost:8080" }, ...entering });

  beforeAll(() => {
    image = unpackImage("tar" in own ? own.tar : "");
  }, 120_000);
  afterAll(() => image?.[Symbol.dispose]());

  test("a failure is replayed and kept, with nothing but the folder of the reports", async () => {
    const out = folder();
    expect((await run(["--quiet", ...one], { out, server: wrong(8080) })).exit).toBe(1);
    expect(readdirSync(out)).not.toContain(".cache");
    expect((await run(["replay", failure], { out, server: right(8080) })).stdout).toMatch(/^FIXED /m);
    expect((await run(["--last-failed", "--quiet"], { out, server: wrong(8080) })).stdout).toContain("1 failed in ");
    const said = ["--bug", "BUG-17", "--expect", '{"null_values": 0}', "--to", "/out/for-research.jsonl"];
    expect(told(await run(["keep", failure, "--from", "/out", ...said], { out }))).toMatchInlineSnapshot(`
      " ✓ kept  for-research.jsonl:1  null_values counts whole words, in any case > "(null)" has 1  BUG-17
         for-research.jsonl is not among the cases of a suite here: send it to whoever has the suite
      exit 0"
    `);
    const [row] = readFileSync(join(out, "for-research.jsonl"), "utf8").trim().split("\n");
    expect(JSON.parse(row ?? "")).toMatchObject({
      bug: "BUG-17",
      input: { query: "(null)" },
      expect: { null_values: 0 },
      found: { on: "candidate", endpoint: "http://localhost:8080", failure },
    });
  });

  test("what has to be kept names the folder that is missing", async () => {
    const runs = folder();
    await run(["--quiet", ...one], { out: runs, server: wrong(8080) });
    const mounts = { "/runs": runs };
    expect(told(await run(["replay", failure]))).toMatchInlineSnapshot(`
      "stderr: error[run-unknown]: No run in /out/.tally/runs.
        hint: Name a report with --from PATH, or keep the runs. Mount a folder for it: docker run -v "$PWD/reports:/out" --user "$(id -u)" … IMAGE
        more: tally explain run-unknown
      exit 2"
    `);
    expect(told(await run(["keep", failure, "--from", "/runs"], { mounts }))).toMatchInlineSnapshot(`
      "stderr: error[out-not-writable]: Nothing can be written to regressions.jsonl (the file system is read-only).
        hint: Mount a folder for it: docker run -v "$PWD/reports:/out" --user "$(id -u)" … IMAGE
        more: tally explain out-not-writable
      exit 2"
    `);
    expect(told(await run(["report", "/runs"], { mounts }))).toMatchInlineSnapshot(`
      "stderr: error[out-not-writable]: Nothing can be written to tally-report (the file system is read-only).
        hint: Mount a folder for it: docker run -v "$PWD/reports:/out" --user "$(id -u)" … IMAGE
        more: tally explain out-not-writable
      exit 2"
    `);
    expect(told(await run(["--last-failed"]))).toMatchInlineSnapshot(`
      "stderr: error[last-run-missing]: There is no last run in /out/.tally.
        hint: Run once without --last-failed. Mount a folder for it: docker run -v "$PWD/reports:/out" --user "$(id -u)" … IMAGE
        more: tally explain last-run-missing
      exit 2"
    `);
    expect((await run(["replay", failure, "--from", "/runs"], { mounts, server: right(8080) })).exit).toBe(0);
  });

  test("two endpoints stand side by side, where nothing can be written too", async () => {
    expect(told(await run([...sides, ...one], both))).toMatchInlineSnapshot(`
      " sqli-ml-test 1.0.0 · sha256:<digest>
       research    http://localhost:8080  2.0.3
       production  http://localhost:8081  1.0.0

                                                                 research  production
       tests/null-values.test.ts
         …lues counts whole words, in any case > "(null)" has 1  ✓         ✗

       ✗ …t.ts > null_values counts whole words, in any case > "(null)" has 1 9b2fa83c
         process {"query":"(null)"}
           null_values
             expected    1
             research    1
           ✗ production  0

       research    1 passed in <time>
       production  1 failed in <time>
       the sides part in 1 of 1 test
      exit 1"
    `);
    const out = folder();
    expect((await run([...sides, ...one], { ...both, out })).exit).toBe(1);
    expect(readdirSync(out)).toEqual(expect.arrayContaining(["index.html", "matrix.json", "production", "research"]));
    expect((await run(["replay", failure], { out, server: right(8080) })).stdout).toMatch(/^FIXED /m);
  });

  test("bugs are listed and checked, and two bundles compared", async () => {
    const suites = folder(0);
    const { tally, write } = project(packable());
    await tally(["pack", "--format", "bundle", "--out", join(suites, "old.tgz")]);
    write({
      "cases/regressions.jsonl":
        '{"name": "brackets", "operation": "process", "bug": "BUG-17", "input": {"query": "(null)"}, "expect": {"null_values": 1}}\n',
    });
    await tally(["pack", "--format", "bundle", "--out", join(suites, "new.tgz")]);
    for (const name of readdirSync(suites)) chmodSync(join(suites, name), 0o644);
    const mounted = { mounts: { "/suites": suites } };
    expect(told(await run(["bug"]))).toMatchInlineSnapshot(`
      "no test and no case of the suite has a bug; a failure becomes one with tally keep ID --bug BUG-1
      exit 0"
    `);
    expect(told(await run(["diff-suite", "/suites/old.tgz", "/suites/new.tgz"], mounted))).toMatchInlineSnapshot(`
      "stderr: error[out-not-writable]: Nothing can be written to /tmp (a suite is taken apart there).
        hint: Mount a folder for it: docker run -v "$PWD/reports:/out" --user "$(id -u)" … IMAGE
        more: tally explain out-not-writable
      exit 2"
    `);
    const out = folder();
    expect(told(await run(["diff-suite", "/suites/old.tgz", "/suites/new.tgz"], { ...mounted, out })))
      .toMatchInlineSnapshot(`
      " sqli-ml-test  /suites/old.tgz → /suites/new.tgz
       sha256:<digest> → sha256:<digest>

       cases
         added      cases/regressions.jsonl > brackets

       1 added
      exit 0"
    `);
    const ofNew = ["--suite", "/suites/new.tgz"];
    expect(told(await run(["bug", "check", ...ofNew, ...sides], { ...mounted, ...both, out }))).toMatchInlineSnapshot(`
      "                                                            research  production
       BUG-17  brackets                                           ✓         ✗
         candidate wrong: production must act

       1 of 1 open
      exit 1"
    `);
    expect((await run(["bug", ...ofNew], { ...mounted, out })).stdout).toMatch(/ production {2}✗ fails /);
    const connector = ["-e", "research=connector", "-e", "production=http://localhost:8081"];
    expect(told(await run(["bug", "check", ...ofNew, ...connector], { ...mounted, ...both, out })))
      .toMatchInlineSnapshot(`
        "stderr: error[connector-none]: "connector" names the suite's own connector, and there is none: a delivered suite comes without.
          hint: Name the endpoint by its address; whoever has the connector can give it one: tally serve
          more: tally explain connector-none
        exit 2"
      `);
  });

  test("a result is signed with a key that is mounted, and checked", async () => {
    const keys = folder(65532);
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    writeFileSync(join(keys, "key.pem"), privateKey.export({ type: "pkcs8", format: "pem" }));
    writeFileSync(join(keys, "key.pub.pem"), publicKey.export({ type: "spki", format: "pem" }));
    const mounts = { "/keys": keys };
    const out = folder();
    const signed = await run(["--quiet", "--attest", "/keys/key.pem"], { mounts, out, server: right(8080) });
    expect(signed.exit).toBe(0);
    const verified = await run(["verify", "attestation.json", "--key", "/keys/key.pub.pem"], { mounts, out });
    expect(verified.stdout).toMatch(/ PASSED: 374 of 374 tests passed/);
    expect(verified.exit).toBe(0);
    chmodSync(join(keys, "key.pem"), 0o600);
    chownSync(join(keys, "key.pem"), 0, 0);
    const refused = await run(["--quiet", "--attest", "/keys/key.pem"], { mounts, out, server: right(8080) });
    expect(readdirSync(out).filter((name) => name.endsWith(".part"))).toEqual([]);
    expect(told(refused)).toMatchInlineSnapshot(`
      "stderr: error[attestation-key]: /keys/key.pem is no Ed25519 key for this: permission denied.
        hint: It must be readable for user 65532, who this is: docker run --user "$(id -u)" …
        more: tally explain attestation-key
      exit 2"
    `);
  });

  test("accepted failures are read from the mounted folder, and written to it", async () => {
    const out = folder();
    const why = ["--update-baseline", "--reason", "not done", "--owner", "filters", "--expires", "2999-12-31"];
    const file = "tests/marks.test.ts";
    const first = await run(["--quiet", ...why], { out, server: wrong(8080) });
    expect(first.stderr).toMatch(/^tally\.baseline\.toml: \d+ accepted \(\d+ new, 0 changed, 0 kept, 0 dropped\)\n/);
    expect((await run(["--quiet", file], { out, server: wrong(8080) })).stdout).toMatch(/ \d+ passed, \d+ known in /);
    const readOnly = { mounts: { "/accepted": out }, server: wrong(8080) };
    const named = ["--baseline", "/accepted/tally.baseline.toml"];
    expect((await run(["--quiet", file, ...named], readOnly)).stdout).toMatch(/ \d+ passed, \d+ known in /);
    expect((await run(["--quiet", ...named, ...why], readOnly)).stderr).toMatchInlineSnapshot(`
      "error[out-not-writable]: Nothing can be written to /accepted/tally.baseline.toml (the file system is read-only).
        hint: Mount a folder for it: docker run -v "$PWD/reports:/out" --user "$(id -u)" … IMAGE
        more: tally explain out-not-writable
      "
    `);
  });

  test("a report is made again, errors are explained", async () => {
    const out = folder();
    await run(["--quiet", ...one], { out, server: wrong(8080) });
    const report = await run(["report"], { out });
    expect(report.stdout).toContain(" report  tally-report/index.html\n");
    expect(readdirSync(join(out, "tally-report"))).toContain("junit.xml");
    expect((await run(["report", "/out", "--out", "/out/again"], { out })).exit).toBe(1);
    expect((await run(["explain", "out-mounted"])).stdout).toMatch(/^out-mounted {2}\(/);
  });

  test("verbs that need more than a suite say who has them", async () => {
    expect(told(await run(["pack"]))).toMatchInlineSnapshot(`
      "stderr: error[verb-unknown]: A delivered suite brings no "tally pack"; an installed Tally has it.
        hint: npm install --save-dev tallyml; what is here: --help
        more: tally explain verb-unknown
      exit 2"
    `);
    expect((await run(["--help"])).stdout).toContain("In an image `tally` is `docker run … IMAGE`");
  });
});

/** The example without its connector's cases, as small as a suite can be. */
function packable(): Record<string, string> {
  const contract = readFileSync(join(example, "tally.toml"), "utf8").replace(/^\[connector\]\n(?:.+\n)*/m, "");
  return {
    "tally.toml": contract,
    "cases/process.jsonl":
      '{"name": "a word", "operation": "process", "input": {"query": "tea"}, "expect": {"words": 1}}\n',
  };
}
