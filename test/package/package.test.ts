import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { withTests } from "../kit/length-model.ts";
import { project } from "../kit/project.ts";
import { runVitest, vitestConfig } from "../kit/vitest.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const launcher = join(root, "bin/tally.js");

interface Packed {
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

function packed(): Packed {
  const said = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [first]: Packed[] = JSON.parse(said);
  if (first === undefined) throw new Error("npm pack said nothing");
  return first;
}

test("the package holds the command, the library, the Python SDK, the schemas and the licence, and nothing else", () => {
  const { files } = packed();
  const tops = new Set(
    files.map(({ path }) =>
      path
        .split("/")
        .slice(0, path.startsWith("python/") ? 2 : 1)
        .join("/"),
    ),
  );
  expect([...tops].toSorted()).toEqual([
    "CHANGELOG.md",
    "LICENSE",
    "NOTICE",
    "README.md",
    "THIRD-PARTY.md",
    "bin",
    "dist",
    "package.json",
    "protocol",
    "python/tallyml",
    "python/tallyml-0.1.0.dist-info",
    "runtime",
    "schema",
  ]);
  expect(files.filter(({ path }) => /\.pyc$|__pycache__|\.env|\.test\./.test(path))).toEqual([]);
  expect(files.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(5_000_000);
});

test("no dependency runs a script when it is installed", () => {
  const lock: { packages: Record<string, { hasInstallScript?: boolean; optional?: boolean }> } = JSON.parse(
    readFileSync(join(root, "package-lock.json"), "utf8"),
  );
  const scripted = Object.entries(lock.packages).filter(
    ([path, { hasInstallScript, optional }]) => hasInstallScript && !optional && path.startsWith("node_modules/"),
  );
  expect(scripted.map(([path]) => path).filter((path) => path !== "node_modules/tallyml")).toEqual([]);
});

test("every dependency is pinned exactly", () => {
  const {
    dependencies,
    devDependencies,
  }: Record<string, Record<string, string>> = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
    ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
  );
  expect(loose).toEqual([]);
});

test("--version and --help load next to nothing", () => {
  const { root: folder, write } = project({});
  write({
    "count.mjs": `import { registerHooks } from "node:module";
const loaded = [];
registerHooks({ load(url, context, next) { if (url.startsWith("file:")) loaded.push(url.replace(/.*\\/(dist|bin)\\//, "$1/").replace(/-[\\w-]{8}\\.js$/, ".js")); return next(url, context); } });
process.on("exit", () => process.stderr.write(JSON.stringify(loaded)));`,
  });
  const loaded = (flag: string): string[] => {
    const { stderr } = spawnSync(process.execPath, ["--import", join(folder, "count.mjs"), launcher, flag], {
      encoding: "utf8",
      cwd: folder,
    });
    return JSON.parse(stderr);
  };
  expect(loaded("--version").filter((file) => file !== "bin/tally.js").length).toBeLessThan(5);
  expect(loaded("--help").length).toBeLessThan(12);
});

test("the packed package runs the suite under Vitest, and means the same by every name", async () => {
  const { root: folder, write } = project({
    ...withTests(
      `test("asks", { tags: ["smoke"] }, async () => { expect(await process({ text: "abc" })).toTally({ length: 3 }); });
       test("is wrong", async () => { expect(await process({ text: "abc" })).toTally({ length: 4 }); });`,
    ),
    "vitest.config.ts": vitestConfig,
    "package.json": `{"type":"module"}`,
  });
  const [archive]: { readonly filename: string }[] = JSON.parse(
    execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }),
  );
  mkdirSync(join(folder, "node_modules/tallyml"), { recursive: true });
  execFileSync("tar", ["xzf", archive?.filename ?? "", "-C", "node_modules/tallyml", "--strip-components=1"], {
    cwd: folder,
  });
  // What npm would install beside it.
  for (const name of readdirSync(join(root, "node_modules")))
    if (name !== "tallyml" && !name.startsWith("."))
      symlinkSync(join(root, "node_modules", name), join(folder, "node_modules", name));
  write({
    "names.mjs": `const [one, other] = [await import("tallyml"), await import("tallyml/vitest/config")];
process.stdout.write(Object.keys(one).toSorted().join(" ") + "\\n" + Object.keys(other).join(" "));`,
    "tests/names.test.ts": `import * as tallyml from "tallyml"; import { expect, test } from "tallyml";
test("names", () => { expect(Object.keys(tallyml).toSorted().join(" ")).toBe(globalThis.process.env.NAMES); });`,
  });
  const [names, config] = execFileSync(process.execPath, ["names.mjs"], { cwd: folder, encoding: "utf8" }).split("\n");
  expect(config).toBe("tally");
  const { output, verdicts } = await runVitest(folder, { env: { NAMES: names ?? "" } });
  expect(Object.fromEntries(verdicts), output).toEqual({
    "tests/a.test.ts > asks": "pass",
    "tests/a.test.ts > is wrong": "fail",
    "tests/names.test.ts > names": "pass",
  });
});

/** What tsc says of a file that uses the package as a stranger would: through its declarations. */
function compile(source: string): string {
  const { root: folder, write } = project({ "package.json": `{"type":"module"}`, "use.test.ts": source });
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules/tallyml"));
  write({
    "tsconfig.json": JSON.stringify({
      compilerOptions: {
        module: "nodenext",
        target: "es2024",
        strict: true,
        noEmit: true,
        types: [],
        erasableSyntaxOnly: true,
        verbatimModuleSyntax: true,
      },
      include: ["use.test.ts"],
    }),
  });
  writeFileSync(join(folder, "out"), "");
  const ran = spawnSync(
    process.execPath,
    [join(root, "node_modules/typescript/bin/tsc"), "-p", folder, "--pretty", "false"],
    { encoding: "utf8", cwd: folder },
  );
  return ran.stdout.trim();
}

test("a suite is typed through the published declarations, and a misspelt field is found", () => {
  const good = compile(`
import { approx, defineConnector, describe, expect, type Frame, operation, test } from "tallyml";
const process = operation<{ query: string }, { length: number; score: number }>("process");
describe("x", () => {
  test("one", { tags: ["smoke"] }, async () => {
    const one = await process({ query: "a" });
    const many: { length: number }[] = await process([{ query: "a" }]);
    expect(one).toTally({ length: 1, score: approx(0.5, { abs: 0.1 }) });
    expect(many).toTally([{ length: 1 }]);
    expect(one.length).toBeGreaterThan(0);
    expect.soft(one).toEqual({ length: expect.any(Number), score: 1 });
  });
});
test.each([["a", 1], ["b", 2]] as const)("%s", (text, n) => { expect(text.length).toBe(n); });
export default defineConnector({ process(frame: Frame<{ query: string }>) { return frame.column("query").map((query) => ({ length: String(query).length })); } });
`);
  expect(good).toBe("");
  const bad = compile(`
import { expect, operation, test } from "tallyml";
const process = operation<{ query: string }, { length: number }>("process");
test("x", async () => { expect(await process({ query: "a" })).toTally({ lenght: 1 }); await process({ qery: "a" }); });
`);
  expect(bad.split("\n").map((line) => line.replace(/^.*error /, ""))).toMatchInlineSnapshot(`
    [
      "TS2561: Object literal may only specify known properties, but 'lenght' does not exist in type '{ readonly length?: unknown; }'. Did you mean to write 'length'?",
      "TS2769: No overload matches this call.",
      "  The last overload gave the following error.",
      "    Object literal may only specify known properties, and 'qery' does not exist in type 'readonly { query: string; }[]'.",
    ]
  `);
});
