/**
 * npm's lock of a suite: which packages its tests need, with all that those need, each by version and digest. Comes in: the text of
 * package-lock.json (of npm 7 and newer) and names. Goes out: the part of the lock that travels.
 */
import { tallyError } from "../../kernel/errors.ts";
import { isTable, parseTable, stringAt, type Table } from "../json-table.ts";

/** Where it is, from the suite's folder. */
export const lockPath = "package-lock.json";

/** Nothing else reaches npm: a lock may be a stranger's, and npm takes paths and addresses where these stand. */
const packageName = /^(?:@[a-z\d~-][\w.~-]*\/)?[a-z\d~-][\w.~-]*$/i;
const version = /^\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/;
const integrity = /^sha(?:1|256|384|512)-[\w+/=]+$/;

export interface LockedPackage {
  /** `node_modules/a`, or `node_modules/a/node_modules/b` for one that only `a` gets. */
  readonly place: string;
  /** As it is imported. */
  readonly name: string;
  /** As the registry calls it; another one behind an alias. */
  readonly published: string;
  readonly version: string;
  /** Of its tarball, as npm writes it: `sha512-…`. */
  readonly integrity: string;
  /** SPDX, as the package says it. */
  readonly license?: string;
  /** Names of what it needs, as far as it travels. */
  readonly needs: readonly string[];
}

/** Whether the lock knows a package at its top, where the files of a suite find it. */
export function isLocked(lock: Table, name: string): boolean {
  return isTable(packagesOf(lock)[`node_modules/${name}`]);
}

/** The lock, or nothing when the text is none that is understood. */
export function parseLock(content: Uint8Array | undefined): Table | undefined {
  const lock = content && parseTable(Buffer.from(content).toString("utf8"));
  return lock && isTable(lock["packages"]) ? lock : undefined;
}

/** These packages and all that they need, sorted by place. Throws `package-unfit` for one that cannot travel. */
export function lockedPackages(lock: Table, names: readonly string[]): LockedPackage[] {
  const packages = packagesOf(lock);
  const found = new Map<string, LockedPackage>();
  const waiting = names.flatMap((name) => placeOf(packages, "", name) ?? []);
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    if (found.has(place)) continue;
    const entry = tableAt(packages, place);
    const needs = needsOf(packages, place);
    found.set(place, describe(place, entry, [...needs.keys()].toSorted()));
    waiting.push(...needs.values());
  }
  return [...found.values()].toSorted((a, b) => (a.place < b.place ? -1 : 1));
}

/** What a package needs, by name, with where it is; of what is optional only that which can travel. */
function needsOf(packages: Table, from: string): ReadonlyMap<string, string> {
  const entry = tableAt(packages, from);
  const optional = new Set(Object.keys(tableAt(entry, "optionalDependencies")));
  const needed = ["dependencies", "peerDependencies"].flatMap((key) => Object.keys(tableAt(entry, key)));
  const found = new Map<string, string>();
  for (const name of new Set([...needed, ...optional])) {
    const place = placeOf(packages, from, name);
    if (place === undefined) continue;
    if (!optional.has(name) || unfitness(tableAt(packages, place)) === undefined) found.set(name, place);
  }
  return found;
}

/** Where Node finds a package that a file in `from` imports. */
function placeOf(packages: Table, from: string, name: string): string | undefined {
  if (!packageName.test(name)) return undefined;
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf("/node_modules/")))) {
    const place = at === "" ? `node_modules/${name}` : `${at}/node_modules/${name}`;
    if (isTable(packages[place])) return place;
    if (at === "") return undefined;
  }
}

function describe(place: string, entry: Table, needs: readonly string[]): LockedPackage {
  const name = place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length);
  const reason = unfitness(entry);
  if (reason !== undefined) throw tallyError("package-unfit", { name, reason });
  const license = stringAt(entry, "license");
  return {
    place,
    name,
    published: stringAt(entry, "name") ?? name,
    version: stringAt(entry, "version") ?? "",
    integrity: stringAt(entry, "integrity") ?? "",
    needs,
    ...(license === undefined ? {} : { license }),
  };
}

/** Why a package cannot be carried to any machine; undefined when it can. */
function unfitness(entry: Table): string | undefined {
  if (entry["link"] === true) return "it is a folder of the repository, and not a published package";
  if (entry["hasInstallScript"] === true) return "it runs a program when it is installed";
  if (entry["cpu"] !== undefined || entry["os"] !== undefined) return "it is made for certain processors or systems";
  if (!integrity.test(stringAt(entry, "integrity") ?? "") || !version.test(stringAt(entry, "version") ?? ""))
    return "package-lock.json has no digest of it, so it comes from no registry";
  return packageName.test(stringAt(entry, "name") ?? "plain") ? undefined : "its name in the registry is none";
}

function packagesOf(lock: Table): Table {
  return tableAt(lock, "packages");
}

function tableAt(table: Table, key: string): Table {
  const value = Object.hasOwn(table, key) ? table[key] : undefined;
  return isTable(value) ? value : {};
}
