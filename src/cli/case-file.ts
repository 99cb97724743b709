/** A case table as a file that several may add to: whole or not at all, two at a time wait for each other. */
import { closeSync, openSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout } from "node:timers/promises";
import { tallyError } from "../kernel/errors.ts";
import { shownPath } from "../kernel/shown-path.ts";
import { makeFolder } from "../report/output-file.ts";

/** Puts a text in the place of a file. Throws `out-not-writable`. */
export function replaceFile(file: string, text: string): void {
  const beside = `${file}.${process.pid}.part`;
  attempt(file, () => {
    try {
      writeFileSync(beside, text);
      renameSync(beside, file);
    } finally {
      // There only when something went wrong, a full disk for one.
      rmSync(beside, { force: true });
    }
  });
}

/** A lock that nobody holds any more is taken over after so long; who waits longer is told. */
const staleMs = 10_000;

/** Does something while nobody else has the file. Throws `out-not-writable`. */
export async function locked<Result>(file: string, what: () => Promise<Result>): Promise<Result> {
  makeFolder(dirname(file));
  const lock = `${file}.lock`;
  for (;;) {
    try {
      closeSync(openSync(lock, "wx"));
      break;
    } catch (error) {
      if (codeOf(error) !== "EEXIST")
        attempt(file, () => {
          throw error;
        });
      const held = statSync(lock, { throwIfNoEntry: false });
      if (held && Date.now() - held.mtimeMs > staleMs) rmSync(lock, { force: true });
      await setTimeout(20);
    }
  }
  try {
    return await what();
  } finally {
    rmSync(lock, { force: true });
  }
}

function attempt(path: string, what: () => void): void {
  try {
    what();
  } catch (cause) {
    throw tallyError("out-not-writable", { path: shownPath(path), reason: codeOf(cause) }, { cause });
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
