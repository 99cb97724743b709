/**
 * Files that reports write. Comes in: a path. Goes out: a sink that is known to be writable before the run begins,
 * or `out-not-writable`.
 */
import { closeSync, existsSync, lstatSync, mkdirSync, openSync, rmSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { notWritable, openWholeFile, writeAll } from "../kernel/whole-file.ts";
import type { TextSink } from "./reporter.ts";

/** A file under way. */
export interface OutputFile extends TextSink {
  /** The whole of it is written. */
  close(): void;
}

/** A file that is not there until it is closed. */
export interface WholeOutput extends OutputFile {
  /** Nothing of it stays. */
  discard(): void;
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
  return openAt(path);
}

/** A file that appears whole or not at all. What was there is removed at once: it is of another run. */
export function openWhole(path: string): WholeOutput {
  makeFolder(dirname(resolve(path)));
  const file = attempt(path, () => openWholeFile(path, { canBeMadeAgain: true }));
  removeFile(path);
  return {
    write: (text) => attempt(path, () => file.write(text)),
    close: () => attempt(path, () => file.finish()),
    discard: () => file.discard(),
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

function openAt(path: string): OutputFile {
  makeFolder(dirname(resolve(path)));
  const file = attempt(path, () => openSync(path, "w"));
  return {
    write: (text) => attempt(path, () => writeAll(file, Buffer.from(text))),
    close: () => closeSync(file),
  };
}

function attempt<Result>(path: string, what: () => Result): Result {
  try {
    return what();
  } catch (cause) {
    throw notWritable(path, cause, { ENOENT: "no folder can be made there" });
  }
}
