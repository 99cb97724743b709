/**
 * Files → a tar of one form: sorted as given, owned by nobody in particular, one time for all, so that the same files are the
 * same bytes on every machine. Plain ustar; a name that does not fit gets a pax header, which every tar reads.
 */
import { invariant } from "../kernel/errors.ts";

export type TarEntry =
  | { readonly kind: "file"; readonly path: string; readonly content: Uint8Array; readonly mode: number }
  | { readonly kind: "folder"; readonly path: string; readonly mode: number }
  | { readonly kind: "link"; readonly path: string; readonly target: string };

/** The entries sorted bytewise, each behind the folders that it is in; what is not given of those is readable by all. */
export function withFolders(entries: readonly TarEntry[]): TarEntry[] {
  const all = new Map<string, TarEntry>();
  for (const entry of entries) {
    for (let at = entry.path.indexOf("/"); at !== -1; at = entry.path.indexOf("/", at + 1)) {
      const path = entry.path.slice(0, at);
      if (!all.has(path)) all.set(path, { kind: "folder", path, mode: 0o755 });
    }
    all.set(entry.path, entry);
  }
  return [...all.values()].toSorted((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}

export interface TarOptions {
  /** Seconds since 1970: the time of every entry. */
  readonly time: number;
  /** Owner and group of an entry; root unless said. */
  readonly owner?: (path: string) => number;
}

const block = 512;
const types = { file: "0", folder: "5", link: "2" } as const;

/** The whole archive, with the two empty blocks that end it. */
export function writeTar(entries: Iterable<TarEntry>, options: TarOptions): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const entry of entries) parts.push(...writeEntry(entry, options));
  parts.push(new Uint8Array(2 * block));
  return Buffer.concat(parts);
}

/** The blocks of one entry, in order. */
export function writeEntry(entry: TarEntry, { owner = () => 0, time }: TarOptions): Uint8Array[] {
  const path = entry.kind === "folder" ? `${entry.path}/` : entry.path;
  const target = entry.kind === "link" ? entry.target : "";
  const content = entry.kind === "file" ? entry.content : new Uint8Array();
  const fields = {
    mode: entry.kind === "link" ? 0o777 : entry.mode,
    uid: owner(entry.path),
    size: content.byteLength,
    time,
  };
  const split = fitName(path);
  const records = [
    ...(split === undefined ? [["path", path] as const] : []),
    ...(fits(target, 100) ? [] : [["linkpath", target] as const]),
  ];
  const [prefix, name] = split ?? ["", shorten(path)];
  const own = header({ ...fields, name, prefix, target: fits(target, 100) ? target : "", type: types[entry.kind] });
  return [...paxBlocks(records, time), own, ...padded(content)];
}

/** A header that says in front of an entry what does not fit into its own. */
function paxBlocks(records: readonly (readonly [string, string])[], time: number): Uint8Array[] {
  if (records.length === 0) return [];
  const content = Buffer.concat(records.map(([key, value]) => paxRecord(key, value)));
  const fields = { mode: 0o644, uid: 0, size: content.byteLength, time, prefix: "", target: "" };
  return [header({ ...fields, name: "pax", type: "x" }), ...padded(content)];
}

/** `LENGTH key=value\n`, where the length counts its own digits. */
function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + 1;
  while (String(length).length + rest !== length) length += 1;
  return Buffer.from(`${length} ${key}=${value}\n`);
}

interface Header {
  readonly name: string;
  readonly prefix: string;
  readonly target: string;
  readonly type: string;
  readonly mode: number;
  readonly uid: number;
  readonly size: number;
  readonly time: number;
}

function header({ mode, name, prefix, size, target, time, type, uid }: Header): Uint8Array {
  const made = Buffer.alloc(block);
  made.write(name, 0, 100, "utf8");
  made.write(octal(mode, 8), 100, "latin1");
  made.write(octal(uid, 8), 108, "latin1");
  made.write(octal(uid, 8), 116, "latin1");
  made.write(octal(size, 12), 124, "latin1");
  made.write(octal(time, 12), 136, "latin1");
  made.write("        ", 148, "latin1");
  made.write(type, 156, "latin1");
  made.write(target, 157, 100, "utf8");
  made.write("ustar\u000000", 257, "latin1");
  made.write(prefix, 345, 155, "utf8");
  const sum = made.reduce((total, byte) => total + byte, 0);
  made.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return made;
}

function octal(value: number, width: number): string {
  const digits = value.toString(8).padStart(width - 1, "0");
  invariant(digits.length < width, `a number too large for tar: ${value}`);
  return `${digits}\0`;
}

function padded(content: Uint8Array): Uint8Array[] {
  const rest = content.byteLength % block;
  return rest === 0 ? [content] : [content, new Uint8Array(block - rest)];
}

/** Prefix and name as ustar splits them; undefined for what only pax can say. */
function fitName(path: string): readonly [string, string] | undefined {
  if (!isAscii(path)) return undefined;
  if (fits(path, 100)) return ["", path];
  for (let at = path.indexOf("/"); at !== -1 && at <= 155; at = path.indexOf("/", at + 1)) {
    const name = path.slice(at + 1);
    if (name !== "" && fits(name, 100)) return [path.slice(0, at), name];
  }
  return undefined;
}

function fits(text: string, bytes: number): boolean {
  return isAscii(text) && text.length <= bytes;
}

function isAscii(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- ASCII, all of it
  return /^[\x00-\x7f]*$/.test(text);
}

/** What an ancient tar would call the file. */
function shorten(path: string): string {
  return path.replaceAll(/[^\x20-\x7e]/g, "_").slice(0, 100);
}
