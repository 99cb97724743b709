/** The progress board of a port, as lines of a terminal: operations and fields with the share of records that agree. */
import type { BoardField } from "../../verdict/run-event.ts";
import { barCells } from "../number-text.ts";
import { clip, displayWidth, groupDigits, padTo, visible } from "../plain-text.ts";
import type { Paint } from "./paint.ts";

const barWidth = 20;

/** Lines of the board; nothing where nothing was compared, one line where all fields agree. */
export function boardLines(board: readonly BoardField[], waiting: ReadonlyMap<string, number>, paint: Paint): string[] {
  if (board.length === 0) return [];
  const open = board.filter((field) => !field.implemented || field.agree < field.compared);
  const records = Math.max(...board.map(({ compared }) => compared));
  if (open.length === 0) {
    const said = board.length === 1 ? "the one field agrees" : `all ${board.length} fields agree`;
    return records === 0
      ? []
      : [` ${said} with the reference over ${groupDigits(records)} ${records === 1 ? "record" : "records"}`];
  }
  const operations = Map.groupBy(board, ({ operation }) => operation);
  const nameWidth = Math.min(20, Math.max(...[...operations.keys()].map((name) => displayWidth(visible(name)))));
  const fieldWidth = Math.min(24, Math.max(...board.map(({ field }) => displayWidth(visible(field)))));
  const lines = [paint("bold", " progress")];
  for (const [operation, fields] of operations) {
    const name = padTo(clip(visible(operation), nameWidth), nameWidth);
    if (fields.every(({ implemented }) => !implemented)) {
      lines.push(`   ${name}  ${paint("yellow", "not implemented yet")}${waitingText(waiting.get(operation))}`);
      continue;
    }
    for (const [at, field] of fields.entries()) {
      lines.push(`   ${at === 0 ? name : " ".repeat(nameWidth)}  ${fieldLine(field, fieldWidth, paint)}`);
    }
  }
  return lines;
}

function waitingText(tests: number | undefined): string {
  if (tests === undefined) return "";
  return tests === 1 ? " (1 test waits for it)" : ` (${groupDigits(tests)} tests wait for it)`;
}

function fieldLine({ field, agree, compared, implemented }: BoardField, width: number, paint: Paint): string {
  const name = padTo(clip(visible(field), width), width);
  if (!implemented) return `${name}  ${paint("yellow", "not implemented yet")}`;
  if (compared === 0) return `${name}  ${paint("dim", "nothing compared")}`;
  const full = barCells(agree, compared, barWidth);
  const bar =
    paint(agree === compared ? "green" : "yellow", "█".repeat(full)) + paint("dim", "░".repeat(barWidth - full));
  return `${name}  ${bar}  ${groupDigits(agree)} of ${groupDigits(compared)}`;
}
