/** What a run says of itself first: suite, endpoint, operations, selection. */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Contract } from "../contract/contract.ts";
import { canonicalTables, toldTables } from "../contract/delivered-tables.ts";
import { hasManifest } from "../delivery/has-manifest.ts";
import { suiteContents } from "../delivery/suite-contents.ts";
import { suiteDigest } from "../delivery/suite-digest.ts";
import { manifestPath } from "../delivery/suite-manifest.ts";
import { folderSource } from "../delivery/suite-source.ts";
import { readManifest } from "../delivery/verify-suite.ts";
import type { Description } from "../endpoint/endpoint.ts";
import type { EndpointOutline, OperationOutline, RunEvent } from "../verdict/run-event.ts";
import { descriptionDifferences } from "./description-differences.ts";
import { describeSelection } from "./selection.ts";

import type { SuiteOptions } from "./suite-run.ts";

/** The endpoint as the header and the reports show it. */
export function outlineOf(
  { contract, endpoint, role }: SuiteOptions,
  described: Description | undefined,
): EndpointOutline {
  const name = described?.name ?? (role === "reference" ? contract.model.name : undefined);
  return {
    role,
    url: endpoint.url,
    ...(name === undefined ? {} : { name }),
    ...(described?.version === undefined ? {} : { version: described.version }),
    ...(described?.runtime === undefined ? {} : { runtime: described.runtime }),
  };
}

/** The first event of a run. */
export function startedEvent(
  options: SuiteOptions,
  outline: EndpointOutline,
  described: Description | undefined,
): RunEvent {
  const { baseline, contract, run, tally, at, seed, selection, strict } = options;
  const { entries = [], file = "" } = baseline?.book.options ?? {};
  const differences = options.role === "candidate" ? descriptionDifferences(contract, described) : [];
  const version = contract.model.version ?? outline.version;
  const source = readFileSync(contract.file, "utf8");
  const isEmbedded = basename(contract.file) === "pyproject.toml";
  return {
    type: "run-started",
    v: 1,
    run,
    at,
    tally,
    suite: {
      name: contract.suite.name,
      ...(version === undefined ? {} : { version }),
      digest: digestOf(contract, canonicalTables(source, isEmbedded)),
    },
    seed,
    endpoints: [outline],
    operations: outlineOperations(contract),
    contract: toldTables(source, isEmbedded),
    selection: describeSelection(selection),
    ...(strict ? { strict } : {}),
    ...(baseline?.digest ? { baseline: { file, digest: baseline.digest, entries: entries.length } } : {}),
    ...(options.side === undefined ? {} : { side: options.side }),
    ...(differences.length > 0 ? { differences } : {}),
  };
}

/** The digest of the suite as its files are now; of a delivered one, which was held against it already, that which it says. */
function digestOf({ root, suite }: Contract, tables: string): string {
  if (hasManifest(root)) return readManifest(readFileSync(join(root, manifestPath)), root).digest;
  return suiteDigest(tables, suiteContents(folderSource(root), suite));
}

function outlineOperations({ operations = {} }: Contract): OperationOutline[] {
  return Object.values(operations).map(({ name, after, output }) => ({
    name,
    ...(after === undefined ? {} : { after }),
    fields: Object.entries(output).map(([field, { type, doc, unit }]) => ({
      name: field,
      type: `${type.kind}${type.nullable ? "?" : ""}`,
      ...(doc === undefined ? {} : { doc }),
      ...(unit === undefined ? {} : { unit }),
    })),
  }));
}
