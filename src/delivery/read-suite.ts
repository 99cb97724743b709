/** A source → the suite in it: its contract, its files, its digest. One way for folders, commits, bundles and images. */
import { resolve } from "node:path";
import type { Contract } from "../contract/contract.ts";
import { canonicalTables } from "../contract/delivered-tables.ts";
import { parseContract } from "../contract/load-contract.ts";
import { suiteContents } from "./suite-contents.ts";
import { suiteDigest } from "./suite-digest.ts";
import type { SuiteSource } from "./suite-source.ts";

export interface Suite {
  /** The file that holds the contract, in the source. */
  readonly contractFile: "tally.toml" | "pyproject.toml";
  /** Its text. */
  readonly contractText: string;
  readonly contract: Contract;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly digest: string;
}

/**
 * Reads the suite at the top of a source; undefined when there is no contract. `place` stands for the source in messages
 * (a path, or `v1.4.0:examples/sqli`); `running` is this Tally's version, held against `[tally] requires`.
 */
export function readSuite(source: SuiteSource, place: string, running?: string): Suite | undefined {
  for (const contractFile of ["tally.toml", "pyproject.toml"] as const) {
    const bytes = source.read(contractFile);
    if (bytes === undefined) continue;
    const contractText = Buffer.from(bytes).toString("utf8");
    const isEmbedded = contractFile === "pyproject.toml";
    if (isEmbedded && !/^\s*\[\s*tool\s*\.\s*["']?tally["']?\s*[.\]]/m.test(contractText)) continue;
    const contract = parseContract(contractText, resolve(place, contractFile), running);
    const files = suiteContents(source, contract.suite);
    const digest = suiteDigest(canonicalTables(contractText, isEmbedded), files);
    return { contractFile, contractText, contract, files, digest };
  }
  return undefined;
}
