/**
 * What a version of a suite asks: its contract, its test files as text, its cases row by row. Comes in: the folder of a suite. Goes
 * out: plain data to be held against another version. Nothing of the suite is run: tests are read from their source.
 */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { whyNot } from "../../compare/type-check.ts";
import type { Contract } from "../../contract/contract.ts";
import { canonicalTables } from "../../contract/delivered-tables.ts";
import type { CaseRow } from "../../record/case-row.ts";
import { readCaseTable } from "../../record/read-case-table.ts";
import { suiteContents, testContents } from "../suite-contents.ts";
import { sha256, suiteDigest } from "../suite-digest.ts";
import { folderSource } from "../suite-source.ts";
import { readParts, type SourcePart, squeezed } from "./source-parts.ts";

export interface SuiteOutline {
  readonly contract: Contract;
  readonly digest: string;
  readonly files: ReadonlyMap<string, TestFile>;
  /** By the path of their table. */
  readonly tables: ReadonlyMap<string, CaseTableOutline>;
}

export interface TestFile {
  /** Changes with the file, with all that it imports inside the suite, and with what any test may read. */
  readonly digest: string;
  /** The texts behind that digest, one after the other. */
  readonly text: string;
  /** The source of each test by its name, as far as names are written out; all else under "". */
  readonly tests: ReadonlyMap<string, string>;
  /** The same in the order of the file. */
  readonly parts: readonly SourcePart[];
  /** Whether it may have tests whose names are made as it runs. */
  readonly makesNames: boolean;
  /** What it registers, in its order; only where it was loaded. */
  readonly listed?: readonly ListedName[];
}

/** A test as it is registered. */
export interface ListedName {
  readonly id: string;
  readonly line: number | undefined;
}

export interface CaseTableOutline {
  readonly rows: ReadonlyMap<string, CaseRow>;
  /** Some of it cannot be read. */
  readonly isBroken: boolean;
}

/** Reads a suite in a folder. */
export async function outlineSuite(contract: Contract): Promise<SuiteOutline> {
  const { file, root, suite } = contract;
  const source = folderSource(root);
  const tables = canonicalTables(readFileSync(file, "utf8"), basename(file) === "pyproject.toml");
  const digest = suiteDigest(tables, suiteContents(source, suite));
  const paths = [...source.find(suite.tests), ...source.find(suite.pytest)];
  const files = new Map(paths.map((path) => [path, outlineFile(path, testContents(source, path, suite))]));
  const read = new Map<string, CaseTableOutline>();
  for (const path of source.find(suite.cases)) {
    const { problems, rows } = await readCaseTable(join(root, path), contract, whyNot);
    read.set(path, { rows: new Map(rows.map((row) => [row.id, row])), isBroken: problems.length > 0 });
  }
  return { contract, digest, files, tables: read };
}

function outlineFile(path: string, contents: ReadonlyMap<string, Uint8Array>): TestFile {
  const lines = [...contents].map(([name, bytes]) => `${sha256(bytes)}  ${name}\n`);
  const text = [...contents.values()].map((bytes) => Buffer.from(bytes).toString("utf8")).join("\n");
  const own = Buffer.from(contents.get(path) ?? []).toString("utf8");
  const { makesNames, parts } = readParts(path, own);
  const tests = new Map<string, string>();
  for (const part of parts) tests.set(part.name, `${tests.get(part.name) ?? ""} ${squeezed(part.text)}`.trimStart());
  return { digest: sha256(Buffer.from(lines.join(""))), text, tests, parts, makesNames };
}
