/**
 * Locked packages → their files, as the registry has them: npm fetches them into a folder of its own and holds each against its
 * digest. Nothing of them is run, and no address of the lock is asked: only the registry that npm is set up with.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tallyError } from "../../kernel/errors.ts";
import type { LockedPackage } from "./package-lock.ts";

const defaultDeadlineMs = 300_000;
const words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-bin-links", "--prefer-offline", "--omit=dev"];

export interface FetchOptions {
  /** The project's own `.npmrc`: which registry has which scope. */
  readonly settings?: Uint8Array | undefined;
  readonly deadlineMs?: number | undefined;
}

/** By path from the suite's folder, `node_modules/…`. Throws `package-fetch` and `package-unfit`. */
export function fetchPackages(packages: readonly LockedPackage[], options: FetchOptions): Map<string, Uint8Array> {
  if (packages.length === 0) return new Map();
  const folder = mkdtempSync(join(tmpdir(), "tally-packages-"));
  try {
    const { lock, project } = reducedProject(packages);
    writeFileSync(join(folder, "package.json"), JSON.stringify(project));
    writeFileSync(join(folder, "package-lock.json"), JSON.stringify(lock));
    if (options.settings !== undefined) writeFileSync(join(folder, ".npmrc"), options.settings, { mode: 0o600 });
    runNpm(folder, packages, options.deadlineMs ?? defaultDeadlineMs);
    return filesOf(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A project that needs just these. Without `resolved` npm asks its own registry, and the digest decides. */
function reducedProject(packages: readonly LockedPackage[]): { readonly project: object; readonly lock: object } {
  const asked = ({ name, published, version }: LockedPackage): string =>
    name === published ? version : `npm:${published}@${version}`;
  const top = packages.filter(({ name, place }) => place === `node_modules/${name}`);
  const project = {
    name: "suite",
    version: "0.0.0",
    dependencies: Object.fromEntries(top.map((one) => [one.name, asked(one)])),
  };
  const entries = packages.map(({ integrity, name, needs, place, published, version }) => [
    place,
    {
      ...(name === published ? {} : { name: published }),
      version,
      integrity,
      ...(needs.length > 0 ? { dependencies: Object.fromEntries(needs.map((one) => [one, "*"])) } : {}),
    },
  ]);
  return {
    project,
    lock: {
      name: project.name,
      version: project.version,
      lockfileVersion: 3,
      requires: true,
      packages: { "": project, ...Object.fromEntries(entries) },
    },
  };
}

function runNpm(folder: string, packages: readonly LockedPackage[], timeout: number): void {
  const refuse = (reason: string, cause?: unknown): never => {
    throw tallyError("package-fetch", { names: packages.map(({ name }) => name), reason }, { cause });
  };
  const ran = spawnSync("npm", words, {
    cwd: folder,
    encoding: "utf8",
    // What an npm that started us says of our own project is not about this one.
    env: Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^npm_(?!config_registry$)/i.test(key))),
    killSignal: "SIGKILL",
    shell: process.platform === "win32",
    timeout,
  });
  const code = ran.error && "code" in ran.error ? ran.error.code : undefined;
  if (code === "ENOENT") refuse("there is no npm in PATH", ran.error);
  if (code === "ETIMEDOUT") refuse(`npm was not done after ${timeout / 1000} s`, ran.error);
  if (ran.status !== 0) refuse(lastWords(ran.stderr ?? String(ran.error)));
}

/** What npm says went wrong, without where it keeps its log. */
function lastWords(stderr: string): string {
  const lines = stderr
    .split("\n")
    .flatMap((line) => /^npm (?:error|ERR!) (?!A complete log|code )(.*\S)/.exec(line)?.[1] ?? []);
  const code = /^npm (?:error|ERR!) code (\S+)/m.exec(stderr)?.[1];
  const said = lines.slice(0, 2).join(" ") || stderr.trim().split("\n").at(-1) || "npm did not say why";
  return `npm says${code === undefined ? "" : ` ${code}`}: ${said.slice(0, 300)}`;
}

function filesOf(folder: string): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const entry of readdirSync(join(folder, "node_modules"), { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
      .slice(folder.length + 1)
      .replaceAll("\\", "/");
    if (path === "node_modules/.package-lock.json" || entry.isDirectory()) continue;
    if (path.endsWith(".node")) refuseNative(path);
    files.set(path, readFileSync(join(folder, path)));
  }
  return new Map([...files].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function refuseNative(path: string): never {
  const [, name = path] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? [];
  throw tallyError("package-unfit", { name, reason: `it holds machine code (${path})` });
}
