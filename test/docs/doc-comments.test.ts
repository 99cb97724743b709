/**
 * What `src/index.ts` exports is documented, and the examples in its doc comments run; TypeScript of pages and examples
 * compiles against the declarations that authors get.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { project } from "../kit/project.ts";
import { pages } from "./markdown.ts";
import { readPage } from "./page.ts";

interface Exported {
  readonly name: string;
  readonly isType: boolean;
  readonly comment: string;
}

/** The names of `src/index.ts` with the doc comments at their declarations. */
function readExports(): Exported[] {
  const index = readFileSync("src/index.ts", "utf8");
  return [...index.matchAll(/^export (type )?\{([^}]*)\} from "(.*)";$/gm)].flatMap(
    ([, types, names = "", path = ""]) => {
      const source = readFileSync(join("src", path), "utf8");
      return names
        .split(",")
        .map((name) => name.trim())
        .filter((name) => name !== "")
        .map((word) => {
          const name = word.replace(/^type /, "");
          const declared = new RegExp(
            `^export (?:declare )?(?:const|function|class|interface|type) ${name}\\b`,
            "m",
          ).exec(source);
          const before = source.slice(0, declared?.index ?? 0);
          const comment = /\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*$/.exec(before)?.[0] ?? "";
          return { name, isType: types !== undefined || word.startsWith("type "), comment };
        });
    },
  );
}

const exported = readExports();

/** The code behind `@example`, with or without a fence. */
function exampleOf({ comment }: Exported): string | undefined {
  const text = comment.replaceAll(/^ *\*\/?|^\s*\/\*\*|\*\/\s*$/gm, "").replaceAll(/^ /gm, "");
  const example = /@example\n([\s\S]*?)(?=\n@|$)/.exec(text)?.[1];
  return example?.replaceAll(/^```.*$/gm, "").trim();
}

const examples = exported.flatMap((one) => {
  const code = exampleOf(one);
  return code === undefined ? [] : [{ name: one.name, code }];
});

test("everything that is exported has a doc comment that begins with a sentence", () => {
  const silent = exported.filter(({ comment }) => !/^\/\*\*\s*(\*\s)?[A-Z`].*\S/.test(comment));
  expect(silent.map(({ name }) => name)).toEqual([]);
});

test("everything that is called has an example", () => {
  const without = exported.filter((one) => !one.isType && exampleOf(one) === undefined);
  expect(without.map(({ name }) => name)).toEqual([]);
});

const contract = `[model]
name = "sqli"
[connector]
node = "connector.ts"
[operations.process]
input = { query = "string" }
output = { null_values = "int", length = "int" }
`;

const connector = `export default {
  process: (frame) => [...frame].map(({ query }) => {
    if (query === "") throw new RangeError("there is no query");
    return { null_values: query.match(/\\bnull\\b/gi)?.length ?? 0, length: query.length };
  }),
};
`;

/** A comment at the end of an expression is its value. */
function asChecks(code: string): string {
  return code.replaceAll(/^(\S.*); \/\/ (\S+)$/gm, "expect($1).toEqual($2);");
}

test.each(examples)("the example of $name runs", async ({ name, code }) => {
  const isConnector = code.includes("export default");
  const checked = asChecks(code);
  const needsExpect = checked !== code && !/import \{[^}]*\bexpect\b/.test(code);
  const isTestFile = /^(test|it|describe)\b/m.test(code);
  const file = [
    needsExpect ? 'import { expect } from "tallyml";' : "",
    isTestFile ? "" : 'import { test as runs } from "tallyml";',
    checked,
    isTestFile ? "" : 'runs("loads", () => {});',
  ].join("\n");
  const made = project({
    "tally.toml": contract,
    "connector.ts": isConnector ? code : connector,
    "tests/example.test.ts": isConnector
      ? 'import { expect, operation, test } from "tallyml";\ntest("answers", async () => {\n  expect(await operation("process")({ query: "abc" })).toMatchObject({ length: 3 });\n});\n'
      : file,
  });
  if (isConnector) made.write({ "tally.toml": contract.replace('null_values = "int", ', "") });
  const { exit, stdout, stderr } = await made.tally(["test"]);
  expect(exit === 0 ? "" : `${name}\n${file}\n${stdout}${stderr}`).toBe("");
});

test("TypeScript of pages and examples compiles against what authors get", { timeout: 60_000 }, () => {
  const root = mkdtempSync(join(tmpdir(), "tally-types-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const [i, { steps }] of pages.flatMap(readPage).entries())
    for (const step of steps)
      if (step.kind === "file" && step.path.endsWith(".ts")) write(`page-${i}/${step.path}`, step.text);
  for (const { name, code } of examples) write(`examples/${name}.ts`, code);
  mkdirSync(join(root, "node_modules"));
  symlinkSync(resolve("."), join(root, "node_modules/tallyml"));
  symlinkSync(resolve("node_modules/@types"), join(root, "node_modules/@types"));
  symlinkSync(resolve("node_modules/vitest"), join(root, "node_modules/vitest"));
  const compilerOptions = {
    target: "es2024",
    lib: ["es2024", "esnext.iterator"],
    module: "nodenext",
    types: ["node"],
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    erasableSyntaxOnly: true,
    moduleDetection: "force",
    skipLibCheck: true,
  };
  write("package.json", '{ "type": "module" }');
  write("tsconfig.json", JSON.stringify({ compilerOptions, include: ["page-*/**/*", "examples"] }));
  const compile = (): string => {
    try {
      return execFileSync(process.execPath, [resolve("node_modules/typescript/bin/tsc"), "-p", root], {
        encoding: "utf8",
      });
    } catch (error) {
      return error instanceof Error && "stdout" in error ? String(error.stdout) : String(error);
    }
  };
  expect(compile()).toBe("");
});
