/** What `tally pack` says of what it made, or would make. */
import type { SuiteManifest } from "../../delivery/suite-manifest.ts";
import type { Snapshot } from "../../delivery/suite-snapshot.ts";
import { quoteShell } from "../../report/shell-line.ts";

/** One artefact; also what `--json` says. */
export interface Packed {
  readonly format: "bundle";
  readonly manifest: SuiteManifest;
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

export function showPacked({ bytes, manifest, path, sha256 }: Packed): string {
  // npx takes an absolute path for a program.
  const file = quoteShell(path.startsWith("/") ? `file:${path}` : path.startsWith(".") ? path : `./${path}`);
  return [
    ...heading(manifest),
    `  bundle     ${path}  ${size(bytes)}`,
    `  sha256     ${sha256}`,
    ...leftBehind(manifest),
    `  run it     ENDPOINT=http://localhost:8080 npx --yes ${file}`,
    "",
  ].join("\n");
}

/** Every file with its size. */
export function listContents({ manifest }: Snapshot): string {
  const total = manifest.files.reduce((sum, file) => sum + file.size, 0);
  const width = Math.max(...manifest.files.map((file) => size(file.size).length));
  return [
    ...heading(manifest),
    ...manifest.files.map((file) => `  ${size(file.size).padStart(width)}  ${file.path}`),
    ...leftBehind(manifest),
    `  ${manifest.files.length} files, ${size(total)}; nothing was written`,
    "",
  ].join("\n");
}

function heading({ digest, name, source, version }: SuiteManifest): string[] {
  const from = source && `${source.ref ?? "working tree"} at ${source.commit.slice(0, 12)}`;
  const changed = source?.dirty ? ", with changes that are not committed" : "";
  return [`${name} ${version}`, `  suite      ${digest}`, ...(from ? [`  source     ${from}${changed}`] : [])];
}

function leftBehind({ leftBehind: files }: SuiteManifest): string[] {
  return files.map((path, i) => `${(i === 0 ? "  not run" : "").padEnd(13)}${path}  (needs a Python)`);
}

function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
