/**
 * Which suite this was: SHA-256 over lines `sha256(content)␠␠path`, sorted bytewise, of the contract's file, the test files
 * with what they import inside the project, the case tables and the reference answers (spec §8).
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, relative, resolve, sep } from "node:path";

/** `files` are absolute or relative to `root`; missing ones are left out. */
export function suiteDigest(root: string, files: readonly string[]): string {
  const contents = new Map<string, Buffer>();
  const waiting = files.map((file) => resolve(root, file));
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    const path = relative(root, file).replaceAll(sep, "/");
    if (contents.has(path) || path.startsWith("../") || !existsSync(file)) continue;
    const content = readFileSync(file);
    contents.set(path, content);
    if (file.endsWith(".py")) waiting.push(...pythonImports(root, file, content.toString("utf8")));
    if (/\.[cm]?[jt]s$/.test(file)) waiting.push(...importsOf(file, content.toString("utf8")));
  }
  const lines = [...contents].map(([path, content]) => `${sha256(content)}  ${path}\n`);
  return `sha256:${sha256(lines.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))).join(""))}`;
}

function sha256(content: Buffer | string): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Files that a source imports by a relative path, static and `import("…")`. */
function importsOf(file: string, source: string): string[] {
  const specifiers = source.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*["'](\.{1,2}\/[^"']+)["']/g);
  return [...specifiers].map(([, specifier = ""]) => resolve(dirname(file), specifier));
}

/** Modules that lie beside a Python source or in the root, where pytest's own search path finds them. */
function pythonImports(root: string, file: string, source: string): string[] {
  const names = source.matchAll(/^[ \t]*(?:from|import)[ \t]+(\.*)([\w.]*)/gm);
  return [...names].flatMap(([, dots = "", name = ""]) => {
    const path = name.replaceAll(".", "/");
    if (dots !== "") return modules(resolve(dirname(file), "../".repeat(dots.length - 1), path));
    return [dirname(file), root].flatMap((folder) => modules(resolve(folder, path)));
  });
}

function modules(path: string): string[] {
  return [`${path}.py`, `${path}/__init__.py`];
}
