/**
 * A suite whose import would not be found where it is delivered is not packed, nor one that would take the connector along. Comes in: the
 * files that travel. What a module imports is what JavaScript's own parser says; of CommonJS, and of what is asked for while a test
 * runs, the words of the source.
 */
import { spawnSync } from "node:child_process";
import { posix } from "node:path";
import { tallyError } from "../../kernel/errors.ts";
import { isRelative, packageOf, scriptImports } from "../../delivery/script-imports.ts";
import { isScript, requiredEndings } from "../../delivery/suite-contents.ts";

export interface Travelling {
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Packages of npm that travel, by the names that scripts import. */
  readonly packages: ReadonlySet<string>;
}

/** Throws `pack-import` for the first import that would be missing. */
export function checkImports({ files, packages }: Travelling): void {
  const texts = [...files]
    .filter(([path]) => isScript(path))
    .map(([path, content]) => [path, Buffer.from(content).toString("utf8")] as const);
  const real = staticImports(texts);
  for (const [file, text] of texts) {
    const { imports } = scriptImports(text);
    const needed = real.get(file) ?? imports.map(({ specifier }) => specifier);
    for (const specifier of needed) {
      const reason = whyMissing({ file, specifier, files, packages });
      if (reason === undefined) continue;
      const line = imports.find((one) => one.specifier === specifier)?.line ?? 1;
      throw tallyError("pack-import", { file, line, specifier, reason });
    }
  }
}

/** `connector` is its path in the suite's folder. Throws `pack-connector`. */
export function checkConnector(files: ReadonlyMap<string, Uint8Array>, connector: string | undefined): void {
  if (connector !== undefined && files.has(connector)) throw tallyError("pack-connector", { path: connector });
}

interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly packages: ReadonlySet<string>;
}

function whyMissing({ file, files, packages, specifier }: Import): string | undefined {
  if (isRelative(specifier)) {
    const path = posix.join(posix.dirname(file), specifier);
    if (path.startsWith("../")) return "it leads out of the folder of tally.toml, and only what is in it is delivered";
    const isThere = requiredEndings.some((ending) => files.has(path + ending));
    return isThere ? undefined : "there is no such file";
  }
  if (specifier.startsWith("/") || specifier.startsWith("file:"))
    return "it is a place on this machine, and only the folder of tally.toml is delivered";
  if (specifier.startsWith("#")) return "names that package.json gives are not delivered; import the file by its path";
  const name = packageOf(specifier);
  if (name === undefined || packages.has(name)) return undefined;
  return "package-lock.json beside tally.toml does not list that package";
}

/** By file, what V8 itself finds to be imported; files that are no modules are not among them. */
function staticImports(texts: readonly (readonly [string, string])[]): ReadonlyMap<string, readonly string[]> {
  if (texts.length === 0) return new Map();
  const flags = ["--experimental-vm-modules", "--no-warnings", "--input-type=module", "--eval"];
  const ran = spawnSync(process.execPath, [...flags, `(${printImports.toString()})()`], {
    encoding: "utf8",
    input: JSON.stringify(texts),
    timeout: 60_000,
  });
  const said: [string, string[]][] = ran.status === 0 ? JSON.parse(ran.stdout) : [];
  return new Map(said);
}

/** Runs in a process of its own, as text: nothing of this file is at hand there. */
function printImports(): void {
  const { readFileSync } = process.getBuiltinModule("node:fs");
  const { stripTypeScriptTypes } = process.getBuiltinModule("node:module");
  const { SourceTextModule } = process.getBuiltinModule("node:vm");
  const texts: [string, string][] = JSON.parse(readFileSync(0, "utf8"));
  const found = texts.flatMap(([path, text]) => {
    try {
      const script = path.endsWith("ts") ? stripTypeScriptTypes(text) : text;
      const imports = new SourceTextModule(script).dependencySpecifiers;
      // CommonJS parses as a module without imports.
      return imports.length > 0 ? [[path, imports]] : [];
    } catch {
      return [];
    }
  });
  process.stdout.write(JSON.stringify(found));
}
