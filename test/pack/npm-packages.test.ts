/** How npm gives the packages of a suite: which registry it asks, what may go wrong there, on a disk and in the lock, and what is left. */
import { execFile, execFileSync, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { contract } from "../kit/length-model.ts";
import { npmRegistry, type Published } from "../kit/npm-registry.ts";
import { normal, project, type Project, type Ran } from "../kit/project.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

type Entries = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const plain: Published = { name: "tea", files: { "index.js": "export default 'tea';\n" }, says: { type: "module" } };
/** A name too long for the header of a tar, so that npm repeats name and size in front of it. */
const long = `${"long/".repeat(21)}index.js`;

/** A suite that imports these packages. */
function importing(names: readonly string[], locked: Entries, more: Readonly<Record<string, string>> = {}): Project {
  const imports = names.map((name, i) => `import p${i} from "${name}";\nvoid p${i};\n`).join("");
  return project({
    "tally.toml": contract,
    "tests/a.test.ts": `import { test } from "tallyml";\n${imports}test("a", () => {});\n`,
    "package.json": "{}",
    "package-lock.json": JSON.stringify({ lockfileVersion: 3, packages: { "": {}, ...locked } }),
    ...more,
  });
}

const words = ["pack", "--format", "bundle", "--out", "suite.tgz", "--force"];

function bundle(suite: Project, env: Readonly<Record<string, string>>): Promise<Ran> {
  return suite.tally(words, { env });
}

/** The files that were packed, below `suite/node_modules`. */
function carried({ root }: Project): Record<string, string> {
  const listed = execFileSync("tar", ["-tzf", "suite.tgz"], { cwd: root, encoding: "utf8" });
  const paths = listed.split("\n").filter((path) => path.includes("/node_modules/") && !path.endsWith("/"));
  return Object.fromEntries(
    paths.map((path) => [
      path.slice(path.indexOf("node_modules/")),
      execFileSync("tar", ["-xzOf", "suite.tgz", path], { cwd: root, encoding: "utf8" }),
    ]),
  );
}

/** The error in one line, and what to do about it. */
function said({ stderr }: Ran): string {
  return stderr.replaceAll(/\s+/g, " ").replace(/ more: .*/, "");
}

test("a registry that wants a token gets it from where npm is told of it", async () => {
  await using registry = await npmRegistry([plain], { token: "s3cret" });
  const rc = `${registry.scope}:_authToken=\${NPM_TOKEN}\n`;
  const suite = importing(["tea"], registry.locked, { ".npmrc": rc });
  const { npm_config_registry: url, ...env } = registry.env;
  const refused = await bundle(suite, { ...registry.env, NPM_TOKEN: "other" });
  expect(normal(said(refused), suite.root)).toMatchInlineSnapshot(
    `"error[package-fetch]: npm does not give what the suite imports (tea@1.0.0): npm says E401: 401 Unauthorized - GET http://127.0.0.1:<port>/tea - unauthorized. hint: Give npm what that registry asks for: npm login, or the variable that .npmrc names, such as NPM_TOKEN."`,
  );
  expect((await bundle(suite, { ...registry.env, NPM_TOKEN: "s3cret" })).exit).toBe(0);
  expect(carried(suite)["node_modules/tea/index.js"]).toBe("export default 'tea';\n");
  // As the action that sets up Node on GitHub leaves it.
  const user = join(temporaryFolder("npmrc"), ".npmrc");
  writeFileSync(user, `registry=${url}\n${registry.scope}:_authToken=\${NODE_AUTH_TOKEN}\n`);
  const other = importing(["tea"], registry.locked);
  const told = {
    NPM_CONFIG_USERCONFIG: user,
    NODE_AUTH_TOKEN: "s3cret",
    npm_config_cache: `${env["npm_config_cache"]}2`,
  };
  const packed = await bundle(other, told);
  expect(packed.exit, packed.stderr).toBe(0);
});

const otherwise = {
  "dry-run": "true",
  global: "true",
  "ignore-scripts": "false",
  "install-strategy": "linked",
  json: "false",
  loglevel: "silent",
  "min-release-age": "10000",
  "pack-destination": "elsewhere",
  "package-lock": "false",
  workspaces: "true",
};

test("what npm is told of other things makes no difference", async () => {
  await using registry = await npmRegistry([plain]);
  const lines = Object.entries(otherwise).map(([key, value]) => `${key}=${value}\n`);
  const suite = importing(["tea"], registry.locked, { ".npmrc": lines.join("") });
  const packed = await bundle(suite, registry.env);
  expect(packed.exit, packed.stderr).toBe(0);
  const upper = Object.entries(otherwise).map(([key, value]) => [
    `NPM_CONFIG_${key.replaceAll("-", "_").toUpperCase()}`,
    value,
  ]);
  const cache = { npm_config_cache: temporaryFolder("cache"), NPM_CONFIG_WORKSPACE: "none" };
  const again = await bundle(suite, { ...Object.fromEntries(upper), ...registry.env, ...cache });
  expect(again.exit, again.stderr).toBe(0);
});

test("npm may have started Tally", async () => {
  await using registry = await npmRegistry([plain]);
  const script = `"${process.execPath}" "${resolve("bin/tally.js")}" ${words.join(" ")}`;
  const suite = importing(["tea"], registry.locked, {
    "package.json": JSON.stringify({ name: "suite", version: "1.0.0", scripts: { bundle: script } }),
  });
  await promisify(execFile)("npm", ["run", "bundle"], { cwd: suite.root, env: { ...process.env, ...registry.env } });
  expect(existsSync(join(suite.root, "suite.tgz"))).toBe(true);
});

test("every file is that of the tarball, also with a long name, and two packages may look alike", async () => {
  const [one, two] = ["@a/b-c", "@a-b/c"].map((name) => ({ ...plain, name, files: { [long]: `// ${name}\n` } }));
  await using registry = await npmRegistry([one ?? plain, two ?? plain]);
  const suite = importing(["@a/b-c", "@a-b/c"], registry.locked);
  const packed = await bundle(suite, registry.env);
  expect(packed.exit, packed.stderr).toBe(0);
  const { [`node_modules/@a/b-c/${long}`]: first, [`node_modules/@a-b/c/${long}`]: second } = carried(suite);
  expect([first, second]).toEqual(["// @a/b-c\n", "// @a-b/c\n"]);
});

test("what npm fetched once is packed without a registry, without npm and without a temporary folder", async () => {
  const registry = await npmRegistry([plain]);
  const suite = importing(["tea"], registry.locked);
  expect((await bundle(suite, registry.env)).exit).toBe(0);
  const first = readFileSync(join(suite.root, "suite.tgz"));
  await registry[Symbol.asyncDispose]();
  const bare = { ...registry.env, PATH: suite.root, TMPDIR: join(suite.root, "none") };
  const packed = await bundle(suite, bare);
  expect(packed.exit, packed.stderr).toBe(0);
  expect(readFileSync(join(suite.root, "suite.tgz")).equals(first)).toBe(true);
  // A changed byte in npm's cache is not taken.
  const { integrity = "" } = registry.locked["node_modules/tea"] ?? {};
  const hex = Buffer.from(String(integrity).slice("sha512-".length), "base64").toString("hex");
  const folder = join(String(registry.env["npm_config_cache"]), "_cacache/content-v2/sha512");
  writeFileSync(join(folder, hex.slice(0, 2), hex.slice(2, 4), hex.slice(4)), "other bytes");
  expect(said(await bundle(suite, bare))).toContain("error[package-fetch]");
});

test("a temporary folder that is not there is named", async () => {
  await using registry = await npmRegistry([plain]);
  const suite = importing(["tea"], registry.locked);
  const none = join(suite.root, "none");
  const ran = await bundle(suite, { ...registry.env, TMPDIR: none });
  expect({ exit: ran.exit, said: normal(said(ran), suite.root) }).toMatchInlineSnapshot(`
    {
      "exit": 2,
      "said": "error[package-fetch]: npm does not give what the suite imports (tea@1.0.0): <root>/none takes no files (there is no such folder). hint: Name a folder of yours, with room for what npm fetches: TMPDIR=FOLDER tally pack",
    }
  `);
});

const canMount = spawnSync("unshare", ["-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).status === 0;

test.skipIf(!canMount).for([
  ["4k", 1],
  ["40k", 100_000],
] as const)("a temporary folder with room for %s is too small, and nothing is packed", async ([size, bytes]) => {
  const noise = randomBytes(bytes);
  await using registry = await npmRegistry([{ ...plain, files: { "index.js": "", "noise.bin": noise } }]);
  const suite = importing(["tea"], registry.locked, { ".npmrc": `; ${"x".repeat(size === "4k" ? 9000 : 1)}\n` });
  const small = temporaryFolder("small");
  const mount = `mount -t tmpfs -o size=${size} tmpfs "$TMPDIR" && exec "$0" "$@"`;
  const child = spawn("unshare", ["-rm", "sh", "-c", mount, process.execPath, resolve("bin/tally.js"), ...words], {
    cwd: suite.root,
    env: { ...process.env, ...registry.env, TMPDIR: small, NODE_DISABLE_COMPILE_CACHE: "1" },
  });
  const [stderr, [status]] = await Promise.all([text(child.stderr), once(child, "close")]);
  expect(stderr).toContain("error[package-fetch]");
  expect(stderr).toContain("ENOSPC");
  expect(stderr).toContain("TMPDIR=FOLDER tally pack");
  expect({ status, packed: existsSync(join(suite.root, "suite.tgz")) }).toEqual({ status: 2, packed: false });
});

test.for(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s ends npm, and nothing of it is left", async (signal) => {
  await using registry = await npmRegistry([], { isSilent: true });
  const integrity = `sha512-${"A".repeat(86)}==`;
  const suite = importing(
    ["tea"],
    { "node_modules/tea": { version: "1.0.0", integrity } },
    { ".npmrc": "//h/:_authToken=t\n" },
  );
  const place = temporaryFolder("signal");
  const running = suite.start(words, { env: { ...registry.env, TMPDIR: place } });
  await registry.connected(true);
  const mine = (): string[] => readdirSync(place).filter((name) => name.startsWith("tally-packages-"));
  expect(mine().map((name) => existsSync(join(place, name, ".npmrc")))).toEqual([true]);
  running.child.kill(signal);
  const ran = await running.ended;
  expect({ signal: ran.signal, left: mine() }).toEqual({ signal, left: [] });
  await registry.connected(false);
});

test("a deadline ends npm with what it started", async () => {
  await using registry = await npmRegistry([], { isSilent: true });
  const integrity = `sha512-${"A".repeat(86)}==`;
  const suite = importing(["tea"], { "node_modules/tea": { version: "1.0.0", integrity } });
  const ran = await suite.tally([...words, "--max-time", "3s"], { env: registry.env });
  expect(said(ran)).toMatchInlineSnapshot(
    `"error[package-fetch]: npm does not give what the suite imports (tea@1.0.0): npm was not done after 3 s. hint: See whether this machine reaches the registry that npm is set up with: npm ping"`,
  );
  await registry.connected(false);
});

test.for([
  ["sha1", 20],
  ["sha256", 32],
  ["sha384", 48],
] as const)("%s alone proves nothing", async ([name, length]) => {
  await using registry = await npmRegistry([plain]);
  const integrity = `${name}-${Buffer.alloc(length).toString("base64")}`;
  const suite = importing(["tea"], { "node_modules/tea": { version: "1.0.0", integrity } });
  const ran = await bundle(suite, registry.env);
  expect(said(ran)).toContain(
    `error[package-unfit]: The npm package tea cannot travel with the suite: package-lock.json has no sha512 of it, and ${name} alone is not taken for proof.`,
  );
  expect({ exit: ran.exit, asked: registry.asked }).toEqual({ exit: 2, asked: [] });
});

test("a registry that gives other bytes than the lock states is not believed", async () => {
  await using registry = await npmRegistry([plain, { ...plain, name: "pot" }]);
  const { "node_modules/tea": tea, "node_modules/pot": pot } = registry.locked;
  const integrity = `sha512-${"A".repeat(86)}==`;
  const suite = importing(["tea", "pot"], {
    "node_modules/tea": { ...tea, integrity },
    "node_modules/pot": { ...pot },
  });
  const ran = await bundle(suite, registry.env);
  expect({ exit: ran.exit, said: said(ran) }).toMatchInlineSnapshot(`
    {
      "exit": 2,
      "said": "error[package-fetch]: npm does not give what the suite imports (tea@1.0.0): what the registry gives has not the digest that package-lock.json states. hint: Do not pack it. See whether the lock or the registry is wrong: npm ci --ignore-scripts --prefer-online",
    }
  `);
});

test.for([
  ["the registry does not have it", {}],
  ["nobody answers there", { npm_config_registry: "http://127.0.0.1:1/" }],
  ["npm may not ask", { npm_config_offline: "true" }],
] as const)("when %s, that is what is said", async ([, env]) => {
  await using registry = await npmRegistry([]);
  const integrity = `sha512-${"A".repeat(86)}==`;
  const suite = importing(["tea"], { "node_modules/tea": { version: "1.0.0", integrity } });
  const ran = await bundle(suite, { ...registry.env, ...env });
  expect(ran.exit).toBe(2);
  expect(normal(said(ran), suite.root)).toMatchSnapshot();
});

const bound = { version: "1.0.0", integrity: `sha512-${"A".repeat(86)}==`, hasInstallScript: true };

test("what is optional and cannot travel stays behind, with all that needs it", async () => {
  const feed = {
    ...plain,
    name: "feed",
    says: {
      type: "module",
      dependencies: { tea: "*" },
      peerDependencies: { bufferutil: "*", absent: "*" },
      peerDependenciesMeta: { bufferutil: { optional: true } },
      optionalDependencies: { fast: "*" },
    },
  };
  const fast = { ...plain, name: "fast", says: { dependencies: { bufferutil: "*" } } };
  await using registry = await npmRegistry([plain, feed, fast]);
  const suite = importing(["feed"], { ...registry.locked, "node_modules/bufferutil": bound });
  const packed = await bundle(suite, registry.env);
  expect(packed.exit, packed.stderr).toBe(0);
  expect(packed.stdout).toContain("packages   feed 1.0.0, tea 1.0.0\n");
  expect(Object.keys(carried(suite)).filter((path) => path.endsWith("package.json"))).toEqual([
    "node_modules/feed/package.json",
    "node_modules/tea/package.json",
  ]);
});

test("what cannot travel is named with those that need it", async () => {
  const { hasInstallScript: _, ...fit } = bound;
  const entries = {
    "node_modules/a": { ...fit, dependencies: { b: "*" } },
    "node_modules/b": { ...fit, dependencies: { bufferutil: "*" } },
    "node_modules/bufferutil": bound,
  };
  const ran = await bundle(importing(["a"], entries), {});
  expect(said(ran)).toContain(
    "error[package-unfit]: The npm package bufferutil (needed by a > b) cannot travel with the suite: it runs a program when it is installed.",
  );
  const { "node_modules/bufferutil": _bound, ...lacking } = entries;
  const lost = await bundle(importing(["a"], lacking), {});
  expect({ exit: lost.exit, said: said(lost) }).toMatchInlineSnapshot(`
    {
      "exit": 2,
      "said": "error[package-lock]: package-lock.json beside tally.toml cannot be used: it lacks bufferutil, which a > b needs. hint: Let npm write it anew, in the folder of tally.toml: npm install --package-lock-only",
    }
  `);
});

test("a name that is none is shown as a text, and makes no lines of its own", async () => {
  const tea = { version: "1.0.0", integrity: bound.integrity, dependencies: { "x\nerror[suite-digest]": "*" } };
  const ran = await bundle(importing(["tea"], { "node_modules/tea": tea }), {});
  expect(ran.stderr).toContain('it lacks "x\\nerror[suite-digest]", which tea needs.');
  expect(ran.exit).toBe(2);
});

test.for([
  ["a merge", "{\n<<<<<<< HEAD\n=======\n>>>>>>> other\n}\n", "a merge left its conflict marks in it"],
  [
    "npm 6",
    `{"lockfileVersion":1,"dependencies":{}}`,
    "it is of lockfileVersion 1, as npm 6 wrote it, and 2 or 3 is read",
  ],
  ["no JSON", "{", "it is no JSON object"],
] as const)("a lock of %s is called that", async ([, lock, reason]) => {
  const suite = importing(["tea"], {}, { "package-lock.json": lock });
  const ran = await bundle(suite, {});
  expect(said(ran)).toContain(`error[package-lock]: package-lock.json beside tally.toml cannot be used: ${reason}.`);
  expect(ran.exit).toBe(2);
});
