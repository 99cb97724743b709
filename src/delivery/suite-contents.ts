/**
 * Which files are a suite (spec §8): test files with what they import inside the project, npm's lock when they import packages, pytest
 * files with their conftest.py and pytest's configuration, case tables, what `[suite] files` names, the reference answers. What the
 * contract says travels as tables of its own, for the connector and the named endpoints stay at home.
 */
import { posix } from "node:path";
import type { SuiteSettings } from "../contract/contract.ts";
import { isLocked, lockPath, parseLock } from "./packages/package-lock.ts";
import { pytestConfig } from "./pytest-config.ts";
import { packageFiles, pythonFiles, pythonImports } from "./python-imports.ts";
import { isRelative, packageOf, type ScriptImports, scriptImports } from "./script-imports.ts";
import type { SuiteSource } from "./suite-source.ts";

/** Where recorded answers are, from the contract's folder. */
export const answersPath = ".tally/answers.jsonl";

type Contents = ReadonlyMap<string, Uint8Array>;

/** The files of a suite by path, sorted; the contract is not among them. */
export function suiteContents(source: SuiteSource, settings: SuiteSettings): Contents {
  const pytest = source.find(settings.pytest);
  const named = [settings.tests, settings.cases, settings.files].flatMap((patterns) => source.find(patterns));
  const config = pytest.length === 0 ? undefined : pytestConfig(source);
  const begin = [...named, ...pytest, ...conftests(pytest), answersPath];
  const { contents, packages } = withImports(source, begin, config?.pythonPath);
  const lock = packages.size === 0 ? undefined : source.read(lockPath);
  const table = parseLock(lock);
  const isNeeded = table !== undefined && [...packages].some((name) => isLocked(table, name));
  return sorted([
    ...contents,
    ...(config === undefined ? [] : [[config.path, config.content] as const]),
    ...(lock === undefined || !isNeeded ? [] : [[lockPath, lock] as const]),
  ]);
}

/**
 * A test file, what it imports inside the project, what `[suite] files` names and any test may read and, of pytest, its conftest.py and
 * configuration: all that decides what its tests do.
 */
export function testContents(source: SuiteSource, path: string, settings: SuiteSettings): Contents {
  const named = source.find(settings.files);
  if (!path.endsWith(".py")) return withImports(source, [path, ...named]).contents;
  const config = pytestConfig(source);
  const { contents } = withImports(source, [path, ...conftests([path]), ...named], config?.pythonPath);
  return config === undefined ? contents : sorted([...contents, [config.path, config.content]]);
}

/** The packages of npm that scripts import, sorted. */
export function importedPackages(contents: Contents): string[] {
  const scripts = [...contents].filter(([path]) => isScript(path));
  return [...new Set(scripts.flatMap(([, content]) => packagesIn(scriptImports(textOf(content)))))].toSorted();
}

function packagesIn({ imports }: ScriptImports): string[] {
  return imports.flatMap(({ specifier }) => packageOf(specifier) ?? []);
}

export function isScript(path: string): boolean {
  return /\.[cm]?[jt]s$/.test(path);
}

interface WithImports {
  readonly contents: Contents;
  /** Of npm, that its scripts import. */
  readonly packages: ReadonlySet<string>;
}

/** These files and those that they import by a path inside the project. */
function withImports(source: SuiteSource, begin: readonly string[], pythonPath: readonly string[] = []): WithImports {
  const contents = new Map<string, Uint8Array>();
  const packages = new Set<string>();
  const waiting = [...begin];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (contents.has(path) || path.startsWith("../")) continue;
    const content = source.read(path);
    if (content === undefined) continue;
    contents.set(path, content);
    if (path.endsWith(".py")) waiting.push(...pythonSources(path, textOf(content), pythonPath));
    if (!isScript(path)) continue;
    const found = scriptImports(textOf(content));
    waiting.push(...scriptFiles(path, found));
    for (const name of packagesIn(found)) packages.add(name);
  }
  return { contents: sorted(contents), packages };
}

/** Files that a script names by a relative path. */
function scriptFiles(path: string, { files, imports, types }: ScriptImports): string[] {
  return [...imports, ...types, ...files]
    .filter(({ specifier }) => isRelative(specifier))
    .map(({ specifier }) => posix.join(posix.dirname(path), specifier))
    .flatMap((file) => (posix.extname(file) === "" ? requiredEndings.map((ending) => file + ending) : [file]));
}

/** `require("./a")` finds these too. */
export const requiredEndings: readonly string[] = ["", ".js", ".cjs", ".json", "/index.js"];

function pythonSources(path: string, text: string, pythonPath: readonly string[]): string[] {
  return [...packageFiles(path), ...pythonImports(text).flatMap((one) => pythonFiles(path, one, pythonPath))];
}

/** The conftest.py files that pytest reads for these files. */
function conftests(files: readonly string[]): string[] {
  const folders = new Set(files.flatMap((file) => file.split("/").map((_, i, parts) => parts.slice(0, i).join("/"))));
  return [...folders].map((folder) => (folder === "" ? "conftest.py" : `${folder}/conftest.py`));
}

function sorted(contents: Iterable<readonly [string, Uint8Array]>): Contents {
  return new Map([...contents].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function textOf(content: Uint8Array): string {
  return Buffer.from(content).toString("utf8");
}
