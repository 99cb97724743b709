/**
 * Files that reports write. Comes in: a path. Goes out: a sink that is known to be writable before the run begins,
 * or `out-not-writable`.
 */
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname, resolve } from "node:path";
import { tallyError } from "../kernel/errors.ts";
import type { TextSink } from "./reporter.ts";

/** A file under way. */
export interface OutputFile extends TextSink {
  /** The whole of it is written. */
  close(): void;
}

/**
 * A file that is usable at any moment: every write is in it when `write` returns. Takes the place of what was there: another
 * run that still writes does not write into it.
 */
export function openStream(path: string): OutputFile {
  // A pipe or a device stays what it is.
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile()) {
    try {
      rmSync(path);
    } catch {
      // In a folder that takes no changes the file itself may still be written.
    }
  }
  return openAt(path, path);
}

/** A file that appears whole or not at all: written beside its place, then renamed. What was there is removed at once. */
export function openWhole(path: string): OutputFile {
  // Of this process alone: an editor may run two copies at once.
  const beside = `${path}.${process.pid}.part`;
  const file = openAt(beside, path);
  removeFile(path);
  return {
    write: (text) => file.write(text),
    close: () => {
      file.close();
      attempt(path, () => renameSync(beside, path));
    },
  };
}

/** Removes a file, if there is one. */
export function removeFile(path: string): void {
  attempt(path, () => rmSync(path, { force: true }));
}

/** Makes a folder with its parents. Step by step: Node's `recursive` never returns on file systems like /proc. */
export function makeFolder(path: string): void {
  const whole = resolve(path);
  if (existsSync(whole) && statSync(whole).isDirectory()) return;
  if (dirname(whole) !== whole) makeFolder(dirname(whole));
  attempt(path, () => {
    try {
      mkdirSync(whole);
    } catch (error) {
      // Another run has made it in the same moment.
      if (!statSync(whole, { throwIfNoEntry: false })?.isDirectory()) throw error;
    }
  });
}

function openAt(path: string, shown: string): OutputFile {
  makeFolder(dirname(resolve(path)));
  const file = attempt(shown, () => openSync(path, "w"));
  return {
    write: (text) => attempt(shown, () => writeAll(file, Buffer.from(text))),
    close: () => closeSync(file),
  };
}

function writeAll(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}

function attempt<Result>(path: string, what: () => Result): Result {
  try {
    return what();
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw tallyError("out-not-writable", { path, reason: reasonOf(code) }, { cause });
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "no folder can be made there",
  EACCES: "permission denied",
  EPERM: "not permitted",
  EROFS: "the file system is read-only",
  ENOSPC: "no space left",
  ENOTDIR: "a part of the path is a file",
  EEXIST: "there is a file of that name",
  EISDIR: "it is a folder",
  ERR_FS_EISDIR: "it is a folder",
};

function reasonOf(code: string): string {
  return reasons[code] ?? code;
}
