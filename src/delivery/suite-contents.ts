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
import { isRelative, packageOf, scriptImports } from "./script-imports.ts";
import type { SuiteSource } from "./suite-source.ts";

/** Where recorded answers are, from the contract's folder. */
export const answersPath = ".tally/answers.jsonl";

type Contents = ReadonlyMap<string, Uint8Array>;

/** The files of a suite by path, sorted; the contract is not among them. */
export function suiteContents(source: SuiteSource, settings: SuiteSettings): Contents {
  const pytest = source.find(settings.pytest);
  const named = [settings.tests, settings.cases, settings.files].flatMap((patterns) => source.find(patterns));
  const config = pytest.length === 0 ? undefined : pytestConfig(source);
  const contents = withImports(source, [...named, ...pytest, ...conftests(pytest), answersPath], config?.pythonPath);
  const lock = suitePackages(source, contents).length === 0 ? undefined : source.read(lockPath);
  return sorted([
    ...contents,
    ...(config === undefined ? [] : [[config.path, config.content] as const]),
    ...(lock === undefined ? [] : [[lockPath, lock] as const]),
  ]);
}

/** A test file, what it imports inside the project and, of pytest, its conftest.py: all that decides what its tests do. */
export function testContents(source: SuiteSource, path: string): Contents {
  if (!path.endsWith(".py")) return withImports(source, [path]);
  const config = pytestConfig(source);
  const contents = withImports(source, [path, ...conftests([path])], config?.pythonPath);
  return config === undefined ? contents : sorted([...contents, [config.path, config.content]]);
}

/** The packages of npm that the scripts of a suite import, as far as its lock knows them, sorted. */
export function suitePackages(source: SuiteSource, contents: Contents): string[] {
  const scripts = [...contents].filter(([path]) => isScript(path));
  const imports = scripts.flatMap(([, content]) => scriptImports(textOf(content)).imports);
  const names = new Set(imports.flatMap(({ specifier }) => packageOf(specifier) ?? []));
  const lock = names.size === 0 ? undefined : parseLock(source.read(lockPath));
  return lock === undefined ? [] : [...names].filter((name) => isLocked(lock, name)).toSorted();
}

export function isScript(path: string): boolean {
  return /\.[cm]?[jt]s$/.test(path);
}

/** These files and those that they import by a path inside the project. */
function withImports(source: SuiteSource, begin: readonly string[], pythonPath: readonly string[] = []): Contents {
  const contents = new Map<string, Uint8Array>();
  const waiting = [...begin];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (contents.has(path) || path.startsWith("../")) continue;
    const content = source.read(path);
    if (content === undefined) continue;
    contents.set(path, content);
    if (isScript(path)) waiting.push(...scriptFiles(path, textOf(content)));
    if (path.endsWith(".py")) waiting.push(...pythonSources(path, textOf(content), pythonPath));
  }
  return sorted(contents);
}

/** Files that a script names by a relative path. */
function scriptFiles(path: string, text: string): string[] {
  const { files, imports, types } = scriptImports(text);
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
