/**
 * The licences that Debian's copyright files point to instead of having their texts. Comes in: what a layer has, and the package that holds
 * these texts on every Debian. Goes out: those that are named, so that nobody needs a Debian to read them.
 */
import { lstatSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import type { LockedDebian } from "../../src/pack/runtime/runtime-lock.ts";
import type { TarEntry } from "../../src/pack/tar.ts";
import type { LayerFile } from "./layer.ts";

const place = "usr/share/common-licenses";

export function copyrightPath({ copyright }: LockedDebian): string {
  return `usr/share/doc/${copyright}/copyright`;
}

/** Throws where a package has no copyright file in the layers, and where one names a licence that Debian does not have. */
export function licenceEntries(
  files: readonly LayerFile[],
  base: string,
  packages: readonly LockedDebian[],
): TarEntry[] {
  const texts = files.filter(({ path }) => /^usr\/share\/doc\/[^/]+\/copyright$/.test(path));
  const without = packages.find((one) => !texts.some(({ path }) => path === copyrightPath(one)));
  if (without !== undefined)
    throw new Error(`error[runtime-licence]: nothing in the layer has the copyright file of ${without.package}`);
  const waiting = texts.flatMap(({ content }) => commonLicences(Buffer.from(content).toString("utf8")));
  const entries = new Map<string, TarEntry>();
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (entries.has(name)) continue;
    const { entry, needs } = licence(base, name);
    entries.set(name, entry);
    waiting.push(...needs);
  }
  return [...entries.values()];
}

/** The names in a copyright file: of `…/GPL-2`, of `…/GPL.` at the end of a sentence, and of `…/{MPL-1.1,GPL-2}`. */
export function commonLicences(text: string): string[] {
  const named = text.matchAll(/\/usr\/share\/common-licenses\/(?:\{([^}]+)\}|([A-Za-z][\w+-]*(?:\.\w+)*))/g);
  return [...named].flatMap(([, several, one = ""]) => several?.split(",").map((name) => name.trim()) ?? [one]);
}

interface Licence {
  readonly entry: TarEntry;
  /** Others without which it is not whole. */
  readonly needs: readonly string[];
}

function licence(base: string, name: string): Licence {
  const path = `${place}/${name}`;
  const found = lstatSync(join(base, path), { throwIfNoEntry: false });
  if (found === undefined) throw new Error(`error[runtime-licence]: Debian has no licence ${name} in /${place}`);
  if (found.isSymbolicLink()) {
    const target = readlinkSync(join(base, path));
    return { entry: { kind: "link", path, target }, needs: [target] };
  }
  const entry: TarEntry = { kind: "file", path, content: readFileSync(join(base, path)), mode: 0o644 };
  // The LGPL 3 is the GPL 3 and permissions.
  return { entry, needs: name === "LGPL-3" ? ["GPL-3"] : [] };
}
