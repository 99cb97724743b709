/** A path as a person or an editor types it → what a selection means by it. */
import { existsSync } from "node:fs";
import { posix, relative, resolve, sep } from "node:path";

/** Editors copy `file:line:column`; a test is found by its line. */
function withoutColumn(typed: string): string {
  return typed.replace(/^(.*:\d+):\d+$/s, "$1");
}

/** `tests\x.test.ts` of Windows; a backslash in the name of a file that is there stays. */
function withSlashes(typed: string): string {
  const isThere = existsSync(resolve(typed.replace(/:\d+$/, "")));
  return typed.includes("\\") && !isThere ? typed.replaceAll("\\", "/") : typed;
}

/** Typed relative to the current folder, or absolute; means a place below the contract's folder. */
export function selectedPath(typed: string, root: string): string {
  const found = relative(root, resolve(withSlashes(withoutColumn(typed)))).replaceAll(sep, "/");
  return found === "" ? "." : found;
}

/** The same of a suite that was delivered: nobody knows where it lies, so paths are its own. */
export function deliveredPath(typed: string): string {
  return posix.normalize(withoutColumn(typed).replaceAll("\\", "/"));
}
