/** The fields of one exchange as lines of a terminal: a table where it fits, one value below the other where it does not. */
import type { FieldRow } from "../field-rows.ts";
import { kindText } from "../field-rows.ts";
import { deltaText, isNumberText, numberText, toleranceText } from "../number-text.ts";
import { clip, clipPair, displayWidth, nearDifference, padTo, visible, visiblePair, wrapText } from "../plain-text.ts";
import type { Paint } from "./paint.ts";

export interface TableOptions {
  readonly paint: Paint;
  readonly columns: number;
  /** Show fields that agree too. */
  readonly all: boolean;
  /** How the side under test is called. */
  readonly side: "candidate" | "answer";
}

/** Rows of one exchange shown at most, unless all are asked for. */
const maxRows = 12;
const indent = 5;
/** Characters of one value looked at; a line holds far fewer. */
const maxValue = 2000;

interface Column {
  readonly title: string;
  readonly cells: readonly string[];
  readonly right: boolean;
}

/** Lines for the fields that matter. */
export function fieldTable(rows: readonly FieldRow[], options: TableOptions): string[] {
  const chosen = rows.filter((row) => options.all || row.state === "mismatch" || row.state === "differs");
  const shown = options.all ? chosen : chosen.slice(0, maxRows);
  if (shown.length === 0) return [];
  const columns = columnsOf(shown, options.side);
  const widths = columns.map(({ title, cells }) => Math.max(displayWidth(title), ...cells.map(displayWidth)));
  const total = indent + widths.reduce((sum, width) => sum + width + 2, 0);
  const lines = total <= options.columns ? table(shown, columns, widths, options) : stacked(shown, options);
  for (const row of shown) if (row.mismatch?.hint !== undefined) lines.push(...hintLines(row, options));
  if (chosen.length > shown.length)
    lines.push(options.paint("dim", `     … ${chosen.length - shown.length} more fields (-v)`));
  return lines;
}

function hintLines(row: FieldRow, { paint, columns }: TableOptions): string[] {
  const field = row.path === "" ? "" : `${visible(row.path)}: `;
  return wrapText(`${field}${visible(row.mismatch?.hint ?? "")}`, columns - 5).map((line) =>
    paint("dim", `     ${line}`),
  );
}

/** A value as shown in a cell: numbers in their shortest form, nothing unseen. */
function valueText(text: string | undefined): string {
  if (text === undefined) return "–";
  return isNumberText(text) ? numberText(text) : visible(text.slice(0, maxValue));
}

function shownPair(row: FieldRow): { readonly wanted: string; readonly got: string } {
  const wanted = row.expected ?? row.reference;
  if (wanted === undefined || row.candidate === undefined || isNumberText(wanted) || isNumberText(row.candidate)) {
    return { wanted: valueText(wanted), got: valueText(row.candidate) };
  }
  const [one, other] = visiblePair(...nearDifference(wanted, row.candidate, maxValue));
  return { wanted: one, got: other };
}

/** What the expected value and the recorded reference say is shown once where they are the same. */
function columnsOf(rows: readonly FieldRow[], side: string): Column[] {
  const expected = rows.some((row) => row.expected !== undefined && !sameValue(row.expected, row.reference));
  const reference = rows.some((row) => row.reference !== undefined);
  const cells: Column[] = [{ title: "field", cells: rows.map((row) => visible(row.path) || "(record)"), right: false }];
  if (expected) {
    cells.push({
      title: "expected",
      cells: rows.map((row) => (row.expected === undefined ? "–" : shownPair(row).wanted)),
      right: true,
    });
  }
  if (reference) {
    const text = (row: FieldRow) =>
      row.expected === undefined || !expected ? shownPair(row).wanted : valueText(row.reference);
    cells.push({ title: "reference", cells: rows.map(text), right: true });
  }
  cells.push({ title: side, cells: rows.map((row) => candidateText(row)), right: true });
  if (rows.some((row) => row.alone !== undefined)) {
    cells.push({ title: "alone", cells: rows.map((row) => valueText(row.alone)), right: true });
  }
  cells.push({ title: "delta", cells: rows.map(deltaCell), right: false });
  return cells;
}

function sameValue(expected: string, reference: string | undefined): boolean {
  if (reference === undefined) return false;
  return (
    expected === reference ||
    (isNumberText(expected) && isNumberText(reference) && Number(expected) === Number(reference))
  );
}

function candidateText(row: FieldRow): string {
  return row.candidate === undefined ? "missing" : shownPair(row).got;
}

function deltaCell(row: FieldRow): string {
  if (row.delta !== undefined) return deltaText(row.delta);
  if (row.mismatch === undefined || row.mismatch.kind === "value" || row.candidate === undefined) return "";
  return kindText(row.mismatch.kind);
}

function mark(row: FieldRow, paint: Paint): string {
  if (row.state === "mismatch") return paint("red", "✗");
  return row.state === "differs" ? paint("yellow", "≠") : " ";
}

function table(
  rows: readonly FieldRow[],
  columns: readonly Column[],
  widths: readonly number[],
  { paint }: TableOptions,
): string[] {
  const line = (cells: readonly string[]) =>
    cells.map((cell, at) => padTo(cell, widths[at] ?? 0, columns[at]?.right === true ? "right" : "left")).join("  ");
  const head = `     ${line(columns.map(({ title }) => title))}`.trimEnd();
  const body = rows.map((row, at) => {
    const text = line(columns.map(({ cells }) => cells[at] ?? "")).trimEnd();
    return `   ${mark(row, paint)} ${row.state === "mismatch" ? paint("bold", text) : text}`;
  });
  return [paint("dim", head), ...body];
}

function stacked(rows: readonly FieldRow[], options: TableOptions): string[] {
  const { paint, columns } = options;
  const width = columns - indent - 13;
  return rows.flatMap((row) => {
    const pair = shownPair(row);
    if (row.state === "same") return [clip(`     ${paint("dim", `${visible(row.path)}  ${pair.got}`)}`, columns)];
    const [wanted, got] =
      row.candidate === undefined ? [clip(pair.wanted, width), "missing"] : clipPair(pair.wanted, pair.got, width);
    const lines = [`   ${mark(row, paint)} ${paint("bold", clip(visible(row.path) || "(record)", columns - indent))}`];
    const add = (title: string, text: string) => lines.push(`       ${paint("dim", padTo(title, 11))}${text}`);
    if (row.expected !== undefined && !sameValue(row.expected, row.reference)) {
      add("expected", wanted);
      if (row.reference !== undefined) add("reference", clip(valueText(row.reference), width));
    } else if (row.reference !== undefined) {
      add("reference", wanted);
    }
    add(options.side, got);
    if (row.alone !== undefined) add("alone", clip(valueText(row.alone), width));
    if (deltaCell(row) !== "") add("delta", deltaCell(row));
    if (row.mismatch?.tolerance !== undefined && row.delta !== undefined)
      add("tolerance", toleranceText(row.mismatch.tolerance));
    return lines;
  });
}
