/**
 * Writes everything that is derived from code: schemas and reference pages. `--check` writes nothing and ends with 1
 * when a committed file is not what would be written, naming each.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { generateCli } from "./generate/cli.ts";
import { generateConfig } from "./generate/config.ts";
import { generateErrors } from "./generate/errors.ts";
import { generateEvents } from "./generate/events.ts";
import { generateThirdParty } from "./generate/third-party.ts";

const files = [generateCli, generateConfig, generateErrors, generateEvents, generateThirdParty].flatMap((generate) =>
  generate(),
);
const stale = files.filter(({ path, text }) => committed(path) !== text);

if (process.argv.includes("--check")) {
  for (const { path } of stale) console.error(`${path} is not what the code says: npm run generate`);
  if (stale.length > 0) process.exitCode = 1;
} else {
  for (const { path, text } of stale) {
    mkdirSync(dirname(placeOf(path)), { recursive: true });
    writeFileSync(placeOf(path), text);
    console.log(path);
  }
}

function placeOf(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

function committed(path: string): string | undefined {
  try {
    return readFileSync(placeOf(path), "utf8");
  } catch {
    return undefined;
  }
}
