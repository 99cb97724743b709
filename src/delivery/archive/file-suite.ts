/** A suite from a file: a bundle, or an image as a tar. Which one it is, its contents say. */
import { readFileSync, statSync } from "node:fs";
import { tallyError } from "../../kernel/errors.ts";
import { imageLayers } from "../image/image-layers.ts";
import { archivedSuite } from "./archived-suite.ts";
import { decompress, packingOf } from "./decompress.ts";
import { dockerLayers, layoutStore, tarFiles } from "./image-tar.ts";

const maxFileMegabytes = 1024;

/** The files of the suite in it, not yet held against its digest. Throws `suite-absent` and what is wrong with the archive. */
export async function fileSuite(path: string, shown: string): Promise<ReadonlyMap<string, Uint8Array>> {
  if (statSync(path).size > maxFileMegabytes * 1024 * 1024)
    throw tallyError("archive-large", { what: shown, limit: `${maxFileMegabytes} MB` });
  const packed = readFileSync(path);
  const bytes = decompress(packed, packingOf(packed), shown);
  const files = tarFiles(bytes, shown);
  const store = layoutStore(files, shown);
  const layers = store ? await imageLayers(store) : dockerLayers(files, shown);
  const suite = await archivedSuite(layers ?? [() => bytes], shown);
  if (suite === undefined) throw tallyError("suite-absent", { place: shown, reason: "it has no suite/suite.json" });
  return suite;
}
