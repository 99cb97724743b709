/** Builds dist/: the JavaScript bundled with shared chunks (start-up: see bench/RESULTS.md), the declarations by tsc. */
import { execFileSync } from "node:child_process";
import { renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const root = fileURLToPath(new URL("..", import.meta.url));
const require = createRequire(import.meta.url);

/** One file of dist/ each; whatever they share becomes a chunk. */
const entries: Record<string, string> = {
  launch: "src/cli/launch.ts",
  index: "src/index.ts",
  "suite-child": "src/suite/suite-child.ts",
  "node-worker": "src/connector/node-worker.ts",
  "connector-face": "src/connector/connector-face.ts",
};

// Made beside and put in place at the end: whoever runs the old one meanwhile is not disturbed by half a new one.
const made = `${root}dist.new`;
rmSync(made, { recursive: true, force: true });
const bundle = await rolldown({
  cwd: root,
  input: entries,
  platform: "node",
  external: [/^node:/, "fastify", "vitest"],
});
await bundle.write({
  dir: made,
  format: "esm",
  minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
  sourcemap: false,
  chunkFileNames: "chunks/[name]-[hash].js",
});
await bundle.close();
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
rmSync(`${root}dist`, { recursive: true, force: true });
renameSync(made, `${root}dist`);
