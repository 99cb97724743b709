/**
 * A pytest file that imports what an image with Python does not have is not packed. Comes in: the files that travel. Counted are
 * statements at the left margin: what stands under a `try`, or in a function, its author has provided for.
 */
import { tallyError } from "../../kernel/errors.ts";
import { pythonModules } from "./python-modules.ts";

/** Throws `pack-import` for the first module that would be missing. */
export function checkPythonImports(files: ReadonlyMap<string, Uint8Array>): void {
  const own = new Set([...files.keys()].filter((path) => path.endsWith(".py")).flatMap(moduleNames));
  for (const [file, content] of files) {
    if (!file.endsWith(".py")) continue;
    // Texts over several lines may talk of imports; their line ends stay, for the number of the line.
    const text = Buffer.from(content)
      .toString("utf8")
      .replaceAll(/("""|''')[\s\S]*?\1/g, (literal) => literal.replaceAll(/[^\n]/g, ""));
    for (const [i, line] of text.split("\n").entries()) {
      const missing = importedModules(line).find((name) => !pythonModules.has(name) && !own.has(name));
      if (missing === undefined || missing.startsWith("_")) continue;
      const reason = "an image has Python, its standard library and pytest, and no other package";
      throw tallyError("pack-import", { file, line: i + 1, specifier: missing, reason });
    }
  }
}

/** The first parts of what a line imports: `import a.b, c as d` → a, c; a relative import has none. */
function importedModules(line: string): string[] {
  const from = /^from\s+(\w+)[\w.]*\s+import\s/.exec(line)?.[1];
  if (from !== undefined) return [from];
  const list = /^import\s+([^#;]+)/.exec(line)?.[1] ?? "";
  return list.split(",").flatMap((one) => /^\s*(\w+)/.exec(one)?.[1] ?? []);
}

/** Names under which a file can be imported: the file itself, and every folder above it. */
function moduleNames(path: string): string[] {
  return path.replace(/\.py$/, "").split("/");
}
