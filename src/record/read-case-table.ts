/**
 * Case tables. Comes in: the path of a `.jsonl`, `.csv` or `.parquet` file and the contract. Goes out: checked rows, or everything
 * that is wrong with the file. Must not know suites and endpoints.
 */
import { access, constants, readFile, stat } from "node:fs/promises";
import { basename, relative, sep } from "node:path";
import type { Contract } from "../contract/contract.ts";
import { shownPath } from "../kernel/shown-path.ts";
import { CaseProblems, type CaseTable, type RawCase } from "./case-row.ts";
import type { WhyNot } from "./check-record.ts";
import { readCase } from "./read-case.ts";
import { readJsonl } from "./read-jsonl.ts";

export type { CaseRow, CaseTable } from "./case-row.ts";

/** Larger files are data sets, not cases: they would be held in memory several times. */
const maxBytes = 256 * 2 ** 20;
const maxRows = 1_000_000;

/** Reads one table. Never throws for what is in the file; `whyNot` is that of compare/type-check.ts. */
export async function readCaseTable(file: string, contract: Contract, whyNot: WhyNot): Promise<CaseTable> {
  return readTable(file, { contract, whyNot, rawCases: (context) => readRaw(file, context) });
}

/** The same for a JSONL table that is not written yet, or not as it is. */
export async function readCaseBytes(
  bytes: Uint8Array,
  file: string,
  contract: Contract,
  whyNot: WhyNot,
): Promise<CaseTable> {
  return readTable(file, { contract, whyNot, rawCases: async ({ problems }) => readJsonl(bytes, problems) });
}

interface TableContext {
  readonly contract: Contract;
  readonly whyNot: WhyNot;
  readonly rawCases: (context: RawContext) => Promise<readonly RawCase[]>;
}

async function readTable(file: string, { contract, rawCases, whyNot }: TableContext): Promise<CaseTable> {
  const shown = shownPath(file);
  const problems = new CaseProblems(shown);
  const fileOperation = operationOfName(file, contract);
  const raw = await rawCases({ contract, fileOperation, problems });
  if (raw.length === 0 && problems.count === 0) problems.add("case-empty", { file: shown });
  const path = relative(contract.root, file).split(sep).join("/");
  const context = { contract, whyNot, problems, path, fileOperation };
  const lines = new Map<string, number>();
  const rows = raw.map((one) => readCase(one, context)).filter((row) => row !== undefined);
  for (const { name, line } of rows) {
    const first = lines.get(name);
    if (first === undefined) lines.set(name, line);
    else problems.add("case-name", { at: problems.at(line), name, first });
  }
  const untyped = contract.operations === undefined && isCsv(file) && rows.length > 0;
  const warnings = new CaseProblems(shown);
  if (untyped) warnings.add("case-untyped", { file: shown });
  return { rows, problems: problems.list(), warnings: warnings.list() };
}

async function isReadable(file: string, shown: string, problems: CaseProblems): Promise<boolean> {
  try {
    const found = await stat(file);
    await access(file, constants.R_OK);
    const { size } = found;
    if (found.isFile() && size <= maxBytes) return true;
    const reason = !found.isFile()
      ? "it is a folder"
      : `it has ${Math.round(size / 2 ** 20)} MiB, and a case table may have ${maxBytes / 2 ** 20}`;
    problems.add("case-unreadable", { file: shown, reason });
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    const reasons = new Map([
      ["ENOENT", "there is no such file"],
      ["EISDIR", "it is a folder"],
      ["EACCES", "permission denied"],
    ]);
    problems.add("case-unreadable", { file: shown, reason: reasons.get(code) ?? code });
  }
  return false;
}

interface RawContext {
  readonly contract: Contract;
  readonly fileOperation: string | undefined;
  readonly problems: CaseProblems;
}

async function readRaw(file: string, context: RawContext): Promise<readonly RawCase[]> {
  if (!(await isReadable(file, shownPath(file), context.problems))) return [];
  if (file.toLowerCase().endsWith(".jsonl")) return readJsonl(await readFile(file), context.problems);
  if (isParquet(file)) return readParquetCases(file, context);
  if (!isCsv(file)) {
    context.problems.add("case-format", { file: shownPath(file) });
    return [];
  }
  // The CSV parser is loaded only where there is a CSV.
  const [{ readCsv }, { csvCases }] = await Promise.all([import("./read-csv.ts"), import("./csv-cases.ts")]);
  const table = readCsv(await readFile(file), context.contract.suite.csv.delimiter, context.problems);
  return table === undefined ? [] : csvCases(table, context);
}

/** Read in a process of its own, from the file. */
async function readParquetCases(file: string, context: RawContext): Promise<readonly RawCase[]> {
  const [{ readParquet }, { parquetCases }] = await Promise.all([
    import("./parquet/read-parquet.ts"),
    import("./parquet/parquet-cases.ts"),
  ]);
  const table = await readParquet(file, maxRows);
  if ("reason" in table) {
    context.problems.add("case-unreadable", { file: shownPath(file), reason: table.reason });
    return [];
  }
  return parquetCases(table, context);
}

function isParquet(file: string): boolean {
  return file.toLowerCase().endsWith(".parquet");
}

function isCsv(file: string): boolean {
  return file.toLowerCase().endsWith(".csv");
}

/** `process.jsonl` and `process.edge-cases.csv` are named after the operation `process`. */
function operationOfName(file: string, contract: Contract): string | undefined {
  const stem = basename(file).split(".")[0] ?? "";
  return contract.operations !== undefined && Object.hasOwn(contract.operations, stem) ? stem : undefined;
}
