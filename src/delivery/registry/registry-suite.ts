/** A suite from an image in a registry: only the layers from the last one down to the suite's are fetched. */
import { tallyError } from "../../kernel/errors.ts";
import { archivedSuite } from "../archive/archived-suite.ts";
import { imageLayers } from "../image/image-layers.ts";
import type { OpenOptions } from "../open-options.ts";
import { readImageReference } from "./image-reference.ts";
import { registryStore } from "./pull-image.ts";
import { RegistryConnection } from "./registry-connection.ts";

/** The files of the suite in it, not yet held against its digest. */
export async function registrySuite(text: string, options: OpenOptions): Promise<ReadonlyMap<string, Uint8Array>> {
  const reference = readImageReference(text);
  const { ca, deadlineMs: timeoutMs, plainHttp } = options;
  await using connection = new RegistryConnection(reference, "pull", { ca, env: process.env, plainHttp, timeoutMs });
  const store = registryStore(connection, reference);
  const suite = await archivedSuite(await imageLayers(store), store.shown);
  if (suite === undefined)
    throw tallyError("suite-absent", { place: store.shown, reason: "it has no suite/suite.json" });
  return suite;
}
