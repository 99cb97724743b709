/** How imports of suites and connectors are read: `tallyml` and `tallyml/*` are the running Tally, also where the project has a copy. */
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import { moduleFormat } from "./module-format.ts";
import { ownProgram, packageRoot, tallyVersion } from "../kernel/own-package.ts";

/** A project's own copy that is not used, because it is of another version. */
export interface OtherVersion {
  readonly running: string;
  readonly project: string;
}

/** What a connector imports as `tallyml`. */
export function connectorFace(): URL {
  return ownProgram("connector-face", "connector/connector-face.ts");
}

/** What suites import where Tally is one file: that file is loaded already, and is not a module to import from. */
let offered: Readonly<Record<string, unknown>> | undefined;
const offeredUrl = "tally:face";
const offeredKey = "tallyml.face/1";

/** `face` is what `tallyml` means in this process from the next `resolveTallyml` on. */
export function offerFace(face: Readonly<Record<string, unknown>>): void {
  offered = face;
  Object.assign(globalThis, { [Symbol.for(offeredKey)]: face });
}

function offeredSource(face: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(face).map((name) => `export const ${name} = face.${name};`);
  return [`const face = globalThis[Symbol.for("${offeredKey}")];`, ...names].join("\n");
}

/**
 * From now on every import of `tallyml` in this process, whoever does it, is the running one: its public face, or the
 * one given.
 */
export function resolveTallyml(face: URL = ownProgram("index", "index.ts")): void {
  // A package may import itself by its own name: resolved from within, its exports map decides about the rest.
  const within = new URL("package.json", packageRoot()).href;
  const source = offered && offeredSource(offered);
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier !== "tallyml" && !specifier.startsWith("tallyml/")) {
        const found = next(specifier, context);
        return { ...found, format: moduleFormat(found.url, found.format) };
      }
      if (specifier === "tallyml" && source !== undefined) return { url: offeredUrl, shortCircuit: true };
      if (specifier === "tallyml") return next(face.href, context);
      return next(specifier, { ...context, parentURL: within });
    },
    load(url, context, next) {
      if (url === offeredUrl && source !== undefined) return { format: "module", source, shortCircuit: true };
      return next(url, context);
    },
  });
}

/** The version of `tallyml` that a folder would get without us, if it is another one. */
export function otherVersion(folder: URL): OtherVersion | undefined {
  const running = tallyVersion();
  for (let at = folder; ; at = new URL("..", at)) {
    const file = new URL("node_modules/tallyml/package.json", at);
    if (isThere(file)) {
      const project = versionIn(file);
      const isOwn = realpathSync(fileURLToPath(new URL(".", file))) === realpathSync(fileURLToPath(packageRoot()));
      return isOwn || project === undefined || project === running ? undefined : { running, project };
    }
    if (at.pathname === "/" || at.href === new URL("..", at).href) return undefined;
  }
}

/** In a process that is fenced in, what must not be looked at is not there. */
function isThere(file: URL): boolean {
  const path = fileURLToPath(file);
  // Undefined where nothing is fenced, whatever its type says.
  const { permission }: { readonly permission?: typeof process.permission } = process;
  return (permission === undefined || permission.has("fs.read", path)) && existsSync(path);
}

function versionIn(file: URL): string | undefined {
  try {
    const stated: unknown = JSON.parse(readFileSync(file, "utf8"));
    return typeof stated === "object" && stated !== null && "version" in stated ? String(stated.version) : undefined;
  } catch {
    return undefined;
  }
}
