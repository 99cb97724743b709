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

export interface SuiteOutline {
  readonly contract: Contract;
  readonly digest: string;
  readonly files: ReadonlyMap<string, TestFile>;
  /** By the path of their table. */
  readonly tables: ReadonlyMap<string, CaseTableOutline>;
}

export interface TestFile {
  /** Changes with the file and with all that it imports inside the suite. */
  readonly digest: string;
  /** The texts behind that digest, one after the other. */
  readonly text: string;
  /** The source of each test by its name, as far as names are written out; what stands before the first under "". */
  readonly tests: ReadonlyMap<string, string>;
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
  const files = new Map(paths.map((path) => [path, outlineFile(path, testContents(source, path))]));
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
  return { digest: sha256(Buffer.from(lines.join(""))), text, tests: testsIn(path, own) };
}

/** Where a test may begin, or what its file's tests share: at the start of a line. */
const scriptParts =
  /^[ \t]*(?:test|it)(?:\.\w+)*[ \t]*[<(`]|^[ \t]*(?:describe|beforeEach|afterEach|beforeAll|afterAll)\b|^[A-Za-z]/gm;
const pythonParts =
  /(?:^[ \t]*@[^\n]*\n)*^[ \t]*(?:async[ \t]+)?def[ \t]+test_\w+|^(?:import|from|def|async|class|@|[A-Za-z_]\w*[ \t]*=)/gm;
const literal = String.raw`(["'\`])((?:\\.|(?!\1)[^\\\n])+)\1`;
const scriptName = new RegExp(String.raw`^\s*(?:test|it)(?:\.\w+)*\s*\(\s*${literal}`);
/** Of `test.each(rows)("name", …)`. */
const rowsName = new RegExp(String.raw`^\s*(?:test|it)(?:\.\w+)*\.(?:each|for)\b[^]*?\)\s*\(\s*${literal}`);

/** The parts of a file by the names of its tests; all that is no test of a plain name stands under "". */
function testsIn(path: string, text: string): ReadonlyMap<string, string> {
  const isPython = path.endsWith(".py");
  const begins = [...text.matchAll(isPython ? pythonParts : scriptParts)].map(({ index }) => index);
  const found = new Map([["", squeezed(text.slice(0, begins[0]))]]);
  for (const [i, at] of begins.entries()) {
    const part = text.slice(at, begins[i + 1]);
    const name = isPython ? pythonName(part) : (rowsName.exec(part) ?? scriptName.exec(part))?.[2];
    found.set(name ?? "", `${found.get(name ?? "") ?? ""} ${squeezed(part)}`);
  }
  return found;
}

function pythonName(part: string): string | undefined {
  return /^[ \t]*(?:async[ \t]+)?def[ \t]+(test_\w+)/m.exec(part)?.[1];
}

/** White space says nothing, except that it is there. */
function squeezed(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
