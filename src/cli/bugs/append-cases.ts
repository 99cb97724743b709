/**
 * Cases at the end of a JSONL table: whole or not at all, and no record twice. What would stand there is read as a run would read it
 * before a byte is written.
 */
import { existsSync, readFileSync } from "node:fs";
import { whyNot } from "../../compare/type-check.ts";
import type { Contract } from "../../contract/contract.ts";
import { type Problem, tallyError } from "../../kernel/errors.ts";
import { readJson } from "../../kernel/read-json.ts";
import { shownPath } from "../../kernel/shown-path.ts";
import { canonicalJson } from "../../kernel/write-json.ts";
import type { CaseRow } from "../../record/case-row.ts";
import { readCaseBytes } from "../../record/read-case-table.ts";
import { caseLine, spacedJson, type WrittenCase } from "../../record/write-case.ts";
import { locked, replaceFile } from "../case-file.ts";

/** A case and where it stands now. */
export interface PlacedCase {
  readonly name: string;
  readonly line: number;
  /** It stood there already. */
  readonly isOld: boolean;
}

export interface Appending {
  readonly file: string;
  readonly contract: Contract;
  /** The name was asked for, so that another must not be taken. */
  readonly isNamed: boolean;
}

/** Adds cases. Throws `keep-conflict`, `keep-name`, `keep-table`, `keep-expect`, `out-not-writable`. */
export async function appendCases(cases: readonly WrittenCase[], appending: Appending): Promise<PlacedCase[]> {
  const { file } = appending;
  if (!file.toLowerCase().endsWith(".jsonl"))
    throw tallyError("keep-table", { file: shownPath(file), reason: "it is no .jsonl" });
  return locked(file, () => append(cases, appending));
}

async function append(cases: readonly WrittenCase[], appending: Appending): Promise<PlacedCase[]> {
  const { contract, file } = appending;
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const before = await rowsOf(text, appending);
  const ended = text === "" || text.endsWith("\n") ? text : `${text}\n`;
  const taken = new Map(before.map((row) => [row.name, row.line]));
  const placed: PlacedCase[] = [];
  const lines: string[] = [];
  let line = ended.split("\n").length;
  for (const one of cases) {
    const old = sameRecord(one, before, file);
    if (old) {
      placed.push({ name: old.name, line: old.line, isOld: true });
      continue;
    }
    const name = freeName(one.name, taken, appending);
    taken.set(name, line);
    placed.push({ name, line, isOld: false });
    lines.push(`${caseLine({ ...one, name })}\n`);
    line += 1;
  }
  if (lines.length === 0) return placed;
  const after = `${ended}${lines.join("")}`;
  const [wrong] = (await readCaseBytes(Buffer.from(after), file, contract, whyNot)).problems;
  if (wrong) throw refused(wrong, cases);
  replaceFile(file, after);
  return placed;
}

async function rowsOf(text: string, { contract, file }: Appending): Promise<readonly CaseRow[]> {
  if (text.trim() === "") return [];
  const { problems, rows } = await readCaseBytes(Buffer.from(text), file, contract, whyNot);
  const [wrong] = problems;
  if (wrong)
    throw tallyError("keep-table", { file: shownPath(file), reason: `it cannot be read: ${withoutStop(wrong)}` });
  return rows;
}

/** What the contract does not allow was said with --expect: the rest comes from answers that were given. */
function refused(wrong: Problem, cases: readonly WrittenCase[]): Error {
  return tallyError("keep-expect", { text: spacedJson(cases[0]?.expect ?? {}), reason: withoutStop(wrong) });
}

function withoutStop({ message }: Problem): string {
  return message.replace(/\.$/, "");
}

function sameRecord(one: WrittenCase, rows: readonly CaseRow[], file: string): CaseRow | undefined {
  const input = canonicalJson(readJson(one.input));
  const same = rows.find((row) => row.operation === one.operation && canonicalJson(readJson(row.input)) === input);
  if (same === undefined) return undefined;
  const spelled = (expect: CaseRow["expect"]): string => (expect === undefined ? "" : canonicalJson({ ...expect }));
  if (spelled(same.expect) === spelled(one.expect) && (one.bug === undefined || one.bug === same.bug)) return same;
  const expect = spelled(same.expect) === spelled(one.expect) ? `the same, as ${same.bug ?? "no bug"}` : undefined;
  const told = expect ?? (same.expect === undefined ? "only the declared types" : spacedJson({ ...same.expect }));
  throw tallyError("keep-conflict", { at: `${shownPath(file)}:${same.line}`, name: same.name, expect: told });
}

function freeName(wanted: string, taken: ReadonlyMap<string, number>, { file, isNamed }: Appending): string {
  const line = taken.get(wanted);
  if (line === undefined) return wanted;
  if (isNamed) throw tallyError("keep-name", { at: `${shownPath(file)}:${line}`, name: wanted });
  for (let n = 2; ; n += 1) if (!taken.has(`${wanted} #${n}`)) return `${wanted} #${n}`;
}
