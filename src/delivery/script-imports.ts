/** What a script imports, as its text shows it: other files of the suite by a relative path, and packages of npm by name. */
import { isBuiltin } from "node:module";

const anyImport = /(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+)["']/g;
/** Types are gone when a test runs: whoever only names them needs no package. */
const typesOnly = /\b(?:import|export)\s+type\b[^"';]*\bfrom\s*["'][^"']+["']/g;

/** Every specifier of a static import, an `export … from` and an `import("…")`; also one that stands in a comment. */
export function scriptSpecifiers(text: string): string[] {
  return [...text.matchAll(anyImport)].map(([, specifier = ""]) => specifier);
}

/** The packages of npm among what a script imports, each once. `tallyml` is the running Tally, and no package. */
export function importedPackages(text: string): string[] {
  const names = scriptSpecifiers(text.replaceAll(typesOnly, "")).map(packageOf);
  return [...new Set(names.filter((name) => name !== undefined))];
}

export function isRelative(specifier: string): boolean {
  return /^\.{1,2}\//.test(specifier);
}

/** `lodash/fp.js` → `lodash`; undefined for what is no package of npm. */
export function packageOf(specifier: string): string | undefined {
  if (isBuiltin(specifier)) return undefined;
  const name = /^(?:@[a-z\d~-][\w.~-]*\/)?[a-z\d~-][\w.~-]*(?=\/|$)/i.exec(specifier)?.[0];
  return name === "tallyml" ? undefined : name;
}
