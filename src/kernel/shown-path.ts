import { relative } from "node:path";

/** A path for people: relative to the current folder where that is shorter. */
export function shownPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near !== "" && near.length < path.length && !near.startsWith("../..") ? near : path;
}
