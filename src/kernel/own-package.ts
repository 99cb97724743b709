/** Where the running Tally is on disk, and which version it is: from source in this repository, from dist/ elsewhere. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Put in by tools/build.ts where all of Tally is one file that travels with a suite. */
declare const singleFileVersion: string | undefined;

/** Whether the running Tally is the one file of a bundle or an image. */
export const isSingleFile: boolean = typeof singleFileVersion !== "undefined";

let own: { readonly root: URL; readonly version: string } | undefined;

function ownPackage(): { readonly root: URL; readonly version: string } {
  if (own) return own;
  let folder = new URL(".", import.meta.url);
  if (typeof singleFileVersion !== "undefined") return (own = { root: folder, version: singleFileVersion });
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

/** The folder `suite` beside the one file that Tally is; undefined where Tally is installed. */
export function carriedSuite(): URL | undefined {
  if (!isSingleFile) return undefined;
  const folder = new URL("suite/", packageRoot());
  return existsSync(folder) ? folder : undefined;
}

/** The path of the one file, where Tally is that. */
export function ownFile(): string {
  return fileURLToPath(import.meta.url);
}

/** What Node is given to run a program of ours as a child. The one file is all programs, and is told which one by a word. */
export function programWords(name: string, source: string): string[] {
  return isSingleFile ? [ownFile(), programWord(name)] : [fileURLToPath(ownProgram(name, source))];
}

/** The word that makes the one file another program: no verb, no flag and no path begins like this. */
export function programWord(name: string): string {
  return `::${name}`;
}

/** A program of ours that runs as a child: `dist/NAME.js`, or its source file where Tally runs from source. */
export function ownProgram(name: string, source: string): URL {
  return new URL(runsFromSource ? `src/${source}` : `dist/${name}.js`, packageRoot());
}
