/** The suite that travels with this Tally: held against its digest, and where Node can run it. */
import { fileURLToPath } from "node:url";
import { folderFiles } from "../../delivery/folder-files.ts";
import { placeSuite } from "../../delivery/place-suite.ts";
import { verifySuite } from "../../delivery/verify-suite.ts";
import { shownPath } from "../../kernel/shown-path.ts";

/** The folder to run it from. Node strips no types below node_modules, which is where npx puts a bundle: there it is a copy. */
export function carriedFolder(folder: URL): string {
  const path = fileURLToPath(folder);
  const files = folderFiles(path);
  verifySuite(files, shownPath(path));
  return /[\\/]node_modules[\\/]/.test(path) ? placeSuite(files) : path;
}
