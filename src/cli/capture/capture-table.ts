/** Captured cases → a new JSONL table, or the end of one. What stands there already stays as it is. */
import { existsSync, readFileSync } from "node:fs";
import { whyNot } from "../../compare/type-check.ts";
import type { Contract } from "../../contract/contract.ts";
import { tallyError } from "../../kernel/errors.ts";
import { readJson } from "../../kernel/read-json.ts";
import { shownPath } from "../../kernel/shown-path.ts";
import { canonicalJson, writeJson } from "../../kernel/write-json.ts";
import type { CaseRow } from "../../record/case-row.ts";
import { readCaseBytes } from "../../record/read-case-table.ts";
import { caseLine, type WrittenCase } from "../../record/write-case.ts";
import { locked, replaceFile } from "../case-file.ts";
import { answersApart } from "./exchange-book.ts";

export interface CaptureTable {
  readonly file: string;
  readonly contract: Contract;
  /** Whether a table that is there may grow. */
  readonly append: boolean;
}

/** What became of the cases. */
export interface Written {
  readonly added: readonly WrittenCase[];
  /** Their records stand in the table already. */
  readonly known: number;
  /** Rows of the table whose record is now answered otherwise. */
  readonly contrary: readonly { readonly row: CaseRow; readonly differs: string }[];
}

/** Before anything runs: throws `capture-table`, `capture-exists`. */
export function checkTable({ append, file }: CaptureTable): void {
  if (!file.toLowerCase().endsWith(".jsonl"))
    throw tallyError("capture-table", { file: shownPath(file), reason: "it is no .jsonl" });
  if (!append && existsSync(file)) throw tallyError("capture-exists", { file: shownPath(file) });
}

/** Throws `capture-exists`, `capture-table`, `out-not-writable`. */
export async function writeTable(cases: readonly WrittenCase[], table: CaptureTable): Promise<Written> {
  return locked(table.file, async () => {
    checkTable(table);
    const before = existsSync(table.file) ? readFileSync(table.file, "utf8") : "";
    const rows = await rowsOf(before, table);
    const byRecord = new Map(rows.map((row) => [keyOf(row), row]));
    const taken = new Set(rows.map(({ name }) => name));
    const added: WrittenCase[] = [];
    const contrary: { row: CaseRow; differs: string }[] = [];
    let known = 0;
    for (const one of cases) {
      const row = byRecord.get(keyOf(one));
      if (row === undefined) added.push({ ...one, name: freeName(one.name, taken) });
      else {
        const differs = contraryTo(row, one, table.contract);
        if (differs === undefined) known += 1;
        else contrary.push({ row, differs });
      }
    }
    if (added.length > 0) {
      const ended = before === "" || before.endsWith("\n") ? before : `${before}\n`;
      replaceFile(table.file, `${ended}${added.map((one) => `${caseLine(one)}\n`).join("")}`);
    }
    return { added, known, contrary };
  });
}

async function rowsOf(text: string, { contract, file }: CaptureTable): Promise<readonly CaseRow[]> {
  if (text.trim() === "") return [];
  const { problems, rows } = await readCaseBytes(Buffer.from(text), file, contract, whyNot);
  const [wrong] = problems;
  if (wrong === undefined) return rows;
  const reason = `it cannot be read: ${wrong.message.replace(/\.$/, "")}`;
  throw tallyError("capture-table", { file: shownPath(file), reason });
}

function keyOf({ input, operation }: { readonly input: string; readonly operation: string }): string {
  return `${operation} ${canonicalJson(readJson(input, { numbers: "text" }))}`;
}

/** A row may expect less than the whole answer, or an error of any type. */
function contraryTo(row: CaseRow, one: WrittenCase, contract: Contract): string | undefined {
  if (row.expect === undefined) return undefined;
  return answersApart(contract, row.operation, writeJson({ ...row.expect }), writeJson({ ...one.expect }), {
    partial: true,
  });
}

function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let n = 2; taken.has(name); n += 1) name = `${wanted} #${n}`;
  taken.add(name);
  return name;
}
