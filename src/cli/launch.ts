/** The first file that runs: turns the compile cache on, then loads the command line. */
import { enableCompileCache } from "node:module";
import { compileCacheFolder } from "../kernel/compile-cache.ts";

enableCompileCache(compileCacheFolder(process.env));
// `| head` closes stdout early: that is the reader's right. The run goes on to its files and to its own exit code.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
const words = process.argv.slice(2);
// The process of the first test file starts while everything else is loaded.
const isRun = words[0] === "test" && !words.includes("--help") && !words.includes("-h");
// A delivered suite runs in a process that is fenced in, which needs to be known before it starts.
const isOwn = !process.env["TALLY_SUITE"] && !words.some((word) => word === "--suite" || word.startsWith("--suite="));
const ahead = isRun && isOwn ? await import("../suite/suite-process.ts") : undefined;
ahead?.startSpare();
const { main } = await import("./main.ts");
const code = await main(words, async () => (await import("./commands.ts")).commands);
ahead?.endSpare();
// Everything that was asked for is done: children that were told to end are not waited for, only output is.
for (const stream of [process.stdout, process.stderr])
  if (stream.writableLength > 0) await new Promise((resolve) => stream.write("", resolve));
process.exit(code);
