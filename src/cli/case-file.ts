/** A case table as a file that several may add to: whole or not at all, two at a time wait for each other. */
import { closeSync, openSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout } from "node:timers/promises";
import { shownPath } from "../kernel/shown-path.ts";
import { notWritable, writeWholeFile } from "../kernel/whole-file.ts";
import { makeFolder } from "../report/output-file.ts";

/** Puts a text in the place of a file. Throws `out-not-writable`. */
export function replaceFile(file: string, text: string): void {
  try {
    writeWholeFile(file, text);
  } catch (cause) {
    throw notWritable(shownPath(file), cause);
  }
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
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST"))
        throw notWritable(shownPath(file), error);
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
