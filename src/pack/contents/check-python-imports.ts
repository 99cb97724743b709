/**
 * A pytest file that imports what an image with Python does not have is not packed. Comes in: the files that travel. Counted are
 * statements at the left margin: what stands under a `try`, or in a function, its author has provided for.
 */
import { pythonFiles, pythonImports } from "../../delivery/python-imports.ts";
import { tallyError } from "../../kernel/errors.ts";
import { pythonModules } from "./python-modules.ts";

/** `pythonPath` are the folders that pytest's configuration adds. Throws `pack-import` for the first module that would be missing. */
export function checkPythonImports(files: ReadonlyMap<string, Uint8Array>, pythonPath: readonly string[]): void {
  const packages = new Set([...files.keys()].filter((path) => path.endsWith(".py")).flatMap((path) => path.split("/")));
  for (const [file, content] of files) {
    if (!file.endsWith(".py")) continue;
    for (const one of pythonImports(Buffer.from(content).toString("utf8"))) {
      const [name = ""] = one.module.split(".");
      const isOwn = packages.has(name) || pythonFiles(file, one, pythonPath).some((path) => files.has(path));
      if (!one.isPlain || name === "" || name.startsWith("_") || isOwn || pythonModules.has(name)) continue;
      const reason = "an image has Python, its standard library and pytest, and no other package";
      throw tallyError("pack-import", { file, line: one.line, specifier: name, reason });
    }
  }
}
