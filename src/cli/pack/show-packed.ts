/** What `tally pack` says of what it made, or would make. */
import type { SuiteManifest } from "../../delivery/suite-manifest.ts";
import type { Snapshot } from "../../delivery/suite-snapshot.ts";
import { wrapText } from "../../report/plain-text.ts";
import { quoteShell } from "../../kernel/posix-words.ts";

const columns = 80;

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

/** What is known of an artefact, and what is done with it next. */
interface Shown {
  readonly facts: readonly string[];
  readonly next: readonly string[];
}

export function showPacked(packed: Packed): string {
  const { manifest, sbom } = packed;
  const { facts, next } = { image: showImage, bundle: showBundle, dockerfile: showContext }[packed.format](packed);
  const bill = sbom === undefined ? [] : [`  bill       ${sbom}`];
  return [...heading(manifest), ...facts, ...bill, ...leftBehind(manifest), ...next, ""].join("\n");
}

function showBundle({ bytes, path, sha256 }: Packed): Shown {
  // npx takes an absolute path for a program.
  const file = quoteShell(path.startsWith("/") ? `file:${path}` : path.startsWith(".") ? path : `./${path}`);
  return {
    facts: [`  bundle     ${path}  ${size(bytes)}`, `  sha256     ${sha256}`],
    next: [`  run it     ENDPOINT=http://localhost:8080 npx --yes ${file}`],
  };
}

function showContext({ base = "", bytes, name = "", path, sha256 }: Packed): Shown {
  return {
    facts: [
      `  context    ${path}  ${size(bytes)}`,
      `  sha256     ${sha256}`,
      `  base       ${base}${base.includes("@sha256:") ? "" : "  (a tag: pin it with --base NAME@sha256:…)"}`,
    ],
    next: [`  build it   docker build --tag ${name} ${quoteShell(path)}`],
  };
}

function showImage({ base, bytes, isPushed = false, name = "", path, platforms = [], sha256 }: Packed): Shown {
  return {
    facts: [
      isPushed ? `  pushed     ${path}  ${size(bytes)} were new` : `  image      ${path}  ${size(bytes)}`,
      `  digest     sha256:${sha256}  ${platforms.join(", ")}`,
      ...(base === undefined ? [] : [`  base       ${base}`]),
    ],
    next: [
      ...(isPushed ? [] : [`  load it    docker load -i ${quoteShell(path)}`]),
      `  run it     docker run --rm --network host -e ENDPOINT=http://localhost:8080 ${isPushed ? path : name}`,
    ],
  };
}

/** Every file with its size; a package of npm is one line. */
export function listContents({ manifest }: Pick<Snapshot, "manifest">): string {
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
  // Name and version of one stay together.
  const named = packages.map((one) => `${one.name}\u00a0${one.version}`).join(", ");
  const carried = named === "" ? [] : wrapText(named, columns - 13).map((line) => line.replaceAll("\u00a0", " "));
  return [
    `${name} ${version}`,
    `  suite      ${digest}`,
    ...(from ? [`  source     ${from}${changed}`] : []),
    ...carried.map((line, i) => `${(i === 0 ? "  packages" : "").padEnd(13)}${line}`),
  ];
}

function leftBehind({ leftBehind: files }: SuiteManifest): string[] {
  return files.map((path, i) => `${(i === 0 ? "  not run" : "").padEnd(13)}${path}  (needs a Python)`);
}

function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
