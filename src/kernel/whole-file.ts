/**
 * Files that appear whole or not at all. Comes in: a path and what is to be in it. Goes out: the file, or why there is none. It is written
 * beside its place and then renamed; what was there stays until then, and of what goes wrong nothing stays.
 */
import { closeSync, fchmodSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { type TallyError, tallyError } from "./errors.ts";

/** A file under way. Whoever leaves it so leaves nothing: it is gone at the latest when Tally ends. */
export interface WholeFile {
  write(part: string | Uint8Array): void;
  /** Puts it in its place. */
  finish(): void;
  /** Nothing of it stays. */
  discard(): void;
}

export interface WholeFileOptions {
  /** What can be made again need not be on the disk before it is in its place; that takes a disk its time, for each file. */
  readonly canBeMadeAgain?: boolean;
}

/** Begins a file. Throws what the file system says. */
export function openWholeFile(path: string, { canBeMadeAgain = false }: WholeFileOptions = {}): WholeFile {
  // Of this process alone: another Tally may write the same file now.
  const beside = `${path}.${process.pid}.part`;
  const before = statSync(path, { throwIfNoEntry: false });
  const handle = openSync(beside, "w");
  underWay(beside);
  let isOpen = true;
  const discard = (): void => {
    if (isOpen) closeSync(handle);
    isOpen = false;
    rmSync(beside, { force: true });
    pending.delete(beside);
  };
  const orDiscard = (step: () => void): void => {
    try {
      step();
    } catch (cause) {
      discard();
      throw cause;
    }
  };
  if (before?.isFile()) keepMode(handle, before.mode);
  return {
    discard,
    write: (part) => orDiscard(() => writeAll(handle, typeof part === "string" ? Buffer.from(part) : part)),
    finish: () =>
      orDiscard(() => {
        if (!canBeMadeAgain) fsyncSync(handle);
        closeSync(handle);
        isOpen = false;
        renameSync(beside, path);
        pending.delete(beside);
      }),
  };
}

/** The same at once. */
export function writeWholeFile(
  path: string,
  parts: string | Iterable<string | Uint8Array>,
  options?: WholeFileOptions,
): void {
  const file = openWholeFile(path, options);
  try {
    for (const part of typeof parts === "string" ? [parts] : parts) file.write(part);
    file.finish();
  } catch (cause) {
    file.discard();
    throw cause;
  }
}

/** Who may read a file is not changed by writing it anew, where the file system knows such a thing. */
function keepMode(handle: number, mode: number): void {
  try {
    fchmodSync(handle, mode & 0o777);
  } catch {
    // It keeps what new files have.
  }
}

/** Writes all of it; a call of the system may write less. */
export function writeAll(handle: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.byteLength;) at += writeSync(handle, bytes, at);
}

const pending = new Set<string>();

let isWatched = false;

function underWay(path: string): void {
  pending.add(path);
  if (isWatched) return;
  isWatched = true;
  process.once("exit", removePending);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => endBy(signal));
}

function removePending(): void {
  for (const left of pending) rmSync(left, { force: true });
}

/** A signal that nobody else listens to ends the process as ever, with nothing half-written left. */
function endBy(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 0) return;
  removePending();
  process.kill(process.pid, signal);
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such folder",
  EACCES: "permission denied",
  EPERM: "not permitted",
  EROFS: "the file system is read-only",
  ENOSPC: "no space left",
  EDQUOT: "the quota is used up",
  EFBIG: "the file would be larger than is allowed",
  ENOTDIR: "a part of the path is a file",
  EEXIST: "there is a file of that name",
  EISDIR: "it is a folder",
  ERR_FS_EISDIR: "it is a folder",
};

/** Why nothing can be written to a path. `own` are other words for a code. */
export function notWritable(path: string, cause: unknown, own: Readonly<Record<string, string>> = {}): TallyError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
  return tallyError("out-not-writable", { path, reason: own[code] ?? reasons[code] ?? code }, { cause });
}
