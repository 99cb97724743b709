/** One suite by every way that it can travel: the same digest, the same tests, the same run. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fauxModel } from "../faux/faux-model.ts";
import { contract, connector } from "../kit/length-model.ts";
import { project } from "../kit/project.ts";
import { repository } from "../kit/repository.ts";

const files = {
  "tally.toml": contract,
  "connector.ts": connector,
  "words.ts": `export const word = "abc";\n`,
  "tests/a.test.ts": `import { expect, operation, test } from "tallyml";\nimport { word } from "../words.ts";\nconst process = operation("process");\ntest("length", async () => { expect(await process({ text: word })).toTally({ length: 3 }); });\n`,
  "cases/process.jsonl": `{"name":"short","input":{"text":"ab"},"expect":{"length":2}}\n`,
};
const process = ({ text }: Readonly<Record<string, unknown>>): object => ({
  length: String(text).length,
  half: String(text).length / 2,
  label: null,
});

test("the suite at home, at its tag, as a bundle and taken apart is one suite", async () => {
  await using stack = new AsyncDisposableStack();
  const { url } = stack.use(await fauxModel({ process }));
  const repo = repository(files);
  repo.git("tag", "v1.0.0");
  const here = project({});
  const env = { ENDPOINT: url, XDG_CACHE_HOME: join(here.root, "cache") };
  const bundle = join(here.root, "suite.tgz");
  const packed = await here.tally(
    ["pack", "--format", "bundle", "--config", repo.root, "--ref", "v1.0.0", "--out", bundle],
    { env },
  );
  expect(`${packed.exit} ${packed.stderr}`).toBe("0 ");
  const told = async (...words: string[]): Promise<{ digest: string; counts: object }> => {
    const { stderr, stdout } = await here.tally(["test", "--json", ...words], { env });
    expect(stderr).toBe("");
    const { suite, counts } = JSON.parse(stdout);
    return { digest: suite.digest, counts };
  };
  const home = await told("--config", repo.root);
  expect(home.counts).toMatchObject({ planned: 2, pass: 2 });
  expect(await told("--suite", bundle)).toEqual(home);
  expect(await told("--suite", `git+file://${repo.root}#v1.0.0`)).toEqual(home);
  execFileSync("tar", ["-xzf", bundle], { cwd: here.root });
  expect(await told("--suite", "package")).toEqual(home);
  expect(await told("--suite", "package/suite")).toEqual(home);
  const empty = await here.tally(["list", "--suite", "cache"], { env });
  expect(empty.stderr).toContain("error[suite-absent]: There is no suite in cache: it has no tally.toml");
  const suites = join(here.root, "cache/tally/suites");
  const taken = readdirSync(suites).map((name) => join(suites, name));
  // Both ways give the same files, byte for byte, but for what they say of where they come from.
  for (const folder of taken) {
    expect(await told("--suite", folder)).toEqual(home);
    expect(JSON.parse(readFileSync(join(folder, "suite.json"), "utf8")).digest).toBe(home.digest);
  }
  const versions = await here.tally(["versions", "--json", "--suite", repo.root], { env });
  expect(JSON.parse(versions.stdout).versions.map(({ suite }: { suite: { digest: string } }) => suite.digest)).toEqual([
    home.digest,
    home.digest,
  ]);
});
