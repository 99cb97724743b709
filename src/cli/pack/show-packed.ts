/** What `tally pack` says of what it made, or would make. */
import type { SuiteManifest } from "../../delivery/suite-manifest.ts";
import type { Snapshot } from "../../delivery/suite-snapshot.ts";
import { quoteShell } from "../../report/shell-line.ts";

/** One artefact; also what `--json` says. */
export interface Packed {
  readonly format: "bundle" | "image" | "dockerfile";
  readonly manifest: SuiteManifest;
  /** The file or folder, or the place in a registry. */
  readonly path: string;
  /** Of the file or all files, or those that a registry did not have yet. */
  readonly bytes: number;
  /** Of the bundle's bytes; of an image the digest of what its name points at; of a folder that of what `sha256sum` says of its files. */
  readonly sha256: string;
  /** `suite:version` of an image. */
  readonly name?: string;
  readonly platforms?: readonly string[];
  /** What an image stands on, where it is not Tally's own; by digest, but in a Dockerfile that names a tag. */
  readonly base?: string;
  /** `path` is a place in a registry. */
  readonly isPushed?: boolean;
  /** The file that has the bill of materials, where one was asked for. */
  readonly sbom?: string;
}

export function showPacked(packed: Packed): string {
  const { manifest } = packed;
  const lines = { image: imageLines, bundle: bundleLines, dockerfile: contextLines }[packed.format](packed);
  const bill = packed.sbom === undefined ? [] : [`  bill       ${packed.sbom}`];
  return [...heading(manifest), ...lines.slice(0, -1), ...bill, ...leftBehind(manifest), lines.at(-1) ?? "", ""].join(
    "\n",
  );
}

function bundleLines({ bytes, path, sha256 }: Packed): string[] {
  // npx takes an absolute path for a program.
  const file = quoteShell(path.startsWith("/") ? `file:${path}` : path.startsWith(".") ? path : `./${path}`);
  return [
    `  bundle     ${path}  ${size(bytes)}`,
    `  sha256     ${sha256}`,
    `  run it     ENDPOINT=http://localhost:8080 npx --yes ${file}`,
  ];
}

function contextLines({ base = "", bytes, name = "", path, sha256 }: Packed): string[] {
  return [
    `  context    ${path}  ${size(bytes)}`,
    `  sha256     ${sha256}`,
    `  base       ${base}${base.includes("@sha256:") ? "" : "  (a tag: pin it with --base NAME@sha256:…)"}`,
    `  build it   docker build --tag ${name} ${quoteShell(path)}`,
  ];
}

function imageLines({ base, bytes, isPushed = false, name = "", path, platforms = [], sha256 }: Packed): string[] {
  return [
    isPushed ? `  pushed     ${path}  ${size(bytes)} were new` : `  image      ${path}  ${size(bytes)}`,
    `  digest     sha256:${sha256}  ${platforms.join(", ")}`,
    ...(base === undefined ? [] : [`  base       ${base}`]),
    isPushed
      ? `  run it     docker run --rm --network host -e ENDPOINT=http://localhost:8080 ${path}`
      : `  load it    docker load -i ${quoteShell(path)}   then: docker run --rm --network host -e ENDPOINT=http://localhost:8080 ${name}`,
  ];
}

/** Every file with its size; a package of npm is one line. */
export function listContents({ manifest }: Snapshot): string {
  const total = manifest.files.reduce((sum, file) => sum + file.size, 0);
  const lines = new Map<string, number>();
  for (const { path, size: bytes } of manifest.files) {
    const line = /^node_modules\/(?:@[^/]+\/)?[^/]+\//.exec(path)?.[0] ?? path;
    lines.set(line, (lines.get(line) ?? 0) + bytes);
  }
  const width = Math.max(...[...lines.values()].map((bytes) => size(bytes).length));
  return [
    ...heading(manifest),
    ...[...lines].map(([path, bytes]) => `  ${size(bytes).padStart(width)}  ${path}`),
    ...leftBehind(manifest),
    `  ${manifest.files.length} files, ${size(total)}; nothing was written`,
    "",
  ].join("\n");
}

function heading({ digest, name, packages = [], source, version }: SuiteManifest): string[] {
  const from = source && `${source.ref ?? "working tree"} at ${source.commit.slice(0, 12)}`;
  const changed = source?.dirty ? ", with changes that are not committed" : "";
  const carried = packages.map((one) => `${one.name} ${one.version}`).join(", ");
  return [
    `${name} ${version}`,
    `  suite      ${digest}`,
    ...(from ? [`  source     ${from}${changed}`] : []),
    ...(carried === "" ? [] : [`  packages   ${carried}`]),
  ];
}

function leftBehind({ leftBehind: files }: SuiteManifest): string[] {
  return files.map((path, i) => `${(i === 0 ? "  not run" : "").padEnd(13)}${path}  (needs a Python)`);
}

function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
