/**
 * `tally.mjs`: command, library and the process of test files in one file, which travels with a suite in the folder `suite`
 * beside it. Without a verb it is `tally test`. Comes in: words; the first may say that this is a child of another one.
 */
import { enableCompileCache } from "node:module";
import { compileCacheFolder } from "./kernel/compile-cache.ts";
import { isInImage } from "./kernel/in-image.ts";
import { programWord } from "./kernel/own-package.ts";

// In an image nothing is there from one start to the next but the folder of the reports.
if (!isInImage) enableCompileCache(compileCacheFolder(process.env));
if (process.argv[2] === programWord("suite-child")) void runTestFiles();
else if (process.argv[2] === programWord("parquet-reader")) void readParquetFile();
else void runCommand();

async function runTestFiles(): Promise<void> {
  const [{ offerFace }, face] = await Promise.all([import("./connector/resolve-tallyml.ts"), import("./index.ts")]);
  offerFace(face);
  await import("./suite/child/suite-child.ts");
}

async function readParquetFile(): Promise<void> {
  // The path and the number of rows stand where they do for a program of its own.
  process.argv.splice(2, 1);
  await import("./record/parquet/parquet-reader.ts");
}

async function runCommand(): Promise<void> {
  const { runCarried } = await import("./cli/delivered/run-carried.ts");
  await runCarried(process.argv.slice(2));
}
