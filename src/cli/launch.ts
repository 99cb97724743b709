/** The first file that runs: turns the compile cache on, then loads the command line. Loads nothing else. */
import { enableCompileCache } from "node:module";
import { compileCacheFolder } from "../kernel/compile-cache.ts";

enableCompileCache(compileCacheFolder(process.env));
await import("./main.ts");
