/** What a script imports: as its words say it, held against what V8 says of every source of this repository. */
import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as fc from "fast-check";
import { scriptImports } from "../../src/delivery/script-imports.ts";

const said = (source: string): Record<string, string[]> => {
  const { files, imports, types } = scriptImports(source);
  const names = (list: readonly { specifier: string }[]): string[] => list.map(({ specifier }) => specifier);
  return { imports: names(imports), types: names(types), files: names(files) };
};

test("every form of an import is found, and what talks of one is none", () => {
  const source = `
// import a from "comment";
/* import b from "block" */
import one from "one";
import { two,
  type T } from "two";
import three, * as threes from /* why */ "three";
import "./four.js";
import type { Five } from "five";
import type six from "six";
import type, { seven } from "seven";
export * from "eight"; export { nine } from 'nine';
export type { Ten } from "ten";
export type Size = number
export { eleven } from "eleven"
const twelve = await import("twelve"), thirteen = import(\`./thirteen.ts\`), none = import(\`./\${one}.ts\`);
const fourteen = require("./fourteen.cjs"), other = box.require("not-this");
type Options = import("fifteen").BuildOptions;
const words = readFileSync(new URL("./words.json", import.meta.url)), place = new URL("./place", "http://x");
const text = 'import x from "text"', long = \`
import y from "template"; \${nested(\`import z from "inner" \${"}"}\`)}
\`;
const pattern = /import q from "expression"/, half = 4 / 2 / 1, again = (1) / 2; /["'\`/]/.test("'");
if (half) /import r from "behind"/.exec(text);
const last = import("last", { with: { type: "json" } });
`;
  expect(said(source)).toEqual({
    imports: [
      "one",
      "two",
      "three",
      "./four.js",
      "seven",
      "eight",
      "nine",
      "eleven",
      "twelve",
      "./thirteen.ts",
      "./fourteen.cjs",
      "last",
    ],
    types: ["five", "six", "ten", "fifteen"],
    files: ["./words.json"],
  });
  expect(scriptImports(source).imports[0]).toEqual({ specifier: "one", line: 4 });
});

test("no source keeps it from ending, and a comment changes nothing", () => {
  const parts = "import|export|from|type|{|}|(|)|*|,|;|/|\\|`|'|\"|${|//|/*|*/|a|\n".split("|");
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...parts)), (words) => {
      const lines = words.filter((word) => word === "\n").length + 1;
      for (const { line } of scriptImports(words.join(" ")).imports) expect(line).toBeLessThanOrEqual(lines);
    }),
  );
  const source = `import a from "a";\nexport { b } from "b";\n`;
  fc.assert(
    fc.property(fc.string(), (text) => {
      const comment = `/* ${text.replaceAll("*/", "")} */\n// ${text.replaceAll(/[\r\n\u2028\u2029]/g, "")}\n`;
      expect(said(comment + source)).toEqual(said(source));
    }),
  );
});

test("V8 finds the same static imports in every source of this repository", () => {
  const paths = globSync(["src/**/*.ts", "test/**/*.ts", "tools/**/*.ts", "examples/**/*.ts", "bench/**/*.ts"], {
    exclude: (path) => /node_modules/.test(path),
  });
  expect(paths.length).toBeGreaterThan(600);
  const program = `
    const { SourceTextModule } = await import("node:vm");
    const { stripTypeScriptTypes } = await import("node:module");
    const { readFileSync } = await import("node:fs");
    const of = (path) => new SourceTextModule(stripTypeScriptTypes(readFileSync(path, "utf8"))).dependencySpecifiers;
    console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map((path) => [path, of(path)])));`;
  const flags = ["--experimental-vm-modules", "--no-warnings", "--input-type=module", "--eval", program];
  const ran = spawnSync(process.execPath, flags, { encoding: "utf8", input: JSON.stringify(paths), maxBuffer: 1e8 });
  const real: [string, string[]][] = JSON.parse(ran.stdout);
  for (const [path, specifiers] of real) {
    const text = readFileSync(path, "utf8");
    const found = scriptImports(text).imports.map(({ specifier }) => specifier);
    expect(found, path).toEqual(expect.arrayContaining(specifiers));
    const more = found.filter((one) => !specifiers.includes(one));
    expect(
      more.filter((one) => !text.includes(`import("${one}")`) && !text.includes(`require("${one}")`)),
      path,
    ).toEqual([]);
  }
});
