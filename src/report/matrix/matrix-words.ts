/** What a matrix says in words, the same in the terminal and in HTML. */
import {
  isAccepted,
  isJudged,
  isQuiet,
  isStaleEntry,
  type MatrixCell,
  type MatrixResult,
  type MatrixRow,
  type MatrixSide,
} from "../../verdict/fold-matrix.ts";
import type { Verdict } from "../../verdict/run-event.ts";
import { headlineOf } from "../failure-groups.ts";
import { groupDigits, plural } from "../plain-text.ts";

const signs: Readonly<Record<Verdict, string>> = { pass: "✓", fail: "✗", error: "!", skip: "–", known: "~" };

/** The sign of a cell; `·` where nothing was judged. */
export function signOf(cell: MatrixCell | undefined): string {
  return cell === undefined ? "·" : signs[cell.verdict];
}

/** The verdict of a cell as a word. */
export function wordOf(cell: MatrixCell | undefined): string {
  return cell === undefined ? "not judged" : cell.verdict;
}

/** What a side that did not pass comes down to, in one line. */
export function sideHeadline({ plan }: MatrixRow, cell: MatrixCell | undefined): string {
  if (cell?.judged === undefined) return wordOf(cell);
  return headlineOf({ plan, judged: cell.judged, exchanges: [], logs: [] });
}

/** `2 failed, 12 passed`. */
export function countsOf({ ended }: MatrixSide): string {
  if (ended === undefined) return "broke off";
  const parts = [
    [ended.fail, "failed"],
    [ended.error, ended.error === 1 ? "error" : "errors"],
    [ended.pass, "passed"],
    [ended.skip, "skipped"],
    [ended.known, "known"],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, word]) => `${groupDigits(count)} ${word}`);
  return said.length === 0 ? "nothing judged" : said.join(", ");
}

/** Whether the sides agree. */
export function conclusionOf({ rows: all, sides }: MatrixResult): string {
  const rows = all.filter((row) => !isStaleEntry(row));
  const everywhere = rows.filter(({ cells }) => cells.every((cell) => cell !== undefined && isJudged(cell)));
  const apart = rows.filter((row) => row.parts).length;
  const open = rows.filter((row) => !isQuiet(row)).length - everywhere.filter((row) => !isQuiet(row)).length;
  if (rows.length === 0) return "nothing was judged";
  const accepted = rows.filter(isAccepted).length;
  const stale = all.length - rows.length;
  const rest = [
    ...(open === 0 ? [] : [`${groupDigits(open)} not judged on every side`]),
    ...(accepted === 0 ? [] : [`${plural(accepted, "is", "are")} accepted in the baseline`]),
    ...(stale === 0 ? [] : [`${plural(stale, "entry of the baseline is", "entries of the baseline are")} stale`]),
  ]
    .map((part) => `; ${part}`)
    .join("");
  if (apart > 0) return `the sides part in ${groupDigits(apart)} of ${plural(rows.length, "test")}${rest}`;
  if (everywhere.length === 0) return "no test was judged on every side";
  const each = sides.length === 2 ? "both" : `all ${sides.length}`;
  return `${each} sides agree in ${plural(everywhere.length, "test")}${rest}`;
}

/** Where the failures lie that are accepted on a side. */
export function baselineOf({ started }: MatrixSide): string | undefined {
  return started?.baseline?.file;
}

/** Why a side's failure is accepted, by whom and until when; of one that is not: what the baseline says to it. */
export function noteOf(cell: MatrixCell | undefined): string | undefined {
  return cell?.judged?.baseline === undefined ? undefined : cell.judged.note;
}

/** The id by which a failure is replayed or kept; the same on every side that fails in the same fields. */
export function failureIds({ cells }: MatrixRow): readonly string[] {
  return [...new Set(cells.flatMap((cell) => cell?.judged?.failure ?? []))];
}
