/** A matrix as lines of a terminal. Comes in: the folded matrix and its fields. Goes out: lines of at most `columns`. */
import {
  isAccepted,
  isQuiet,
  isStaleEntry,
  type MatrixResult,
  type MatrixRow,
  type MatrixSide,
} from "../../verdict/fold-matrix.ts";
import {
  clip,
  clipStart,
  displayWidth,
  duration,
  groupDigits,
  plural,
  visible,
  visibleBlock,
  wrapText,
} from "../plain-text.ts";
import type { Paint } from "../terminal/paint.ts";
import type { MatrixField, MatrixFields } from "./matrix-fields.ts";
import { baselineOf, conclusionOf, countsOf, failureIds, noteOf, sideHeadline, signOf } from "./matrix-words.ts";

export interface MatrixTerminal {
  readonly paint: Paint;
  readonly columns: number;
  readonly verbosity: "quiet" | "normal" | "verbose";
  /** Where the report was written. */
  readonly html: string | undefined;
}

/** Tests shown with their fields, and tests shown at all, unless all are asked for. */
const maxBlocks = 10;
const maxRows = 100;
const maxFields = 12;

export function matrixLines(result: MatrixResult, fields: MatrixFields, options: MatrixTerminal): string[] {
  const { html, verbosity } = options;
  const shown = verbosity === "verbose" ? result.rows : result.rows.filter((row) => !isQuiet(row));
  const most = verbosity === "verbose" ? shown.length : maxBlocks;
  const loud = shown.filter((row) => !isQuiet(row));
  const blocks = loud.filter((row) => !isAccepted(row)).slice(0, most);
  const known = loud.filter(isAccepted).slice(0, most);
  const sections =
    verbosity === "quiet"
      ? []
      : [
          headerLines(result, options),
          tableLines(result, shown, options),
          ...blocks.map((row) => blockLines(result, row, fields.get(row.plan.id) ?? [], options)),
          known.flatMap((row) => knownLines(result, row, options)),
        ];
  const lines = [...sections, summaryLines(result, options)].filter((section) => section.length > 0);
  const spaced = lines.flatMap((section, at) => (at === 0 ? section : ["", ...section]));
  return html === undefined ? spaced : [...spaced, ` report  ${visible(html)}`];
}

function headerLines({ sides }: MatrixResult, { columns, paint }: MatrixTerminal): string[] {
  const suite = sides.find(({ started }) => started !== undefined)?.started?.suite;
  const digest = suite?.digest.replace(/^(sha256:)?([0-9a-f]{12})[0-9a-f]*$/, "$1$2") ?? "";
  const about = [suite?.version ?? "", digest].filter((part) => part !== "").map(visible);
  const width = widest(sides.map(({ name }) => name));
  return [
    ` ${paint("bold", visible(suite?.name ?? "suite"))} ${paint("dim", about.join(" · "))}`.trimEnd(),
    ...sides.map((side) => {
      const { name, started } = side;
      const [endpoint] = started?.endpoints ?? [];
      const baseline = baselineOf(side);
      const more = [
        ...(endpoint?.role === "reference" ? ["reference"] : []),
        ...(endpoint?.version === undefined ? [] : [endpoint.version]),
        ...(baseline === undefined ? [] : [`baseline ${baseline}`]),
      ];
      return clip(
        ` ${visible(name).padEnd(width)}  ${visible(endpoint?.url ?? "")}  ${more.map(visible).join(" ")}`.trimEnd(),
        columns,
      );
    }),
  ];
}

/** A line for each test, a column for each side. */
function tableLines({ sides }: MatrixResult, rows: readonly MatrixRow[], options: MatrixTerminal): string[] {
  if (rows.length === 0) return [];
  const { columns, paint, verbosity } = options;
  const names = sides.map(({ name }) => clip(visible(name), 12));
  const table = names.reduce((sum, name) => sum + displayWidth(name) + 2, 0);
  const room = Math.max(16, columns - table - 4);
  const lines = [`${" ".repeat(room + 3)}${names.map((name) => `  ${name}`).join("")}`];
  const most = verbosity === "verbose" ? rows.length : maxRows;
  let file = "";
  for (const { cells, plan } of rows.slice(0, most)) {
    if (plan.file !== file) lines.push(` ${paint("bold", clip(visible(plan.file), columns - 1))}`);
    file = plan.file;
    const name = clipStart(visible(nameOf(plan)), room - (plan.bug === undefined ? 0 : plan.bug.length + 1));
    const label = `${name}${plan.bug === undefined ? "" : ` ${visible(plan.bug)}`}`;
    const signs = cells.map((cell, i) => {
      const ink =
        cell?.verdict === "pass" ? "green" : cell?.verdict === "fail" || cell?.verdict === "error" ? "red" : "yellow";
      return `  ${paint(ink, signOf(cell))}${" ".repeat(Math.max(0, displayWidth(names[i] ?? "") - 1))}`;
    });
    lines.push(`   ${label}${" ".repeat(Math.max(0, room - displayWidth(label)))}${signs.join("")}`.trimEnd());
  }
  if (rows.length > most) lines.push(paint("dim", `   … ${groupDigits(rows.length - most)} more (-v shows all)`));
  return lines;
}

/** Names below the file. */
function nameOf({ file, id }: MatrixRow["plan"]): string {
  return id.startsWith(`${file} > `) ? id.slice(file.length + 3) : id;
}

function blockLines(
  { sides }: MatrixResult,
  row: MatrixRow,
  fields: readonly MatrixField[],
  { columns, paint }: MatrixTerminal,
): string[] {
  const ids = failureIds(row).join(" ");
  const room = columns - 4 - displayWidth(ids);
  const lines = [` ${paint("red", "✗")} ${clipStart(visible(row.plan.id), room)} ${paint("dim", ids)}`.trimEnd()];
  let input: string | undefined;
  for (const field of fields.slice(0, maxFields)) {
    if (field.input !== undefined && field.input !== input)
      lines.push(clip(`   ${visible(field.operation)} ${visible(field.input)}`, columns));
    input = field.input;
    lines.push(...fieldLines(sides, field, { columns, paint }));
  }
  if (fields.length > maxFields) lines.push(`     … ${groupDigits(fields.length - maxFields)} more fields`);
  const width = widest(sides.map(({ name }) => name));
  row.cells.forEach((cell, i) => {
    if (cell?.verdict === "pass" || (cell === undefined && (fields.length > 0 || isStaleEntry(row)))) return;
    const head = `     ${visible(sides[i]?.name ?? "").padEnd(width)}  `;
    const headline = sideHeadline(row, cell);
    const note = noteOf(cell);
    const isSaid = note === undefined || headline.includes(note);
    if ((cell?.judged?.mismatches.length ?? 0) === 0)
      lines.push(
        ...(isSaid && note !== undefined
          ? noteLines(head, headline, columns)
          : [clip(head + visible(headline), columns)]),
      );
    if (!isSaid) lines.push(...noteLines(head, note, columns));
  });
  return lines;
}

/** Accepted failures in short: which side fails how, and why that is accepted. */
function knownLines({ sides }: MatrixResult, row: MatrixRow, { columns, paint }: MatrixTerminal): string[] {
  const width = widest(sides.map(({ name }) => name));
  const lines = [` ${paint("yellow", "~")} ${clipStart(visible(row.plan.id), columns - 3)}`];
  row.cells.forEach((cell, i) => {
    if (cell?.verdict !== "known") return;
    const head = `     ${visible(sides[i]?.name ?? "").padEnd(width)}  `;
    lines.push(
      clip(head + visible(sideHeadline(row, cell)), columns),
      ...noteLines(" ".repeat(head.length), noteOf(cell) ?? "", columns).map((line) => paint("dim", line)),
    );
  });
  return lines;
}

function noteLines(head: string, note: string, columns: number): string[] {
  const room = Math.max(20, columns - displayWidth(head));
  return wrapText(visible(note), room).map((line, at) => (at === 0 ? head : " ".repeat(displayWidth(head))) + line);
}

/** A field with a line for what is expected and one for each side: values may be long, and stay comparable one above the other. */
function fieldLines(
  sides: readonly MatrixSide[],
  field: MatrixField,
  { columns, paint }: Pick<MatrixTerminal, "columns" | "paint">,
): string[] {
  const width = widest(["expected", ...sides.map(({ name }) => name)]);
  const expected = field.expected === undefined ? [] : [["expected", field.expected, ""] as const];
  const values = sides.map(
    ({ name }, i) => [name, field.values[i] ?? "–", field.wrong[i] === true ? "✗" : ""] as const,
  );
  return [
    `     ${paint("bold", clip(visible(field.path || "(record)"), columns - 5))}`,
    ...[...expected, ...values].map(([name, value, sign]) => {
      const line = clip(`${visible(name).padEnd(width)}  ${visible(value)}`, columns - 9);
      return sign === "" ? `       ${line}` : `     ${paint("red", sign)} ${paint("red", line)}`;
    }),
  ];
}

function summaryLines(result: MatrixResult, { columns, paint }: MatrixTerminal): string[] {
  const { rows, sides } = result;
  const width = widest(sides.map(({ name }) => name));
  const lines = sides.flatMap(({ ended, name, problem, ...side }) => {
    const time = ended === undefined ? "" : ` in ${duration(ended.ms)}`;
    const counts = countsOf({ ended, name, problem, ...side });
    const line = ` ${visible(name).padEnd(width)}  ${counts}${time}`;
    const why =
      ended?.stopped === undefined ? [] : wrapText(visible(ended.stopped), columns - 4).map((text) => `    ${text}`);
    return [line, ...why, ...(problem ? problemLines(problem, columns, paint) : [])];
  });
  const quiet = rows.filter((row) => row.cells.every((cell) => cell?.verdict === "pass")).length;
  const everywhere = quiet === 0 || quiet === rows.length ? "" : `; ${plural(quiet, "passes", "pass")} everywhere`;
  const said = wrapText(`${conclusionOf(result)}${everywhere}`, columns - 1);
  return [...lines, ...said.map((line) => ` ${paint("bold", line)}`)];
}

function problemLines(problem: NonNullable<MatrixSide["problem"]>, columns: number, paint: Paint): string[] {
  const { code, detail, hint, message } = problem;
  const more =
    detail === undefined
      ? []
      : visibleBlock(detail)
          .trimEnd()
          .split("\n")
          .map((line) => `    | ${line}`);
  return [
    ...wrapText(`error[${code}]: ${visible(message)}`, columns - 4).map((line) => paint("red", `    ${line}`)),
    ...more,
    ...wrapText(`hint: ${visible(hint)}`, columns - 6).map((line) => `      ${line}`),
  ];
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => displayWidth(visible(text))));
}
