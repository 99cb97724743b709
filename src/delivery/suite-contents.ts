/**
 * Which files are a suite (spec §8): test files with what they import inside the project, npm's lock when they import packages, pytest
 * files with their conftest.py, case tables, the reference answers. What the contract says travels as tables of its own, for the connector
 * and the named endpoints stay at home.
 */
import { posix } from "node:path";
import type { SuiteSettings } from "../contract/contract.ts";
import { isLocked, lockPath, parseLock } from "./packages/package-lock.ts";
import { importedPackages, isRelative, scriptSpecifiers } from "./script-imports.ts";
import type { SuiteSource } from "./suite-source.ts";

/** Where recorded answers are, from the contract's folder. */
export const answersPath = ".tally/answers.jsonl";

/** The files of a suite by path, sorted; the contract is not among them. */
export function suiteContents(source: SuiteSource, settings: SuiteSettings): ReadonlyMap<string, Uint8Array> {
  const pytest = source.find(settings.pytest);
  const begin = [...source.find(settings.tests), ...pytest, ...source.find(settings.cases), ...conftests(pytest)];
  const contents = withImports(source, [...begin, answersPath]);
  return suitePackages(source, contents).length === 0 ? contents : withImports(source, [...contents.keys(), lockPath]);
}

/** The packages of npm that the scripts of a suite import, as far as its lock knows them, sorted. */
export function suitePackages(source: SuiteSource, contents: ReadonlyMap<string, Uint8Array>): string[] {
  const scripts = [...contents].filter(([path]) => isScript(path));
  const names = new Set(scripts.flatMap(([, content]) => importedPackages(Buffer.from(content).toString("utf8"))));
  const lock = names.size === 0 ? undefined : parseLock(source.read(lockPath));
  return lock === undefined ? [] : [...names].filter((name) => isLocked(lock, name)).toSorted();
}

export function isScript(path: string): boolean {
  return /\.[cm]?[jt]s$/.test(path);
}

/** A test file, what it imports inside the project and, of pytest, its conftest.py: all that decides what its tests do. */
export function testContents(source: SuiteSource, path: string): ReadonlyMap<string, Uint8Array> {
  return withImports(source, path.endsWith(".py") ? [path, ...conftests([path])] : [path]);
}

/** These files and those that they import by a path inside the project. */
function withImports(source: SuiteSource, begin: readonly string[]): ReadonlyMap<string, Uint8Array> {
  const contents = new Map<string, Uint8Array>();
  const waiting = [...begin];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (contents.has(path) || path.startsWith("../")) continue;
    const content = source.read(path);
    if (content === undefined) continue;
    contents.set(path, content);
    if (isCode(path)) waiting.push(...importsOf(path, Buffer.from(content).toString("utf8")));
  }
  return new Map([...contents].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function isCode(path: string): boolean {
  return path.endsWith(".py") || isScript(path);
}

function importsOf(path: string, text: string): string[] {
  return path.endsWith(".py") ? pythonImports(path, text) : scriptImports(path, text);
}

function scriptImports(path: string, text: string): string[] {
  return scriptSpecifiers(text)
    .filter(isRelative)
    .map((specifier) => posix.join(posix.dirname(path), specifier));
}

/** Modules that lie beside a Python source or in the root, where pytest's own search path finds them. */
function pythonImports(path: string, text: string): string[] {
  const names = text.matchAll(/^[ \t]*(?:from|import)[ \t]+(\.*)([\w.]*)/gm);
  return [...names].flatMap(([, dots = "", name = ""]) => {
    const module = name.replaceAll(".", "/");
    const folder = posix.dirname(path);
    if (dots !== "") return modules(posix.join(folder, "../".repeat(dots.length - 1), module));
    return [folder, "."].flatMap((from) => modules(posix.join(from, module)));
  });
}

function modules(path: string): string[] {
  return [`${path}.py`, `${path}/__init__.py`];
}

/** The conftest.py files that pytest reads for these files. */
function conftests(files: readonly string[]): string[] {
  const folders = new Set(files.flatMap((file) => file.split("/").map((_, i, parts) => parts.slice(0, i).join("/"))));
  return [...folders].map((folder) => (folder === "" ? "conftest.py" : `${folder}/conftest.py`));
}
