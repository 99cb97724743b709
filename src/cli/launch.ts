/** The first file that runs: turns the compile cache on, then loads the command line. */
import { enableCompileCache } from "node:module";
import { compileCacheFolder } from "../kernel/compile-cache.ts";

enableCompileCache(compileCacheFolder(process.env));
// `| head` closes stdout early: that is the reader's right, not an error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
});
const { main } = await import("./main.ts");
process.exitCode = await main(process.argv.slice(2));
