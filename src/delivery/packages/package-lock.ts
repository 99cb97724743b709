/**
 * npm's lock of a suite: what it says of each package. Comes in: the text of package-lock.json (of npm 7 and newer). Goes out: what
 * it lists, where Node finds a package in it, and why one cannot be carried to any machine.
 */
import { isTable, parseTable, stringAt, type Table, tableAt } from "../json-table.ts";

/** Where it is, from the suite's folder. */
export const lockPath = "package-lock.json";

/** Nothing else reaches npm: a lock may be a stranger's, and npm takes paths and addresses where these stand. */
const packageName = /^(?:@[a-z\d~-][\w.~-]*\/)?[a-z\d~-][\w.~-]*$/i;
const version = /^\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/;
const sha512 = /^sha512-[A-Za-z\d+/]{86}==$/;

/** Whether the lock knows a package at its top, where the files of a suite find it. */
export function isLocked(lock: Table, name: string): boolean {
  return isTable(listedIn(lock)[`node_modules/${name}`]);
}

/** The lock, or nothing when the text is none that is understood. */
export function parseLock(content: Uint8Array | undefined): Table | undefined {
  const lock = content && parseTable(textOf(content));
  return lock && isTable(lock["packages"]) ? lock : undefined;
}

/** Why a text is no lock that is understood; undefined when it is one. */
export function lockFault(content: Uint8Array): string | undefined {
  if (parseLock(content) !== undefined) return undefined;
  const text = textOf(content);
  if (/^(?:<{7}|>{7})(?: |$)/m.test(text)) return "a merge left its conflict marks in it";
  const stated = parseTable(text)?.["lockfileVersion"];
  if (stated === 1) return "it is of lockfileVersion 1, as npm 6 wrote it, and 2 or 3 is read";
  return parseTable(text) === undefined
    ? "it is no JSON object"
    : "it has no table of packages, as npm 7 and newer write";
}

/** What the lock lists, by place. */
export function listedIn(lock: Table): Table {
  return tableAt(lock, "packages");
}

/** Where Node finds a package that a file in `from` imports. */
export function placeOf(listed: Table, from: string, name: string): string | undefined {
  if (!packageName.test(name)) return undefined;
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf("/node_modules/")))) {
    const place = at === "" ? `node_modules/${name}` : `${at}/node_modules/${name}`;
    if (isTable(listed[place])) return place;
    if (at === "") return undefined;
  }
}

/** `node_modules/a/node_modules/@b/c` → `@b/c`. */
export function nameAt(place: string): string {
  return place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length);
}

/** Names of what a package needs. */
export interface Needs {
  /** It does not run without them. */
  readonly required: readonly string[];
  /** It asks its user for them: who told npm to leave them out runs without. */
  readonly peers: readonly string[];
  /** It does with or without them. */
  readonly optional: readonly string[];
}

export function needsOf(entry: Table): Needs {
  const meta = tableAt(entry, "peerDependenciesMeta");
  const isOptionalPeer = (name: string): boolean => tableAt(meta, name)["optional"] === true;
  const peers = Object.keys(tableAt(entry, "peerDependencies"));
  const optional = [...Object.keys(tableAt(entry, "optionalDependencies")), ...peers.filter(isOptionalPeer)];
  const isRequired = (name: string): boolean => !optional.includes(name);
  return {
    required: Object.keys(tableAt(entry, "dependencies")).filter(isRequired),
    peers: peers.filter(isRequired),
    optional,
  };
}

/** The digest of a package's tarball as npm writes it, `sha512-…`; undefined when the lock has none that proves anything. */
export function integrityOf(entry: Table): string | undefined {
  return stringAt(entry, "integrity")
    ?.split(/\s+/)
    .find((digest) => sha512.test(digest));
}

/** Why a package cannot be carried to any machine; undefined when it can. */
export function unfitness(entry: Table): string | undefined {
  if (entry["link"] === true) return "it is a folder of the repository, and not a published package";
  if (entry["hasInstallScript"] === true) return "it runs a program when it is installed";
  if (entry["cpu"] !== undefined || entry["os"] !== undefined) return "it is made for certain processors or systems";
  if (entry["inBundle"] === true) return "it comes inside another package, and has no digest of its own";
  const integrity = stringAt(entry, "integrity");
  if (integrity === undefined || !version.test(stringAt(entry, "version") ?? ""))
    return "package-lock.json has no digest of it, so it comes from no registry";
  if (integrityOf(entry) === undefined)
    return `package-lock.json has no sha512 of it, and ${/^\w{1,10}/.exec(integrity)?.[0] ?? "that"} alone is not taken for proof`;
  return packageName.test(stringAt(entry, "name") ?? "plain") ? undefined : "its name in the registry is none";
}

function textOf(content: Uint8Array): string {
  return Buffer.from(content).toString("utf8");
}
