/** Packages of npm that a suite imports: fetched as the lock says, carried as files, found where the suite is run. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { fauxModel } from "../faux/faux-model.ts";
import { contract } from "../kit/length-model.ts";
import { project, type Project, type Ran } from "../kit/project.ts";
import { repository } from "../kit/repository.ts";

type Entry = Readonly<Record<string, unknown>>;

/** Entries of our own lock: npm has these packages at hand already. */
const own: { packages: Record<string, Entry> } = JSON.parse(readFileSync(resolve("package-lock.json"), "utf8"));
const querystring = locked("fast-querystring", "fast-decode-uri-component");

function locked(...names: readonly string[]): Record<string, Entry> {
  return Object.fromEntries(
    names.map((name) => {
      const { dev: _, ...entry } = own.packages[`node_modules/${name}`] ?? {};
      return [`node_modules/${name}`, entry];
    }),
  );
}

/** What npm writes beside a suite that needs packages. */
function npmFiles(packages: Readonly<Record<string, Entry>>): Record<string, string> {
  const [name = ""] = Object.keys(packages).map((place) => place.replace("node_modules/", ""));
  const top = { name: "suite", version: "1.0.0", dependencies: { [name]: "*" } };
  const lock = { name: top.name, version: top.version, lockfileVersion: 3, requires: true };
  return {
    "package.json": JSON.stringify(top),
    "package-lock.json": JSON.stringify({ ...lock, packages: { "": top, ...packages } }),
  };
}

const files = {
  "tally.toml": contract,
  "tests/query.test.ts": `import { expect, operation, test } from "tallyml";
import querystring from "fast-querystring";
import type { Absent } from "only-a-type";
const said = \`
import nothing from "not-an-import";
\`;
const process = operation("process");
test("a query of one word", async () => {
  const { q }: { q?: Absent } = querystring.parse("q=tea%20pot");
  expect(await process({ text: q })).toTally({ length: 7 });
});
`,
};

const right = {
  process: ({ text }: Readonly<Record<string, unknown>>) => ({ length: String(text).length, half: 0, label: null }),
};
const wrong = { process: () => ({ length: 0, half: 0, label: null }) };

async function bundle(suite: Project): Promise<Ran> {
  const ran = await suite.tally(["pack", "--format", "bundle", "--out", "suite.tgz", "--force"]);
  if (ran.exit === 0) execFileSync("tar", ["-xzf", "suite.tgz"], { cwd: suite.root });
  return ran;
}

test("they travel as the registry has them, with what they need, and are found inside the fence", async () => {
  const suite = project({ ...files, ...npmFiles(querystring) });
  const packed = await bundle(suite);
  expect(packed.exit, packed.stderr).toBe(0);
  const version = (name: string): string => `${name} ${String(querystring[`node_modules/${name}`]?.["version"])}`;
  expect(packed.stdout).toContain(
    `packages   ${version("fast-decode-uri-component")}, ${version("fast-querystring")}\n`,
  );
  const at = (path: string): string => join(suite.root, "package/suite/node_modules", path);
  expect(existsSync(at("fast-querystring/LICENSE"))).toBe(true);
  expect(existsSync(at("fast-decode-uri-component/index.js"))).toBe(true);
  expect(readFileSync(at("fast-querystring/package.json"), "utf8")).toBe(
    readFileSync(resolve("node_modules/fast-querystring/package.json"), "utf8"),
  );
  await using good = await fauxModel(right);
  await using bad = await fauxModel(wrong);
  const program = join(suite.root, "package/tally.mjs");
  const run = (url: string): Promise<Ran> => suite.tally([], { program, env: { ENDPOINT: url } });
  const green = await run(good.url);
  expect(green.stdout + green.stderr).toContain(" 1 passed in");
  expect(green.exit).toBe(0);
  expect((await run(bad.url)).exit).toBe(1);
  // One changed byte of a package is another suite.
  writeFileSync(at("fast-querystring/lib/parse.js"), "module.exports = () => ({});\n");
  const changed = await run(good.url);
  expect(changed.stderr).toContain("error[suite-digest]");
  expect(changed.exit).toBe(7);
});

test("are the same bytes each time, one line each in the list, and the lock is in the digest", async () => {
  const suite = project({ ...files, ...npmFiles(querystring) });
  await bundle(suite);
  const first = readFileSync(join(suite.root, "suite.tgz"));
  await bundle(suite);
  expect(readFileSync(join(suite.root, "suite.tgz")).equals(first)).toBe(true);
  const printed = (await suite.tally(["pack", "--print"])).stdout;
  expect(printed).toMatch(/ kB {2}node_modules\/fast-querystring\/\n/);
  expect(printed).not.toContain("node_modules/fast-querystring/package.json");
  const digest = (text: string): string | undefined => /sha256:[0-9a-f]{64}/.exec(text)?.[0];
  const lock = join(suite.root, "package-lock.json");
  writeFileSync(lock, readFileSync(lock, "utf8").replace('"version":"1.0.0"', '"version":"1.0.1"'));
  expect(digest((await suite.tally(["pack", "--print"])).stdout)).not.toBe(digest(printed));
});

test("a suite of a git ref has them too, and no address of a stranger's lock is asked", async () => {
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    response.writeHead(404).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const elsewhere = Object.fromEntries(
    Object.entries(querystring).map(([place, entry]) => [
      place,
      { ...entry, resolved: `http://127.0.0.1:${port}/package.tgz` },
    ]),
  );
  const suite = repository({ ...files, ...npmFiles(elsewhere) });
  await using good = await fauxModel(right);
  const ran = await project({}).tally(["test", "-e", good.url, "--suite", `git+file://${suite.root}#HEAD`]);
  server.close();
  expect(ran.stdout + ran.stderr).toContain(" 1 passed in");
  expect({ exit: ran.exit, asked }).toEqual({ exit: 0, asked: 0 });
});

test.for([
  ["a place on this machine for a version", { version: "file:../../.." }],
  ["an address for a name", { name: "git+ssh://git@example.org/evil.git" }],
  ["no digest", { integrity: undefined }],
] as const)("a lock with %s is refused before npm sees it", async ([, change]) => {
  const [[place, entry] = ["", {}]] = Object.entries(querystring);
  const suite = project({ ...files, ...npmFiles({ ...querystring, [place]: { ...entry, ...change } }) });
  const { exit, stderr } = await bundle(suite);
  expect(stderr).toContain("error[package-unfit]: The npm package fast-querystring cannot travel");
  expect(exit).toBe(2);
  expect(existsSync(join(suite.root, "suite.tgz"))).toBe(false);
});

test.for([
  ["./helper.ts", "there is no such file"],
  ["../../helper.ts", "leads out of the folder"],
  ["/etc/passwd.js", "a place on this machine"],
  ["#helper", "names that package.json gives"],
  ["fast-check", "does not list that package"],
  ["@scope/name/deep.js", "does not list that package"],
] as const)("an import of %s is not packed", async ([specifier, reason]) => {
  const suite = project({
    "tally.toml": contract,
    "tests/a.test.ts": `import { test } from "tallyml";\nimport "${specifier}";\ntest("a", () => {});\n`,
  });
  const { exit, stderr } = await bundle(suite);
  expect(stderr).toContain(`error[pack-import]: tests/a.test.ts:2 imports "${specifier}"`);
  expect(stderr.replaceAll(/\s+/g, " ")).toContain(reason);
  expect(exit).toBe(2);
});
