/** Where the running Tally is on disk, and which version it is: from source in this repository, from dist/ elsewhere. */
import { existsSync, readFileSync } from "node:fs";

let own: { readonly root: URL; readonly version: string } | undefined;

function ownPackage(): { readonly root: URL; readonly version: string } {
  if (own) return own;
  let folder = new URL(".", import.meta.url);
  while (!existsSync(new URL("package.json", folder)) && folder.pathname !== "/") folder = new URL("..", folder);
  const stated: unknown = JSON.parse(readFileSync(new URL("package.json", folder), "utf8"));
  const version =
    typeof stated === "object" && stated !== null && "version" in stated ? String(stated.version) : "0.0.0";
  own = { root: folder, version };
  return own;
}

/** The folder of the running package, with a trailing slash. */
export function packageRoot(): URL {
  return ownPackage().root;
}

/** The version in the running package's package.json. */
export function tallyVersion(): string {
  return ownPackage().version;
}

/** Whether Tally runs from src/ (its own tests) rather than from dist/. */
export const runsFromSource: boolean = import.meta.url.endsWith(".ts");

/** A program of ours that runs as a child: `dist/NAME.js`, or its source file where Tally runs from source. */
export function ownProgram(name: string, source: string): URL {
  return new URL(runsFromSource ? `src/${source}` : `dist/${name}.js`, packageRoot());
}
