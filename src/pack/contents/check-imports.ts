/**
 * A suite whose import would not be found where it is delivered is not packed. Comes in: the files that travel. What looks like an
 * import that leads nowhere is held against what JavaScript's own parser says of that file: a text that talks of an import is none.
 */
import { spawnSync } from "node:child_process";
import { posix } from "node:path";
import { tallyError } from "../../kernel/errors.ts";
import { isRelative, packageOf, scriptSpecifiers } from "../../delivery/script-imports.ts";
import { isScript } from "../../delivery/suite-contents.ts";

interface Missing {
  readonly file: string;
  readonly specifier: string;
  readonly reason: string;
}

/** `packages` are the names that travel. Throws `pack-import` for the first static import that is missing. */
export function checkImports(files: ReadonlyMap<string, Uint8Array>, packages: ReadonlySet<string>): void {
  const texts = new Map(
    [...files]
      .filter(([path]) => isScript(path) && !path.startsWith("node_modules/"))
      .map(([path, content]) => [path, Buffer.from(content).toString("utf8")]),
  );
  const suspected = [...texts].flatMap(([file, text]) =>
    scriptSpecifiers(text).flatMap((specifier): Missing[] => {
      const reason = whyMissing({ file, specifier, files, packages });
      return reason === undefined ? [] : [{ file, specifier, reason }];
    }),
  );
  if (suspected.length === 0) return;
  const real = staticImports(new Map(suspected.map(({ file }) => [file, texts.get(file) ?? ""])));
  const missing = suspected.find(({ file, specifier }) => real.get(file)?.includes(specifier));
  if (missing === undefined) return;
  const line = lineOf(texts.get(missing.file) ?? "", missing.specifier);
  throw tallyError("pack-import", { ...missing, line });
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
    return files.has(path) ? undefined : "there is no such file";
  }
  if (specifier.startsWith("/") || specifier.startsWith("file:"))
    return "it is a place on this machine, and only the folder of tally.toml is delivered";
  if (specifier.startsWith("#")) return "names that package.json gives are not delivered; import the file by its path";
  const name = packageOf(specifier);
  if (name === undefined || packages.has(name)) return undefined;
  return "package-lock.json beside tally.toml does not list that package";
}

/** By file, what V8 itself finds to be imported; nothing for a file that is no module. */
function staticImports(texts: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  const flags = ["--experimental-vm-modules", "--no-warnings", "--input-type=module", "--eval"];
  const ran = spawnSync(process.execPath, [...flags, `(${printImports.toString()})()`], {
    encoding: "utf8",
    input: JSON.stringify([...texts]),
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
  const found = texts.map(([path, text]) => {
    try {
      const script = path.endsWith("ts") ? stripTypeScriptTypes(text) : text;
      return [path, new SourceTextModule(script).dependencySpecifiers];
    } catch {
      return [path, []];
    }
  });
  process.stdout.write(JSON.stringify(found));
}

function lineOf(text: string, specifier: string): number {
  const at = Math.max(text.indexOf(`"${specifier}"`), text.indexOf(`'${specifier}'`));
  return text.slice(0, Math.max(0, at)).split("\n").length;
}
