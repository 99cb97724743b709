/** Put in by tools/build.ts where all of Tally is one file that travels with a suite. */
declare const singleFileVersion: string | undefined;

/** Whether this Tally runs in an image that `tally pack` made: its root is read-only, and what is to stay goes to /out. */
export const isInImage: boolean =
  typeof singleFileVersion !== "undefined" && import.meta.url === "file:///app/tally.mjs";

/** How a folder gets into an image, as a hint says it before anything else. */
export const mountHint = `Mount a folder for it: docker run -v "$PWD/reports:/out" --user "$(id -u)" … IMAGE`;
