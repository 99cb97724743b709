/**
 * What a Python source of a suite imports, and which files of the suite's folder that may be. Read from its statements: a string over
 * several lines or a comment that talks of an import is none.
 */
import { posix } from "node:path";

export interface PythonImport {
  /** `import a.b`: `a.b`; `from ..a import b`: `..a`. */
  readonly module: string;
  /** What stands behind `from … import`, which may be modules too; none for a plain import. */
  readonly names: readonly string[];
  /** Where the statement begins; 1 is the first line. */
  readonly line: number;
  /** At the left margin: not under a `try` or a condition, nor in a function. */
  readonly isPlain: boolean;
}

const statement =
  /^([ \t]*)(?:from[ \t]+(\.*[ \t]*[\w.]*)[ \t]*\bimport\b[ \t]*(?:\(([^)]*)\)|([^\n#;]*))|import[ \t]+([^\n#;]+))/gm;

export function pythonImports(source: string): PythonImport[] {
  const text = withoutTexts(source);
  return [...text.matchAll(statement)].flatMap(
    ({ 0: whole, 1: indent = "", 2: from, 3: inside, 4: behind, 5: plain, index }) => {
      const line = text.slice(0, index).split("\n").length;
      const isPlain = indent === "" && whole.trim() !== "";
      if (from !== undefined) {
        const module = from.replaceAll(/\s/g, "");
        return [{ module, names: namesIn(inside ?? behind ?? ""), line, isPlain }];
      }
      return namesIn(plain ?? "").map((module) => ({ module, names: [], line, isPlain }));
    },
  );
}

/** `a as b, c.d` → a, c.d. */
function namesIn(list: string): string[] {
  const plain = list.replaceAll(/#[^\n]*/g, "").replaceAll("\\\n", " ");
  return plain.split(",").flatMap((one) => /^\s*([\w.]+)/.exec(one)?.[1] ?? []);
}

/** Strings over several lines become empty, and lines that go on become one; the numbers of lines stay. */
function withoutTexts(source: string): string {
  return source.replaceAll(/("""|''')(?:[^\\]|\\[\s\S])*?\1/g, (literal) => literal.replaceAll(/[^\n]/g, ""));
}

/**
 * Files that an import may mean, most of which are not there: modules beside the source, in the suite's folder, and in the folders that
 * pytest's `pythonpath` adds. `path` is that of the source.
 */
export function pythonFiles(path: string, { module, names }: PythonImport, searched: readonly string[]): string[] {
  const folder = posix.dirname(path);
  const [, dots = "", rest = ""] = /^(\.*)(.*)$/.exec(module) ?? [];
  const name = rest.replaceAll(".", "/");
  const from = dots === "" ? [folder, ".", ...searched] : [posix.join(folder, "../".repeat(dots.length - 1))];
  return from.flatMap((place) => {
    const at = posix.join(place, name);
    return [...(name === "" ? [] : moduleFiles(at)), ...names.flatMap((one) => moduleFiles(posix.join(at, one)))];
  });
}

function moduleFiles(path: string): string[] {
  return [`${path}.py`, `${path}/__init__.py`];
}

/** Of the folders that a Python file lies in, what makes them packages: without these it is another module. */
export function packageFiles(path: string): string[] {
  const folders = path.split("/").slice(0, -1);
  return folders.map((_, i) => `${folders.slice(0, i + 1).join("/")}/__init__.py`);
}
