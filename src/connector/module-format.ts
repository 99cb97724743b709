/**
 * A file of an author that is written as a module is one, whatever the package.json above it says: `npm init` writes
 * `"type": "commonjs"`, and where a suite is delivered no package.json is with it.
 */
import { readFileSync } from "node:fs";

const commonJs: Readonly<Record<string, string>> = {
  commonjs: "module",
  "commonjs-typescript": "module-typescript",
};

/** A statement that only a module has; one in a text of several lines at the left margin is taken for it too. */
const moduleStatement = /^(?:import\s*["'{*]|import\s+[\w$]|export\s+[\w${*])/m;

/** The format that a resolved file is loaded in, given the one that Node would take. */
export function moduleFormat(url: string, format: string | null | undefined): string | null | undefined {
  const other = typeof format === "string" ? commonJs[format] : undefined;
  const isAuthors = url.startsWith("file:") && /\.[jt]s$/.test(url) && !url.includes("/node_modules/");
  return other !== undefined && isAuthors && saysModule(url) ? other : format;
}

function saysModule(url: string): boolean {
  try {
    return moduleStatement.test(readFileSync(new URL(url), "utf8"));
  } catch {
    // Whoever loads it says what is wrong.
    return false;
  }
}
