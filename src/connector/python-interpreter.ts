import { accessSync, constants, existsSync, statSync } from "node:fs";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import { tallyError } from "../kernel/errors.ts";

/** A Python to run a connector with, and what said so. */
export interface Interpreter {
  /** What to start: an interpreter, or `uv` with the arguments before `-m`. */
  readonly command: string;
  readonly args: readonly string[];
  /** For people: the path, or `uv run python`. */
  readonly path: string;
  readonly source: "tally.toml" | "TALLY_PYTHON" | "VIRTUAL_ENV" | "CONDA_PREFIX" | ".venv" | "uv" | "PATH";
}

interface Search {
  /** `[connector] interpreter`, relative to the root. */
  readonly configured?: string | undefined;
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
}

const isWindows = process.platform === "win32";

/** Finds the interpreter of a connector: what was said first, then what is active, then what is near, then the system's. */
export function findInterpreter({ configured, root, env }: Search): Interpreter {
  if (configured !== undefined) return stated(configured, root, env, "tally.toml");
  const named = env["TALLY_PYTHON"];
  if (named) return stated(named, process.cwd(), env, "TALLY_PYTHON");
  for (const source of ["VIRTUAL_ENV", "CONDA_PREFIX"] as const) {
    const prefix = env[source];
    const found = prefix && inEnvironment(prefix);
    if (found) return plain(found, source);
  }
  return nearby(root, env) ?? onPath(env);
}

function plain(path: string, source: Interpreter["source"]): Interpreter {
  return { command: path, args: [], path, source };
}

function stated(name: string, base: string, env: NodeJS.ProcessEnv, source: Interpreter["source"]): Interpreter {
  const isPath = name.includes("/") || (isWindows && name.includes("\\"));
  const path = isPath ? (isAbsolute(name) ? name : join(base, name)) : findExecutable(name, env);
  // An environment's folder will do as well.
  const found = path !== undefined && (isExecutable(path) ? path : inEnvironment(path));
  if (!found) throw tallyError("connector-interpreter", { tried: `${path ?? name}, from ${source}` });
  return plain(found, source);
}

/** The `.venv` of the nearest folder that has one, else `uv run` beside the nearest uv.lock. */
function nearby(root: string, env: NodeJS.ProcessEnv): Interpreter | undefined {
  const folders: string[] = [];
  for (let at = root; ; at = dirname(at)) {
    folders.push(at);
    if (at === dirname(at)) break;
  }
  for (const folder of folders) {
    const found = inEnvironment(join(folder, ".venv"));
    if (found !== undefined) return plain(found, ".venv");
  }
  const locked = folders.find((folder) => existsSync(join(folder, "uv.lock")));
  const uv = locked === undefined ? undefined : findExecutable("uv", env);
  if (locked === undefined || uv === undefined) return undefined;
  return { command: uv, args: ["run", "--project", locked, "python"], path: "uv run python", source: "uv" };
}

function onPath(env: NodeJS.ProcessEnv): Interpreter {
  const python = findExecutable(isWindows ? "python" : "python3", env);
  if (python !== undefined) return plain(python, "PATH");
  const launcher = findExecutable("py", env);
  if (launcher !== undefined) return { command: launcher, args: ["-3"], path: "py -3", source: "PATH" };
  const tried = "[connector] interpreter, TALLY_PYTHON, VIRTUAL_ENV, CONDA_PREFIX, .venv upwards, uv, python3, py -3";
  throw tallyError("connector-interpreter", { tried });
}

function inEnvironment(prefix: string): string | undefined {
  const path = isWindows ? join(prefix, "Scripts", "python.exe") : join(prefix, "bin", "python");
  return isExecutable(path) ? path : undefined;
}

function findExecutable(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const names = isWindows ? [`${name}.exe`, name] : [name];
  return (env["PATH"] ?? "")
    .split(delimiter)
    .flatMap((folder) => (folder === "" ? [] : names.map((each) => join(folder, each))))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
