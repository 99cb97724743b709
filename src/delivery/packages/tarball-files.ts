/** A tarball of npm → the files of the package. Comes in: bytes that are the lock's. Nothing is written anywhere on the way. */
import { tallyError } from "../../kernel/errors.ts";
import { decompress, packingOf } from "../archive/decompress.ts";
import { rawEntries } from "../archive/read-tar.ts";
import { pathFault } from "../suite-path.ts";
import type { LockedPackage } from "./locked-packages.ts";

/** What ustar calls a file: itself, as before ustar, and one that lies in a row on its disk. */
const fileTypes: ReadonlySet<string> = new Set(["0", "\0", "7"]);

/** By path from the package's own folder. As with npm the first folder is cut off, and links are no files. Throws `package-unfit`. */
export function tarballFiles(tarball: Uint8Array, from: LockedPackage): ReadonlyMap<string, Uint8Array> {
  const what = `The npm package ${from.published} ${from.version}`;
  const refuse = (reason: string): Error =>
    tallyError("package-unfit", { name: from.name, reason, neededBy: from.neededBy });
  const files = new Map<string, Uint8Array>();
  for (const { content, name, type } of rawEntries(decompress(tarball, packingOf(tarball), what), what)) {
    if (!fileTypes.has(type) || name.endsWith("/")) continue;
    const parts = name.split("/").slice(1);
    const path = parts.filter((part) => part !== "" && part !== ".").join("/");
    const fault = pathFault(path);
    if (fault !== undefined) throw refuse(`it holds a file that is refused: ${JSON.stringify(name)}, ${fault}`);
    if (path.endsWith(".node")) throw refuse(`it holds machine code (${path})`);
    files.set(path, content);
  }
  if (!files.has("package.json")) throw refuse("it holds no package.json");
  return files;
}
