/**
 * Reads a tar of strangers, entry by entry: ustar with the long names of PAX and GNU. Comes in: bytes. Goes out: paths, kinds and
 * contents. A path that is absolute, leads out or is not written plainly ends the reading; so does what would make one entry
 * mean two things to two readers (another size, sparse files, a wrong checksum).
 */
import { tallyError } from "../../kernel/errors.ts";
import { pathFault } from "../suite-path.ts";

export interface TarEntry {
  /** Without a slash at the end, and never `.` itself. */
  readonly path: string;
  /** Links, devices and the like are `other`: they have no content and no place in a suite. */
  readonly kind: "file" | "folder" | "other";
  readonly content: Uint8Array;
}

const block = 512;
const maxEntries = 200_000;
const maxNameBytes = 64 * 1024;
/** What is no UTF-8 becomes U+FFFD, which no path of a suite may have. */
const decoder = new TextDecoder("utf-8");

/** `what` is the archive, for messages. Throws `archive-malformed`, `archive-entry` and `archive-large`. */
export function* readTar(bytes: Uint8Array, what: string): Generator<TarEntry> {
  for (const { content, name, type } of rawEntries(bytes, what)) {
    const path = plainPath(name, what);
    if (path !== undefined) yield { path, ...kindOf(type, content) };
  }
}

/** An entry as its archive says it, whatever its name: who uses it must not write it anywhere. */
export interface RawEntry {
  readonly name: string;
  /** The letter of ustar: `0` a file, `1` a hard link, `2` a symbolic link, `5` a folder. */
  readonly type: string;
  readonly mode: number;
  /** Where a link leads. */
  readonly link: string;
  readonly content: Uint8Array;
}

/** Every entry but those that only say what the next one is called. Throws `archive-malformed` and `archive-large`. */
export function* rawEntries(bytes: Uint8Array, what: string): Generator<RawEntry> {
  let stated: Stated = {};
  let count = 0;
  for (let at = 0; ;) {
    const header = bytes.subarray(at, at + block);
    if (at === bytes.length) return;
    if (header.length < block) throw malformed(what, "it ends in the middle of an entry");
    if (header.every((byte) => byte === 0)) return;
    checkSum(header, what);
    const size = octal(header.subarray(124, 136), what);
    const content = bytes.subarray(at + block, at + block + size);
    if (content.length < size) throw malformed(what, "it ends in the middle of a file");
    at += block + Math.ceil(size / block) * block;
    const type = String.fromCharCode(header[156] ?? 0);
    count += 1;
    if (count > maxEntries) throw tallyError("archive-large", { what, limit: `${maxEntries} entries` });
    if (type === "x") Object.assign(stated, paxNames(content, what));
    else if (type === "g") {
      const { path, size } = paxNames(content, what);
      if (path !== undefined || size !== undefined) throw malformed(what, "one name or size is given for all entries");
    } else if (type === "L") stated.path = long(content, what);
    else if (type === "K") stated.linkpath = long(content, what);
    else {
      const { linkpath = text(header.subarray(157, 257)), path = ownName(header), size: said = size } = stated;
      if (said !== size) throw malformed(what, "it changes the meaning of an entry (size)");
      stated = {};
      yield { name: path, type, mode: octal(header.subarray(100, 108), what), link: linkpath, content };
    }
  }
}

/** What is said in front of an entry, because it does not fit into its header. */
interface Stated {
  path?: string;
  linkpath?: string;
  /** npm repeats what the header says. */
  size?: number;
}

function kindOf(type: string, content: Uint8Array): Pick<TarEntry, "kind" | "content"> {
  if (type === "0" || type === "\0") return { kind: "file", content };
  return { kind: type === "5" ? "folder" : "other", content: new Uint8Array() };
}

/** Undefined for the folder that holds everything. */
function plainPath(name: string, what: string): string | undefined {
  const path = name.replace(/^(\.\/)+/, "").replace(/\/$/, "");
  if (path === "" || path === ".") return undefined;
  const reason = pathFault(path);
  if (reason !== undefined) throw tallyError("archive-entry", { what, path: name, reason });
  return path;
}

function ownName(header: Uint8Array): string {
  const isUstar = text(header.subarray(257, 262)) === "ustar";
  const prefix = isUstar ? text(header.subarray(345, 500)) : "";
  const name = text(header.subarray(0, 100));
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** Of the records of PAX only names count; what changes sizes or kinds is refused. */
function paxNames(content: Uint8Array, what: string): Stated {
  if (content.length > maxNameBytes) throw malformed(what, "a name is too long");
  const names: Stated = {};
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(0x20, at);
    const length = Number(Buffer.from(content.subarray(at, space)).toString("latin1"));
    const equals = content.indexOf(0x3d, space);
    if (space === -1 || !Number.isInteger(length) || length <= space - at || at + length > content.length)
      throw malformed(what, "a record of PAX is broken");
    // Values of other keys may be any bytes.
    const key = Buffer.from(content.subarray(space + 1, equals)).toString("latin1");
    const end = at + length - 1;
    if (key.startsWith("GNU.sparse")) throw malformed(what, `it changes the meaning of an entry (${key})`);
    if (key === "size") names.size = Number(decoder.decode(content.subarray(equals + 1, end)));
    if (key === "path" || key === "linkpath") names[key] = decoder.decode(content.subarray(equals + 1, end));
    at += length;
  }
  return names;
}

function long(content: Uint8Array, what: string): string {
  if (content.length > maxNameBytes) throw malformed(what, "a name is too long");
  return text(content);
}

function checkSum(header: Uint8Array, what: string): void {
  const stated = octal(header.subarray(148, 156), what);
  // The field of the sum itself counts as spaces. A loop by index: strangers decide how many headers there are.
  let sum = 8 * 0x20;
  for (let i = 0; i < block; i += 1) if (i < 148 || i >= 156) sum += header[i] ?? 0;
  if (sum !== stated) throw malformed(what, "a checksum is wrong");
}

function octal(field: Uint8Array, what: string): number {
  const digits = Buffer.from(field)
    .toString("latin1")
    .replaceAll(/^[ ]+|[ \0]+$/g, "");
  if (!/^[0-7]{0,11}$/.test(digits)) throw malformed(what, "a number is not written in octal digits");
  return digits === "" ? 0 : Number.parseInt(digits, 8);
}

/** Up to the first NUL. */
function text(field: Uint8Array): string {
  const end = field.indexOf(0);
  return decoder.decode(end === -1 ? field : field.subarray(0, end));
}

function malformed(what: string, reason: string): Error {
  return tallyError("archive-malformed", { what, reason });
}
