/** Looks at a name in a Python module: what it is, and how it wants its records. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { findInterpreter } from "../../connector/python-interpreter.ts";
import { tallyError } from "../../kernel/errors.ts";
import { shownPath } from "../../kernel/shown-path.ts";

export interface PythonTarget {
  /** Name to import, and the folder it is found in, relative to the project with `/`. */
  readonly module: string;
  readonly folder: string;
  readonly name: string;
  readonly kind: "function" | "estimator";
  readonly parameters: readonly { readonly name: string; readonly annotation: string }[];
  /** Annotation of what it returns; empty where there is none. */
  readonly returns: string;
  readonly hasProbabilities: boolean;
  readonly hasPandas: boolean;
}

const timeoutMs = 60_000;

/** Prints one line of JSON; what the module prints goes to stderr. */
const question = `
import importlib, importlib.util, inspect, json, os, sys
folder, module, name = sys.argv[1:4]
out = os.dup(1)
os.dup2(2, 1)
sys.path.insert(0, folder)
loaded = importlib.import_module(module)
said = {"names": [n for n in vars(loaded) if not n.startswith("_")]}
if hasattr(loaded, name):
    thing = getattr(loaded, name)
    said["pandas"] = importlib.util.find_spec("pandas") is not None
    if hasattr(thing, "predict") and not inspect.isclass(thing):
        said.update(kind="estimator", probabilities=hasattr(thing, "predict_proba"), parameters=[])
    elif callable(thing):
        text = lambda a: "" if a is inspect.Parameter.empty else a if isinstance(a, str) else getattr(a, "__name__", str(a)) if isinstance(a, type) else str(a)
        required = [p for p in inspect.signature(thing).parameters.values() if p.default is p.empty and p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
        said.update(kind="function", probabilities=False, parameters=[{"name": p.name, "annotation": text(p.annotation)} for p in required], returns=text(inspect.signature(thing).return_annotation))
with os.fdopen(out, "w") as stream:
    stream.write(json.dumps(said))
`;

/** `src/model.py:score`, from the project's folder. Throws `python-target`, `flag-value` and `connector-interpreter`. */
export async function inspectPython(target: string, root: string): Promise<PythonTarget> {
  const [, file, name] = /^(.+\.py):([A-Za-z_]\w*)$/.exec(target) ?? [];
  if (file === undefined || name === undefined)
    throw tallyError("flag-value", { flag: "--python", value: target, expected: "FILE.py:NAME" });
  const path = resolve(file);
  const refuse = (reason: string, detail?: string): Error =>
    tallyError("python-target", { target, reason }, detail === undefined ? {} : { detail });
  if (!existsSync(path)) throw refuse(`there is no ${shownPath(path)}`);
  const { folder, module } = moduleOf(path);
  const { args, command, path: python } = findInterpreter({ root, env: process.env });
  const said = await ask(command, [...args, "-c", question, folder, module, name], root);
  if (typeof said === "string") throw refuse(`it cannot be imported by ${shownPath(python)}`, lastLines(said));
  const names = said["names"];
  const { kind } = said;
  if (kind !== "function" && kind !== "estimator")
    throw refuse(
      `it defines no function or estimator "${name}"${Array.isArray(names) ? `, but ${names.join(", ")}` : ""}`,
    );
  return {
    module,
    folder: relative(root, folder).split(sep).join("/"),
    name,
    kind,
    parameters: Array.isArray(said["parameters"]) ? said["parameters"] : [],
    returns: typeof said["returns"] === "string" ? said["returns"] : "",
    hasProbabilities: said["probabilities"] === true,
    hasPandas: said["pandas"] === true,
  };
}

/** A module of a package is imported by its dotted name from the folder that holds the package. */
function moduleOf(path: string): { folder: string; module: string } {
  const parts = [basename(path, ".py")];
  let folder = dirname(path);
  while (existsSync(join(folder, "__init__.py"))) {
    parts.unshift(basename(folder));
    folder = dirname(folder);
  }
  return { folder, module: parts.join(".") };
}

/** What was said, or stderr. */
function ask(
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<Readonly<Record<string, unknown>> | string> {
  return new Promise((done) => {
    execFile(command, [...args], { cwd, timeout: timeoutMs, maxBuffer: 64 * 2 ** 20 }, (error, stdout, stderr) => {
      const said: unknown = error === null ? JSON.parse(stdout) : undefined;
      done(typeof said === "object" && said !== null ? { ...said } : stderr);
    });
  });
}

function lastLines(text: string): string {
  return text.trimEnd().split("\n").slice(-12).join("\n");
}
