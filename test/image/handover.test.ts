/**
 * A suite is handed over, as it is meant: Research packs at a tag; Development has that image and a server in Java, gets to green and
 * finds one failure that is not its own; the bug goes back as a case; Research mends its model and delivers again; both see it.
 */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { missingOf } from "../examples/toolchain.ts";
import { enter, type Entering, unpackImage, withoutContainers } from "../kit/container.ts";
import { freePort } from "../kit/free-port.ts";
import { packExample, removePacked } from "../kit/packed-image.ts";
import { normal, project, type Ran } from "../kit/project.ts";
import { type Repository, repositoryAt } from "../kit/repository.ts";

const example = resolve("examples/sqli");
const platform = process.arch === "arm64" ? "linux/arm64" : "linux/amd64";
const toolchain = { build: "mvn", compiler: "javac" };
const tried = packExample(platform);
removePacked();
const reason = "reason" in tried ? tried.reason : (withoutContainers ?? missingOf(Object.values(toolchain)));
if (reason !== undefined) process.stderr.write(`skipped test/image/handover: ${reason}\n`);

const home = mkdtempSync(join(tmpdir(), "tally-handover-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Development's build: two servers in one jar. */
const jar = join(home, "development/production-java/target/sqli-filter.jar");
const firstAttempt = `java -cp ${jar} org.example.sqli.firstattempt.FirstAttemptServer 8080`;
const right = (port: number): string => `java -jar ${jar} ${port}`;

const suiteOf = { failure: "4252d498", name: "a form feed before the parenthesis" };

/** The example in a repository of its own. Its connector knows less whitespace than the contract says, and a case believes it. */
function researchRepository(root: string): Repository {
  mkdirSync(root);
  for (const name of ["tally.toml", "tests", "cases", "research", ".gitignore"])
    cpSync(join(example, name), join(root, name), { recursive: true });
  const repo = repositoryAt(root);
  edit(join(root, "research/features.ts"), spaces.right, spaces.wrong);
  edit(join(root, "cases/process.jsonl"), /$/, `${JSON.stringify(wrongCase)}\n`);
  return repo;
}

const spaces = {
  right: String.raw`const space = "[\\t-\\r ]";`,
  wrong: String.raw`const space = "[\\t\\n\\r ]";`,
};
const wrongCase = { name: suiteOf.name, input: { query: "sleep\f(5)" }, expect: { function_calls: 0 } };

function edit(path: string, from: string | RegExp, to: string): void {
  const before = readFileSync(path, "utf8");
  const after = before.replace(from, () => to);
  expect(after, path).not.toBe(before);
  writeFileSync(path, after);
}

/** What a command said, without what differs from run to run. */
function told({ exit, stderr, stdout }: Ran): string {
  const text = normal(stdout, home).replaceAll(/\b\d{4}-\d{2}-\d{2}\b/g, "<day>");
  return `${text}${stderr === "" ? "" : `stderr: ${stderr}`}exit ${exit}`;
}

/** An image that was sent, and how Development runs it: with its own folder for reports. */
function received(tar: string): (args: readonly string[], entering?: Entering) => Promise<Ran> {
  const image = unpackImage(tar);
  onTestFinished(() => image[Symbol.dispose]());
  const env = { ENDPOINT: "http://localhost:8080" };
  return (args, entering) => enter(image, { env, args, out: join(home, "development/reports"), ...entering });
}

describe.skipIf(reason !== undefined)("a suite on its way and back", () => {
  beforeAll(() => {
    const development = join(home, "development");
    cpSync(join(example, "production-java"), join(development, "production-java"), {
      recursive: true,
      filter: (path) => !path.endsWith("/target"),
    });
    mkdirSync(join(development, "research"));
    copyFileSync(join(example, "research/weights.json"), join(development, "research/weights.json"));
    const built = spawnSync(toolchain.build, ["-q", "-B", "-f", "production-java/pom.xml", "package"], {
      cwd: development,
      encoding: "utf8",
    });
    expect(built.status, built.stdout).toBe(0);
    for (const name of ["reports", "delivered"]) mkdirSync(join(development, name));
    chmodSync(home, 0o755);
    chownSync(join(development, "reports"), 65532, 65532);
  }, 300_000);

  test("both sides come to one model", { timeout: 300_000 }, async () => {
    const repo = researchRepository(join(home, "research"));
    const tally = (...args: string[]): Promise<Ran> => project({}).tally(args, { cwd: repo.root });
    const port = await freePort();
    const delivered = join(home, "development/delivered");
    const reports = join(home, "development/reports");
    const release = async (version: string): Promise<ReturnType<typeof received>> => {
      repo.git("add", "--all");
      repo.git("commit", "--quiet", "--message", version);
      repo.git("tag", `v${version}`);
      const tar = join(delivered, `${version}.tar`);
      const packed = await tally("pack", "--ref", `v${version}`, "--platform", platform, "--out", tar);
      expect(`${packed.exit} ${packed.stderr}`).toBe("0 ");
      chmodSync(tar, 0o644);
      return received(tar);
    };

    // Research: green against its own connector, packed as it was tagged.
    expect((await tally("test", "--quiet")).stdout).toMatch(/ 375 passed in /);
    const first = await release("1.0.0");

    // Development: red, and every failure has its reason and a number.
    const red = await first(["--quiet"], { server: firstAttempt });
    expect(red.exit).toBe(1);
    expect(red.stdout).toMatch(/ 7\d failed, 30\d passed in /);
    expect(red.stdout).toMatch(/ ✗ \w{8} …sonl > 12\.5 percent digits become 12 {2}process\.digit_percent 12 → 13\n/);
    expect(red.stdout).toMatch(/ ✗ \w{8} cases\/inference\.csv > emoji {2}inference\.score 0\.002618047 → "NaN"\n/);
    expect(red.stdout).toMatch(/ {12}length {13}█+░+ {2}1,2\d\d of 1,4\d\d\n/);

    // The right server leaves one.
    const left = await first(["--quiet"], { server: right(8080) });
    expect(left.exit).toBe(1);
    expect(left.stdout.split("\n")[0]).toMatchInlineSnapshot(
      `" ✗ 4252d498 … > a form feed before the parenthesis  process.function_calls 0 → 1"`,
    );
    expect(left.stdout).toMatch(/ 1 failed, 374 passed in /);

    // It is read up in the contract, which is in the image, and the answer is looked at once more.
    const contract = await first(["schema", "--format", "markdown"]);
    expect(contract.stdout).toContain("whitespace is U+0009 to U+000D and U+0020");
    expect(told(await first(["replay", suiteOf.failure], { server: right(8080) }))).toMatchInlineSnapshot(`
      "cases/process.jsonl > a form feed before the parenthesis
        endpoint  http://localhost:8080
        process  input {"query":"sleep\\f(5)"}
          answer {"null_values":0,"length":9,"words":2,"longest_word":5,"keywords":0,"logic_words":0,"function_calls":1,"quotes":0,"quote_style":"none","unbalanced_quotes":false,"comment_marks":0,"operators":0,"parentheses":2,"semicolons":0,"percent_escapes":0,"tautology":false,"entropy":2.9477027792200903,"digit_percent":11,"special_share":0.2222222222222222,"uppercase_share":0.0}
          function_calls  expected 0  now 1
      STILL  the answer is still what it was
      exit 1"
    `);

    // The server is right: a case says so, and until it is decided the failure is accepted.
    const kept = ["--bug", "BUG-1", "--by", "Development", "--expect", '{"function_calls": 1}'];
    const to = ["--to", "/out/for-research.jsonl"];
    expect(told(await first(["keep", suiteOf.failure, ...kept, ...to]))).toMatchInlineSnapshot(`
      " ✓ kept  for-research.jsonl:1  a form feed before the parenthesis  BUG-1
         for-research.jsonl is not among the cases of a suite here: send it to whoever has the suite
      exit 0"
    `);
    const accepting = ["--reason", "BUG-1 is Research's", "--owner", "filters", "--expires", "2999-12-31"];
    await first(["--quiet", "--update-baseline", ...accepting], { server: right(8080) });
    const green = await first(["--quiet"], { server: right(8080) });
    expect(green.stdout).toMatch(/ 374 passed, 1 known in /);
    expect(green.exit).toBe(0);

    // Research takes the file in, and asks both sides.
    copyFileSync(join(reports, "for-research.jsonl"), join(repo.root, "cases/regressions.jsonl"));
    expect(told(await tally("bug"))).toMatchInlineSnapshot(`
      " BUG-1  a form feed before the parenthesis
         cases/regressions.jsonl:1
           found by Development on <day> at candidate (http://localhost:8080) with suite 1.0.0 sha256:<digest>
         not run yet: tally bug check

      1 bug
      exit 0"
    `);
    const both = ["-e", "research=connector", "-e", `production=http://127.0.0.1:${port}`, "--start", right(port)];
    expect(told(await tally("bug", "check", ...both))).toMatchInlineSnapshot(`
      "                                                            research  production
       BUG-1  a form feed before the parenthesis                  ✗         ✓
         reference wrong: research must act

       1 of 1 open
      exit 1"
    `);

    // Its model is mended. The case that believed it fails, and goes.
    edit(join(repo.root, "research/features.ts"), spaces.wrong, spaces.right);
    const contrary = await tally("test", "--quiet");
    expect(contrary.stdout).toMatch(/ 1 failed, 375 passed in /);
    expect(contrary.stdout).toContain(suiteOf.failure);
    edit(join(repo.root, "cases/process.jsonl"), `${JSON.stringify(wrongCase)}\n`, "");
    edit(join(repo.root, "tally.toml"), 'version = "1.0.0"', 'version = "1.0.1"');
    expect((await tally("test", "--quiet")).stdout).toMatch(/ 375 passed in /);
    expect(told(await tally("bug", "check", ...both))).toMatchInlineSnapshot(`
      "                                                            research  production
       BUG-1  a form feed before the parenthesis                  ✓         ✓
         fixed on every side (research in 1.0.1)

       all fixed
      exit 0"
    `);
    expect(told(await tally("bug", "show", "BUG-1"))).toMatchInlineSnapshot(`
      " BUG-1  a form feed before the parenthesis
         cases/regressions.jsonl:1
           found by Development on <day> at candidate (http://localhost:8080) with suite 1.0.0 sha256:<digest>
           process {"query":"sleep\\f(5)"}
           expects {"function_calls":1}
           by the test cases/process.jsonl > a form feed before the parenthesis, failure 4252d498
         production  ✓ passes  <day> with suite 1.0.1
         research    ✓ passes  <day> with suite 1.0.1, fixed in 1.0.1
         in the suite since <day> (1.0.0) at the latest

      1 bug
      exit 0"
    `);
    const second = await release("1.0.1");

    // Development: what is new, green without the entry, and the bug is nobody's any more.
    const mounts = { "/delivered": delivered };
    expect(told(await second(["diff-suite", "/delivered/1.0.0.tar"], { mounts }))).toMatchInlineSnapshot(`
      " sqli-ml-test  /delivered/1.0.0.tar → here
       sha256:<digest> → sha256:<digest>

       cases
         removed    cases/process.jsonl > a form feed before the parenthesis
         added      cases/regressions.jsonl > a form feed before the parenthesis

       1 added, 1 removed
       run what changed: tally test --changed-since /delivered/1.0.0.tar
      exit 0"
    `);
    const stale = await second(["--quiet"], { server: right(8080) });
    expect(stale.stdout).toMatch(/ 1 failed, 375 passed in /);
    expect(stale.stdout).toContain("accepted in the baseline, but ");
    const renewed = await second(["--quiet", "--update-baseline"], { server: right(8080) });
    expect(`${renewed.stderr}exit ${renewed.exit}`).toMatchInlineSnapshot(`
      "tally.baseline.toml: 0 accepted (0 new, 0 changed, 0 kept, 1 dropped)
      exit 0"
    `);
    expect(told(await second(["bug", "check"], { server: right(8080) }))).toMatchInlineSnapshot(`
      "                                                             recorded  candidate
       BUG-1  a form feed before the parenthesis                   ✓         ✓
         fixed on every side (found with suite 1.0.0, right in 1.0.1)

       all fixed
      exit 0"
    `);
    expect(told(await second(["bug", "show", "BUG-1"]))).toMatchInlineSnapshot(`
      " BUG-1  a form feed before the parenthesis
         cases/regressions.jsonl:1
           found by Development on <day> at candidate (http://localhost:8080) with suite 1.0.0 sha256:<digest>
           process {"query":"sleep\\f(5)"}
           expects {"function_calls":1}
           by the test cases/process.jsonl > a form feed before the parenthesis, failure 4252d498
         ✓ the reference passes, as recorded in 1.0.1
         candidate  ✓ passes  <day> with suite 1.0.1
         in the suite since <day> (1.0.1) at the latest

      1 bug
      exit 0"
    `);
  });
});
