/** Writes THIRD-PARTY.md: what of others is in the bundle, what npm installs beside it, and under which licences. */
import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Package {
  readonly folder: string;
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly copyright: readonly string[];
  /** The text of the licence, without the lines that name who holds the copyright. */
  readonly text: string;
}

/** Not bundled (tools/build.ts): loaded at run time from node_modules, Vitest from those of the project that has it. */
const external = new Set(["fastify", "vitest"]);

/** The generated files: path from the repository's root, and content. */
export function generateThirdParty(): { path: string; text: string }[] {
  const own: { dependencies?: Record<string, string> } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
  const bundled = closure([...importedBySource()].filter((name) => !external.has(name)));
  const inBundle = new Set(bundled.map(({ name }) => name));
  const installed = closure(Object.keys(own.dependencies ?? {})).filter(({ name }) => !inBundle.has(name));
  return [{ path: "THIRD-PARTY.md", text: page(bundled, installed) }];
}

/** What is in the bundles, for the bill of materials of an image. */
export function bundledPackages(): { name: string; version: string; license: string }[] {
  return closure([...importedBySource()].filter((name) => !external.has(name))).map(({ license, name, version }) => ({
    name,
    version,
    license,
  }));
}

/** The packages that src/ imports, types aside. */
function importedBySource(): Set<string> {
  const names = globSync("src/**/*.ts", { cwd: root }).flatMap((file) => {
    const source = readFileSync(`${root}${file}`, "utf8");
    const imports = source.matchAll(
      /^(?:import|export) (?!type\b)[^;]*?from "([^".][^"]*)"|\bimport\("([^".][^"]*)"\)/gm,
    );
    return [...imports].map(([, fixed, lazy]) => packageName(fixed ?? lazy ?? ""));
  });
  return new Set(names.filter((name) => existsSync(`${root}node_modules/${name}/package.json`) && name !== "tallyml"));
}

function packageName(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

/** Packages and what they depend on, by name. Packages of nothing but types run nowhere. */
function closure(names: readonly string[]): Package[] {
  const found = new Map<string, Package>();
  const visit = (name: string, from: string): void => {
    const folder = resolveFolder(name, from);
    if (folder === undefined || found.has(folder) || name.startsWith("@types/")) return;
    const stated: { version: string; license?: string; dependencies?: Record<string, string> } = JSON.parse(
      readFileSync(`${root}${folder}/package.json`, "utf8"),
    );
    found.set(folder, { folder, name, version: stated.version, license: stated.license ?? "?", ...licenceOf(folder) });
    for (const dependency of Object.keys(stated.dependencies ?? {})) visit(dependency, folder);
  };
  for (const name of names) visit(name, "");
  const byVersion = new Map([...found.values()].map((one) => [`${one.name}@${one.version}`, one]));
  return [...byVersion.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** As Node resolves: in the package's own node_modules, else further up. */
function resolveFolder(name: string, from: string): string | undefined {
  for (let at = from; ; at = at.includes("/node_modules/") ? at.slice(0, at.lastIndexOf("/node_modules/")) : "") {
    const folder = `${at === "" ? "" : `${at}/`}node_modules/${name}`;
    if (existsSync(`${root}${folder}/package.json`)) return folder;
    if (at === "") return undefined;
  }
}

function licenceOf(folder: string): Pick<Package, "copyright" | "text"> {
  const file = readdirSync(`${root}${folder}`).find((name) => /^licen[cs]e/i.test(name));
  if (file === undefined) return { copyright: [], text: "" };
  const lines = readFileSync(`${root}${folder}/${file}`, "utf8").replaceAll("\r", "").split("\n");
  const start = lines.findIndex(isPermission);
  const head = start === -1 ? lines : lines.slice(0, start);
  const copyright = head.map((line) => line.trim()).filter((line) => /^copyright\b/i.test(line));
  return { copyright, text: start === -1 ? "" : lines.slice(start).join("\n").trim() };
}

/** How the body of MIT, ISC and BSD begins. */
function isPermission(line: string): boolean {
  return /^\s*(Permission (is hereby granted|to use)|Redistribution and use)/.test(line);
}

function page(bundled: readonly Package[], installed: readonly Package[]): string {
  const texts = new Map<string, Package[]>();
  for (const one of bundled) {
    const key = one.text.replaceAll(/\s+/g, " ");
    texts.set(key, [...(texts.get(key) ?? []), one]);
  }
  return `${[
    "<!-- generated from node_modules: npm run generate -->\n# Third parties",
    "Tally itself is under the Apache License 2.0 ([LICENSE](LICENSE)). It contains and uses work of others.",
    "## In the bundle",
    "Code of these packages is part of `dist/`. undici contains llhttp (MIT, Copyright Fedor Indutny, 2018).",
    table(bundled),
    "## Installed beside it",
    "npm installs these as dependencies, each with its own licence file.",
    table(installed),
    "## Licence texts of what is in the bundle",
    ...[...texts.values()].map(licenceSection),
  ].join("\n\n")}\n`;
}

function table(packages: readonly Package[]): string {
  const rows = packages.map(({ name, version, license, copyright }) => {
    const holders = copyright
      .join("; ")
      .replaceAll("|", "\\|")
      .replaceAll(/<(https?:[^>]+|[^>@]+@[^>]+)>/g, "($1)");
    return `| ${name} | ${version} | ${license} | ${holders} |`;
  });
  return ["| package | version | licence | copyright |", "|---|---|---|---|", ...rows].join("\n");
}

function licenceSection(packages: readonly Package[]): string {
  const names = packages.map(({ name }) => name).join(", ");
  return `${packages[0]?.license ?? ""}: ${names}\n\n\`\`\`text\n${packages[0]?.text ?? ""}\n\`\`\``;
}
