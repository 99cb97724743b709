/** Debian's Python as far as tests need it: the interpreter, its standard library and what that links with; no shell, no editor. */
import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync, readlinkSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import type { TarEntry } from "../../src/pack/tar.ts";
import type { DebianPackage, Libraries } from "./debian.ts";
import type { LayerFile } from "./layer.ts";
import { type Wheel, wheelFiles } from "./wheels.ts";

/** What the modules below link with. */
export const pythonLibraries: Libraries = /^lib(z|expat|ffi|bz2|lzma|ssl|crypto|sqlite3|uuid|crypt)\.so\.\d+(\.0)?$/;

/** Not for tests: Python's own tests, and what needs a terminal, a window or a database library that is not there. */
const leftOut =
  /^usr\/lib\/python3\.\d+\/(test|idlelib|tkinter|turtledemo|pydoc_data|ensurepip|lib2to3|curses|dbm)\/|\/lib-dynload\/(_curses|_curses_panel|readline|nis|_dbm|_tkinter)\.|\/__pycache__\//;

/** Entries of the layer, not yet sorted. */
export function pythonEntries(
  packages: readonly DebianPackage[],
  libraries: readonly LayerFile[],
  wheels: readonly Wheel[],
): TarEntry[] {
  const files = [...libraries, ...packages.flatMap(pythonFiles), ...wheels.flatMap(wheelFiles)];
  const binary = files.find(({ path }) => /^usr\/bin\/python3\.\d+$/.test(path));
  if (binary === undefined) throw new Error("no package has a usr/bin/python3.N");
  return [
    ...files.map((file): TarEntry => ({ kind: "file", ...file })),
    { kind: "link", path: "usr/bin/python3", target: binary.path.replace("usr/bin/", "") },
  ];
}

function pythonFiles({ folder }: DebianPackage): LayerFile[] {
  const inside = realpathSync(folder);
  return ["usr/bin", "usr/lib"].flatMap((top) => {
    if (!existsSync(join(folder, top))) return [];
    return readdirSync(join(folder, top), { recursive: true, encoding: "utf8" }).flatMap((name): LayerFile[] => {
      const path = `${top}/${name}`;
      const isPython = /^usr\/(bin\/python3\.\d+$|lib\/python3\.\d+\/)/.test(path);
      if (!isPython || leftOut.test(path) || !isOwnFile(join(folder, path), inside)) return [];
      const isProgram = path.startsWith("usr/bin/") || path.endsWith(".so");
      return [{ path, content: readFileSync(join(folder, path)), mode: isProgram ? 0o755 : 0o644 }];
    });
  });
}

/** A file of the package, or a link to one: never to a file of this machine. */
function isOwnFile(path: string, inside: string): boolean {
  if (!lstatSync(path).isSymbolicLink()) return lstatSync(path).isFile();
  if (isAbsolute(readlinkSync(path)) || !existsSync(path)) return false;
  return realpathSync(path).startsWith(`${inside}/`) && lstatSync(realpathSync(path)).isFile();
}
